"""Does the background work: batches, reminders, and what is to be told."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections

from observations import jobs

GRACE = 5  # seconds to end what is under way; what is cut off is taken up again by its claim
_STOPPING = {signal.SIGTERM, signal.SIGINT}
_ENDED = signal.SIGCHLD


class Command(BaseCommand):
    """Keeps `WORKERS` processes at work: one that dies is replaced, and all end with this one."""

    help = __doc__

    def handle(self, **options: Any) -> None:
        connections.close_all()  # a fork would share them
        signal.pthread_sigmask(signal.SIG_BLOCK, {*_STOPPING, _ENDED})  # read one by one
        workers = [_start() for _ in range(settings.WORKERS)]
        while signal.sigwait({*_STOPPING, _ENDED}) == _ENDED:
            time.sleep(1)  # one that dies at once is not started a thousand times
            workers = [row if row.is_alive() else _start() for row in workers]
        for row in workers:
            row.terminate()
        end = time.monotonic() + GRACE
        for row in workers:
            row.join(max(0, end - time.monotonic()))
            row.kill()
            row.join()


def _start() -> BaseProcess:
    worker = multiprocessing.get_context("fork").Process(target=_work)
    worker.start()
    return worker


def _work() -> None:
    """Ends when it is told to, or when the command that keeps it is gone."""
    keeper, told = os.getppid(), threading.Event()
    for number in _STOPPING:
        signal.signal(number, lambda *_: told.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {*_STOPPING, _ENDED})

    def rest(seconds: float) -> None:
        close_old_connections()  # the database may have restarted
        told.wait(seconds)

    jobs.work(lambda: told.is_set() or os.getppid() != keeper, rest)
