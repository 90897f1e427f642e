"""Events on their way to whoever listens: written down with the act, delivered by the worker.

A listener is a function of an event, in a file of `observations/listeners/`. What it writes in the
database is kept with the delivery or not at all. One that fails is asked again, later and later.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from observations.enums import EventKind
from observations.models import AnnualReport, Delivery, Event, User

Listener = Callable[[Event], None]
RETRIES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)
)  # then it is given up
_AT_ONCE = 100  # events handed out in one transaction

_log = logging.getLogger(__name__)


def record(kind: EventKind, report: AnnualReport, by: User | None, **about: object) -> Event:
    """In the transaction of what happened."""
    return Event.objects.create(kind=kind.value, report=report, by=by, about=about)


def hand_out(listeners: Mapping[str, Listener]) -> int:
    """One delivery an event and listener. Who comes to listen later is told of what follows."""
    waiting = Event.objects.filter(is_handed_out=False)
    if not waiting.exists():  # most of the time: no transaction for it
        return 0
    with transaction.atomic():
        events = list(waiting.select_for_update(skip_locked=True)[:_AT_ONCE])
        Delivery.objects.bulk_create(
            Delivery(event=event, listener=name) for event in events for name in listeners
        )
        Event.objects.filter(pk__in=[event.pk for event in events]).update(is_handed_out=True)
    return len(events)


def deliver_next(listeners: Mapping[str, Listener]) -> bool:
    """Whether there was one to deliver. A worker that dies in the middle leaves it as it was."""
    due = Delivery.objects.filter(due_at__lte=timezone.now(), listener__in=listeners)
    if not due.exists():
        return False
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True, of=("self",))
        row = rows.select_related("event__report__site", "event__by").first()
        if row is None:
            return False
        row.tries += 1
        try:
            with transaction.atomic():
                listeners[row.listener](row.event)
            row.due_at, row.error = None, ""
        except Exception as error:  # whatever a listener does, the others are told
            _log.exception("%s", row)
            row.error = repr(error)
            is_over = row.tries > len(RETRIES)
            row.due_at = None if is_over else timezone.now() + RETRIES[row.tries - 1]
        row.save(update_fields=["tries", "due_at", "error"])
    return True
