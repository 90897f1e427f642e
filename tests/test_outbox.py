"""What happens is told to whoever listens: once, later when it failed, and beside the others."""

import json
import signal
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from observations import jobs, listeners
from observations.enums import EventKind
from observations.models import Delivery, Event, Site
from observations.services import outbox


@pytest.fixture
def event(le_wip, manager) -> Event:
    return outbox.record(EventKind.SUBMITTED, le_wip, manager, round=1)


def told_to(listening: dict[str, outbox.Listener]) -> int:
    """How many deliveries were tried until nothing is due."""
    outbox.hand_out(listening)
    return next(rank for rank in count() if not outbox.deliver_next(listening))


def test_each_listener_is_told_once(event, manager):
    heard: list[tuple[str, Event]] = []
    listening = {name: (lambda row, name=name: heard.append((name, row))) for name in ("a", "b")}
    assert told_to(listening) == 2
    assert told_to(listening) == 0
    assert heard == [("a", event), ("b", event)]
    assert (heard[0][1].by, heard[0][1].about) == (manager, {"round": 1})
    assert not Delivery.objects.exclude(due_at=None).exists()


def test_who_comes_later_is_told_of_what_follows(event, le_wip):
    assert told_to({}) == 0
    heard: list[Event] = []
    assert told_to({"late": heard.append}) == 0
    following = outbox.record(EventKind.RETURNED, le_wip, None)
    assert told_to({"late": heard.append}) == 1
    assert heard == [following]


def test_one_that_fails_is_asked_later_and_stops_nobody(event, caplog):
    heard: list[Event] = []

    def fail(_: Event) -> None:
        Site.objects.update(name="À moitié")
        raise ConnectionError("no mail server")

    listening = {"fails": fail, "hears": heard.append}
    tries = []
    for _ in range(20):
        tries.append(told_to(listening))
        Delivery.objects.exclude(due_at=None).update(due_at=timezone.now())
    assert sum(tries) == 1 + 1 + len(outbox.RETRIES)  # it is given up
    assert heard == [event]
    assert Site.objects.get().name == "Le WIP"
    row = Delivery.objects.get(listener="fails")
    assert (row.due_at, row.tries) == (None, 1 + len(outbox.RETRIES))
    assert "no mail server" in row.error
    assert "no mail server" in caplog.text


def test_one_that_failed_waits_longer_each_time(event):
    def fail(_: Event) -> None:
        raise OSError

    waits = []
    for _ in outbox.RETRIES:
        told_to({"fails": fail})
        due = Delivery.objects.get().due_at
        waits.append(due - timezone.now())
        assert told_to({"fails": fail}) == 0
        Delivery.objects.update(due_at=timezone.now())
    for wait, wanted in zip(waits, outbox.RETRIES, strict=True):
        assert wanted - timedelta(seconds=30) < wait <= wanted


def test_listener_is_a_file(event, tmp_path, monkeypatch):
    """The worker finds it and tells it."""
    (tmp_path / "noticed.py").write_text(
        "from observations.models import Site\n\n\n"
        "def deliver(event):\n    Site.objects.update(name=event.kind)\n"
    )
    monkeypatch.setattr(listeners, "__path__", [str(tmp_path)])
    while jobs.do_next("a worker"):
        pass
    assert Site.objects.get().name == "submitted"


RECORD = """
from observations.enums import EventKind
from observations.models import AnnualReport, Event
from observations.services.outbox import record
Event.objects.all().delete()
for _ in range(40):
    record(EventKind.SUBMITTED, AnnualReport.objects.first(), None)
"""
# Each delivery adds a line, and a row in the same transaction. The first worker dies in its first one,
# beside the second, which begins when that line is there.
DELIVER = """
import os, signal
from pathlib import Path
from observations.models import Campaign
from observations.services.outbox import deliver_next, hand_out
lines, go = Path("{lines}"), Path("{go}")
while not go.exists():
    pass
def deliver(event):
    Campaign.objects.create(year=10_000 + event.pk)
    with lines.open("a") as file:
        print(event.pk, file=file)
    if {dies}:
        os.kill(os.getpid(), signal.SIGKILL)
hand_out({{"noticed": deliver}})
while deliver_next({{"noticed": deliver}}):
    pass
"""
DONE = """
import json
from observations.models import Campaign, Delivery
print(json.dumps([
    Delivery.objects.filter(due_at=None, error="").count(),
    Delivery.objects.count(),
    Campaign.objects.filter(year__gt=10_000).count(),
]))
"""


def test_two_workers_one_of_which_is_killed_tell_each_event_once(server, tmp_path):
    """Once in the database; what left before the kill (a line, a mail) leaves once more at most."""
    server.manage("shell", "-v", "0", "-c", RECORD)
    lines, at_once = tmp_path / "lines", tmp_path
    workers = [
        server.start("shell", "-v", "0", "-c", DELIVER.format(lines=lines, go=go, dies=dies))
        for go, dies in ((at_once, True), (lines, False))
    ]
    assert workers[0].wait(timeout=60) == -signal.SIGKILL
    workers[1].wait(timeout=60)
    server.manage("shell", "-v", "0", "-c", DELIVER.format(lines=lines, go=at_once, dies=False))
    assert json.loads(server.manage("shell", "-v", "0", "-c", DONE)) == [40, 40, 40]
    told = lines.read_text().split()
    assert len({*told}) == 40
    assert len(told) <= 41


def test_delivery_that_another_worker_took_meanwhile_is_left_to_it(event, monkeypatch):
    heard: list[Event] = []
    outbox.hand_out({"hears": heard.append})
    begin = outbox.transaction.atomic

    def meanwhile():
        Delivery.objects.update(due_at=None)
        return begin()

    monkeypatch.setattr(outbox.transaction, "atomic", meanwhile)
    assert not outbox.deliver_next({"hears": heard.append})
    assert heard == []
