"""Many at once, a database that restarts, a machine that stops: others are served, and work goes on."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.server import IS_POSTGRES, Browser, Server, wait_for

SIGN_IN = "/comptes/login/"
DRAFTS = 300  # more than the server has threads
DRAFT = "/lieux/arche/2025/apercu.pdf"
FOUND_AGAIN = 5  # seconds after PostgreSQL is back


def test_hundreds_of_drafts_leave_public_pages_alone(server):
    browser, reader = server.browser(), Browser(server.port)
    answers: list[tuple[int, str]] = []

    def drawn() -> int:
        return sum(status == 200 for status, _ in answers)

    def ask(_: int) -> None:
        answers.append(browser.get(DRAFT))

    with ThreadPoolExecutor(DRAFTS) as pool:
        asked = [pool.submit(ask, rank) for rank in range(DRAFTS)]
        wait_for(lambda: bool(answers))
        before = drawn()
        assert reader.get("/")[0] == 200
        # A page takes a tenth of a PDF; behind the queue, it would have waited for a hundred.
        assert drawn() - before < 10
    assert all(future.exception() is None for future in asked)
    assert {status for status, _ in answers} == {200, 503}
    assert drawn() >= 2
    refused = [page for status, page in answers if status == 503]
    assert all("Plusieurs PDF sont en préparation" in page for page in refused)


@pytest.mark.skipif(not IS_POSTGRES, reason="SQLite is a file: it does not restart")
def test_database_that_restarts_is_found_again(server, cluster):
    asked: list[tuple[float, int]] = []
    is_over = threading.Event()

    def ask(_: int) -> int:
        return Browser(server.port).get("/")[0]

    def keep_asking() -> None:
        while not is_over.is_set():
            asked.append((time.monotonic(), ask(0)))

    with ThreadPoolExecutor(60) as pool:
        assert set(pool.map(ask, range(600))) == {200}
    with cluster.connect() as other:
        count = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        assert other.execute(count).fetchone()[0] > 10, "few connections can die: it proves nothing"
    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(keep_asking)
        cluster.crash()
        time.sleep(1)
        cluster.start()
        found_again = time.monotonic() + FOUND_AGAIN
        wait_for(lambda: len([at for at, _ in asked if at > found_again + FOUND_AGAIN]) > 2)
        is_over.set()
    after = [status for at, status in asked if at > found_again]
    assert set(after) == {200}
    assert len(after) > 20


SEEN = """
CREATE TABLE seen (statement_timeout text);
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO seen SELECT current_setting('statement_timeout'); RETURN NEW; END $$;
CREATE TRIGGER see BEFORE INSERT ON observations_observation EXECUTE FUNCTION see();
"""
SHOW = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(*cursor.fetchone())
"""


@pytest.mark.skipif(not IS_POSTGRES, reason="SQLite has no such limit")
def test_page_has_a_limit_of_time_and_a_command_has_none(server, cluster):
    assert server.manage("shell", "-v", "0", "-c", SHOW).strip() == "0"
    with cluster.connect(autocommit=True) as other:
        other.execute(SEEN)
        assert server.browser().save("sante", {"version": 0, "note": "Une note."})[0] == 200
        seen = other.execute("SELECT statement_timeout FROM seen").fetchall()
        other.execute("DROP FUNCTION see CASCADE; DROP TABLE seen")
    assert seen == [("15s",)]


@pytest.fixture(scope="module")
def proxied(cluster, server):
    """The same, started behind the proxy that docs/operations.md describes."""
    server.kill()
    server.environment["BEHIND_PROXY"] = "true"
    server.restart()
    yield server
    server.kill()
    del server.environment["BEHIND_PROXY"]
    server.restart()


def answers_of(visitor: Browser, tries: int, forwarded: Callable[[int], str]) -> list[int]:
    """Of the sign-in, to forms that lack a password: they count, and nothing is compared."""
    token = visitor.token(visitor.get(SIGN_IN)[1])
    statuses = []
    for rank in range(tries):
        visitor.headers["X-Forwarded-For"] = forwarded(rank)
        statuses.append(visitor.request("POST", SIGN_IN, {"csrfmiddlewaretoken": token})[0])
    return statuses


