"""The background work: what a worker looks for, again and again, until it is told to stop.

All of it is rows: reminders to send, batches, events to deliver. Workers share them by claims that
a dead one loses, so that nothing is asked of a queue.
"""

import logging
import os
import socket
import time
from collections.abc import Callable

from observations.exchange.tables import forget_old_tables
from observations.listeners import every_listener
from observations.services import batches, campaign, outbox

POLL = 1  # seconds between two looks when there is nothing to do
A_MINUTE = 60

_log = logging.getLogger(__name__)


def work(is_over: Callable[[], bool], rest: Callable[[float], object]) -> None:
    """`rest`: waits that many seconds, or until it is over."""
    worker = f"{socket.gethostname()[:50]}:{os.getpid()}"
    tidied = float(-A_MINUTE)
    while not is_over():
        try:
            if time.monotonic() - tidied >= A_MINUTE:
                tidy()
                tidied = time.monotonic()
            if not do_next(worker, is_over):
                rest(POLL)
        except Exception:  # the database restarts, the disk is full: it is taken up again
            _log.exception("Work stopped half-way.")
            rest(POLL)


def do_next(worker: str, is_over: Callable[[], bool] = lambda: False) -> bool:
    """Whether there was something to do. What is quick goes first."""
    listeners = every_listener()
    if outbox.hand_out(listeners) or outbox.deliver_next(listeners):
        return True
    if campaign.send_waiting_reminders():
        return True
    if (pk := batches.next_to_do()) is None:
        return False
    batches.work_on(pk, worker, is_over)
    return True


def tidy() -> None:
    """Deletes what is too old."""
    batches.forget_old_batches()
    forget_old_tables()
