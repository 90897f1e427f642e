"""The background work, by its queue: the only importer of django-q2."""

import os
import socket
from uuid import UUID

from django_q.models import Schedule
from django_q.tasks import async_task

from observations.exchange.tables import forget_old_tables
from observations.models import Batch
from observations.services import batches, campaign

WORKERS_AT_ONCE = 8


def enqueue_batch(batch: Batch) -> None:
    """Asks workers for it; those that find nothing left to do leave at once."""
    _enqueue(batch.pk, min(WORKERS_AT_ONCE, batch.items.count()))


def _enqueue(pk: UUID, workers: int) -> None:
    for _ in range(workers):
        async_task("observations.jobs.work_on", str(pk))


def work_on(pk: str) -> None:
    batches.work_on(UUID(pk), f"{socket.gethostname()[:50]}:{os.getpid()}")


def enqueue_reminders() -> None:
    async_task("observations.jobs.send_reminders")


def send_reminders() -> None:
    campaign.send_waiting_reminders()


def tidy() -> None:
    """Every minute: takes up what a dead worker left, deletes what is too old."""
    campaign.send_waiting_reminders()
    for pk in batches.unfinished():
        _enqueue(pk, 1)
    batches.forget_old_batches()
    forget_old_tables()


def keep_schedule() -> None:
    Schedule.objects.update_or_create(
        name="tidy",
        defaults={
            "func": "observations.jobs.tidy",
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
        },
    )