def test_visitors_behind_the_proxy_have_each_their_own_limit(proxied):
    """What a visitor claims comes before what the proxy adds, and does not count."""
    visitor, other = Browser(proxied.port), Browser(proxied.port)
    first = answers_of(visitor, 40, lambda rank: f"203.0.113.{rank}, 198.51.100.1")
    assert first == [200] * 30 + [429] * 10
    assert answers_of(other, 3, lambda rank: "198.51.100.1, 198.51.100.2") == [200] * 3
    assert answers_of(other, 1, lambda rank: "198.51.100.1") == [429]


@pytest.mark.parametrize(
    "forwarded", [None, "", "unknown", ",", "198.51.100.1, x", "é", "9" * 5000]
)
def test_header_that_is_not_an_address_is_no_error(forwarded, proxied):
    visitor = Browser(proxied.port)
    token = visitor.token(visitor.get(SIGN_IN)[1])
    if forwarded is not None:
        visitor.headers["X-Forwarded-For"] = forwarded
    status, _ = visitor.request("POST", SIGN_IN, {"csrfmiddlewaretoken": token})
    assert status in (200, 400, 403)


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid, *(found for child in children for found in family(child))]


def state_of(pid: int) -> str:
    """As Linux says it: T is stopped, Z is dead and not buried."""
    status = Path(f"/proc/{pid}/status")
    return status.read_text().partition("State:\t")[2][:1] if status.exists() else "Z"


def is_alive(pid: int) -> bool:
    return state_of(pid) != "Z"


def work(server: Server) -> tuple[subprocess.Popen, list[int]]:
    """`manage.py work`, and its processes once it is at work: itself and two."""
    process = server.start("work")
    wait_for(lambda: len(family(process.pid)) >= 3)
    return process, family(process.pid)


TIMES = 20


@pytest.mark.parametrize("reached", ["group", "unit", "first", "stuck"])
def test_worker_that_is_told_to_stop_stops(reached, server):
    """Whichever of its processes are told, and with one that hears nothing; each a few times."""
    for _ in range(TIMES // 4):
        process, members = work(server)
        try:
            if reached == "stuck":
                os.kill(members[1], signal.SIGSTOP)
                wait_for(lambda stuck=members[1]: state_of(stuck) == "T")
            if reached == "group":
                os.killpg(process.pid, signal.SIGTERM)
            else:  # systemd tells each process of the unit, by default
                for pid in members[:1] if reached == "first" else members:
                    os.kill(pid, signal.SIGTERM)
            assert process.wait(timeout=10) == 0
            assert not [pid for pid in members if is_alive(pid)]
        finally:
            for pid in filter(is_alive, members):
                os.kill(pid, signal.SIGKILL)
            process.wait()


def test_worker_that_dies_is_replaced_and_none_outlives_the_command(server):
    process, (first, second, third) = work(server)
    try:
        os.kill(second, signal.SIGKILL)
        wait_for(lambda: len({*family(first)} - {second}) == 3)
        members = {*family(first)} | {third}
        process.kill()
        process.wait()
        wait_for(lambda: not [pid for pid in members if is_alive(pid)])
    finally:
        for pid in filter(is_alive, members):
            os.kill(pid, signal.SIGKILL)


HAPPENS = """
from observations.enums import EventKind
from observations.models import AnnualReport
from observations.services.outbox import record
record(EventKind.SUBMITTED, AnnualReport.objects.first(), None)
"""
UNTOLD = "from observations.models import Event; print(Event.objects.filter(is_handed_out=False).count())"


@pytest.mark.skipif(not IS_POSTGRES, reason="SQLite is a file: it does not restart")
def test_worker_goes_on_after_the_database_restarted(server, cluster):
    process, _ = work(server)
    try:
        cluster.crash()
        cluster.start()
        server.manage("shell", "-v", "0", "-c", HAPPENS)
        wait_for(lambda: server.manage("shell", "-v", "0", "-c", UNTOLD).strip() == "0")
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
