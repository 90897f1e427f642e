"""Does the background work: batches and reminders asked by the network's staff."""

import multiprocessing
import os
import signal
from contextlib import suppress
from multiprocessing.process import BaseProcess
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

from observations import jobs

GRACE = 5  # seconds to end what is under way; what is cut off is taken up again by its lease
_STOPPING = {signal.SIGTERM, signal.SIGINT}
_ENDED = {signal.SIGCHLD}


class Command(BaseCommand):
    """Keeps the queue's processes in a session of their own, and ends them all.

    The queue ends well when its first process alone is told to. When all are told at once, as systemd
    does, some die while they hold what the others wait for, for ever.
    """

    help = __doc__

    def handle(self, **options: Any) -> None:
        jobs.keep_schedule()
        connection.close()  # a fork would share it
        signal.pthread_sigmask(
            signal.SIG_BLOCK, _STOPPING | _ENDED
        )  # they wait until they are read
        queue = multiprocessing.get_context("fork").Process(target=_run_queue)
        queue.start()
        if signal.sigwait(_STOPPING | _ENDED) in _STOPPING:
            queue.terminate()
            signal.sigtimedwait(_ENDED, GRACE)
            _kill_what_is_left(queue)
        else:
            _kill_what_is_left(queue)
            raise CommandError("La file des travaux s’est arrêtée : relancez cette commande.")


def _run_queue() -> None:
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING | _ENDED)
    call_command("qcluster")


def _kill_what_is_left(queue: BaseProcess) -> None:
    assert queue.pid is not None
    with suppress(ProcessLookupError):
        os.killpg(queue.pid, signal.SIGKILL)
    queue.kill()
    queue.join()
