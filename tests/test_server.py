"""Saves that were acknowledged survive the server, the database and the disk; others are said lost."""

import json
import resource
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path
from uuid import uuid4

import pytest

from tests.server import IS_POSTGRES, PASSWORD, TEAM, Browser, Server, wait_for

SAVES = 5  # of each effect, at least, before each fall
EFFECTS = ("sante", "solidarite", "reseau", "entretien")
TICKS = {
    "sante": ("q-effets", ("confiance", "relations")),
    "solidarite": ("q-types", ("biens", "espaces")),
    "reseau": ("q-types", ("projet", "thematique")),
    "entretien": ("q-ameliorations", ("respect", "attractivite")),
}
STATE = """
import json
from observations import queries
from observations.composer.comparing import snapshot
from observations.models import Observation
print(json.dumps({row.effect.code: {
    "version": row.version, "note": row.note,
    "said": snapshot.write(queries.observation_input(row)),
    "versions": {v.number: v.said for v in row.versions.all()},
} for row in Observation.objects.select_related("effect")}))
"""


def state(server: Server) -> dict:
    return json.loads(server.manage("shell", "-v", "0", "-c", STATE))


class Writer(threading.Thread):
    """Saves one effect again and again, and keeps the list of what was acknowledged."""

    def __init__(self, server: Server, code: str, acknowledged: dict) -> None:
        super().__init__()
        self.browser, self.code, self.acknowledged = server.browser(), code, acknowledged
        self.version = max(acknowledged, default=0)

    def run(self) -> None:
        name, ticks = TICKS[self.code]
        try:
            while True:
                note = f"{self.code} " * 200 + str(self.version + 1)
                form = {"version": self.version, "note": note, name: ticks[self.version % 2]}
                status, answer = self.browser.save(self.code, form)
                if status == 409:  # written, and the answer was lost with the server
                    self.version = answer["version"]
                elif status == 200:
                    self.version = answer["version"]
                    self.acknowledged[self.version] = note
        except (OSError, HTTPException):
            return


def check(found: dict, acknowledged: dict) -> None:
    assert set(found) == set(EFFECTS)
    for code, row in found.items():
        assert acknowledged[code], "nothing was saved: the test proves nothing"
        for number, note in acknowledged[code].items():
            assert row["versions"][str(number)]["note"] == note, (code, number)
        numbers = sorted(map(int, row["versions"]))
        assert numbers == list(range(1, row["version"] + 1))
        assert row["said"] == row["versions"][str(row["version"])], code


def each_has(acknowledged: dict, count: int) -> bool:
    return all(len(saved) >= count for saved in acknowledged.values())


def test_acknowledged_saves_survive_kill_9_and_a_database_that_crashes(server, cluster):
    acknowledged: dict = {code: {} for code in EFFECTS}
    for turn in range(3):
        writers = [Writer(server, code, acknowledged[code]) for code in EFFECTS]
        for writer in writers:
            writer.start()
        wait_for(partial(each_has, acknowledged, SAVES * (turn + 1)))
        if cluster and turn == 1:
            cluster.crash()
        server.kill()
        for writer in writers:
            writer.join()
        if cluster and turn == 1:
            cluster.start()
        server.restart()
        check(state(server), acknowledged)


def test_seventy_slow_clients_leave_room_for_others(server):
    """Each sends a byte from time to time, and holds a thread for as long as it does."""
    start_of_form = b"POST /comptes/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n"
    is_over = threading.Event()

    def go_on(line: socket.socket) -> None:
        with suppress(OSError):
            while not is_over.wait(0.5):
                line.sendall(b"a")

    with ExitStack() as slow, ThreadPoolExecutor(70) as clients:
        for rank in range(70):
            line = slow.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            line.sendall(start_of_form + (b"\r\nlogin=" if rank % 2 else b""))
            clients.submit(go_on, line)
        try:
            assert server.browser().get("/mes-lieux/")[0] == 200
        finally:
            is_over.set()


@contextmanager
def locked_sqlite(server, cluster) -> Iterator[None]:
    path = server.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def full_sqlite(server, cluster) -> Iterator[None]:
    """No file may grow, nor a journal begin: what a full disk answers."""
    for pid in server.workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
    yield
    for pid in server.workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


@contextmanager
def locked_postgres(server, cluster) -> Iterator[None]:
    with cluster.connect() as other:
        other.execute("LOCK TABLE observations_annualreport IN EXCLUSIVE MODE")
        yield


@contextmanager
def full_postgres(server, cluster) -> Iterator[None]:
    with cluster.connect(autocommit=True) as other:
        other.execute(
            "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"
        )
        other.execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON observations_observation "
            "EXECUTE FUNCTION disk_full()"
        )
        yield
        other.execute("DROP TRIGGER disk_full ON observations_observation")


@contextmanager
def crashed_postgres(server, cluster) -> Iterator[None]:
    cluster.crash()
    yield
    cluster.start()


TROUBLES = (
    (full_postgres, locked_postgres, crashed_postgres)
    if IS_POSTGRES
    else (full_sqlite, locked_sqlite)
)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_database_in_trouble_gives_the_text_back(trouble, server, cluster):
    browser = server.browser()
    code = {0: "lien-social", 1: "egalite", 2: "inclusion"}[TROUBLES.index(trouble)]
    form = {"version": 0, "state": "observed", "note": "À ne pas perdre."}
    url = f"/lieux/arche/2025/effets/{code}/"
    with trouble(server, cluster):
        status, page = browser.post(url, form)
        assert browser.save(code, form) == (503, {"state": "unavailable"})
    assert status == 503
    assert "À ne pas perdre." in page
    assert "Envoyer de nouveau" in page
    assert browser.post(url, form)[0] == 302


def both(first: Callable, second: Callable) -> list:
    with ThreadPoolExecutor(2) as pool:
        return [row.result() for row in (pool.submit(first), pool.submit(second))]


def test_two_people_two_hundred_rounds_one_wins_and_the_other_is_told(server):
    people = [server.browser(), server.browser()]
    version = 0
    for turn in range(200):
        notes = [f"Le texte de {who}, tour {turn}." for who in ("Anne", "Paul")]
        answers = both(
            *(
                partial(person.save, "innovation", {"version": version, "note": note})
                for person, note in zip(people, notes, strict=True)
            )
        )
        assert sorted(status for status, _ in answers) == [200, 409]
        winner = next(rank for rank, (status, _) in enumerate(answers) if status == 200)
        told = answers[1 - winner][1]
        assert told["state"] == "conflict"
        assert notes[winner] in told["panel"]
        assert notes[1 - winner] in told["panel"]
        version = answers[winner][1]["version"]
        assert told["version"] == version
    kept = state(server)["innovation"]["versions"]
    assert sorted(map(int, kept)) == list(range(1, 201))


def replays(act: Callable) -> list:
    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(lambda _: act(), range(20)))


def test_twenty_replays_of_one_key_are_one_act(server):
    browser, team = server.browser(), server.browser(TEAM)
    form = {"version": 0, "note": "Une fois.", "key": str(uuid4())}
    saves = replays(lambda: browser.save("cadre-de-vie", form))
    assert {(status, row["version"]) for status, row in saves} == {(200, 1)}
    assert list(state(server)["cadre-de-vie"]["versions"]) == ["1"]

    invitation = {"email": "nouvelle@effets.example", "role": "reader", "key": str(uuid4())}
    invited = replays(lambda: browser.post("/lieux/arche/membres/", invitation)[0])
    assert set(invited) == {302}
    assert len(list(server.mails.iterdir())) == 1

    submitted = replays(lambda: browser.post("/lieux/arche/2025/transmettre/", {})[0])
    assert set(submitted) == {302}
    decide = (
        "from observations.models import *; from observations.services.privacy import decide_all;"
        "decide_all(report=AnnualReport.objects.get(), by=User.objects.first())"
    )
    server.manage("shell", "-v", "0", "-c", decide)
    published = replays(lambda: team.post("/lieux/arche/2025/publier/", {})[0])
    assert set(published) == {302}
    count = "from observations.models import *; print(Publication.objects.count(), Invitation.objects.count())"
    assert server.manage("shell", "-v", "0", "-c", count).split() == ["1", "1"]


def test_sign_in_is_tried_ten_times_in_fifteen_minutes(server):
    browser = Browser(server.port)
    token = browser.token(browser.get("/comptes/login/")[1])
    tried = {"login": TEAM, "password": "faux", "csrfmiddlewaretoken": token}

    def was_compared(_: int) -> bool:
        return "sont incorrects" in browser.request("POST", "/comptes/login/", tried)[1]

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(was_compared, range(1000))) <= 10
    right = tried | {"password": PASSWORD}
    assert browser.request("POST", "/comptes/login/", right)[0] != 302


def test_without_a_proxy_nobody_says_who_they_are(server):
    """Else a visitor who claims another address at each try would have no limit."""
    visitor = Browser(server.port)
    token = visitor.token(visitor.get("/comptes/login/")[1])
    statuses = []
    for rank in range(40):
        visitor.headers["X-Forwarded-For"] = f"203.0.113.{rank}"
        form = {"csrfmiddlewaretoken": token}
        statuses.append(visitor.request("POST", "/comptes/login/", form)[0])
    assert 429 in statuses


ASK = """
from uuid import uuid4
from observations.enums import BatchKind
from observations.models import User
from observations.services.batches import start_batch
by = User.objects.get(email="relecture@effets.example")
batch = start_batch(pk=uuid4(), kind=BatchKind.PUBLISH, year=2024, by=by)
print(batch.pk, batch.items.count())
"""
WORK = """
import time
from pathlib import Path
from uuid import UUID
from observations.services.batches import work_on
Path("{ready}").touch()
while not Path("{go}").exists():
    time.sleep(0.01)
work_on(UUID("{pk}"), Path("{ready}").name)
"""
DONE = """
import json
from observations.models import BatchItem, Publication
rows = list(BatchItem.objects.values_list("state", "worker"))
print(json.dumps([rows, Publication.objects.filter(report__year=2024).count()]))
"""


def test_two_worker_processes_share_and_publish_nothing_twice(server, tmp_path):
    server.manage("generate_sites", "--sites", "20", "--years", "2024")
    pk, count = server.manage("shell", "-v", "0", "-c", ASK).split()
    assert int(count) >= 6
    ready = [tmp_path / f"worker-{rank}" for rank in range(2)]

    def work(name: Path) -> str:
        code = WORK.format(pk=pk, ready=name, go=tmp_path / "go")
        return server.manage("shell", "-v", "0", "-c", code)

    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(work, name) for name in ready]
        wait_for(lambda: all(name.exists() for name in ready) or any(w.done() for w in working))
        (tmp_path / "go").touch()
        for worker in working:
            worker.result()
    rows, published = json.loads(server.manage("shell", "-v", "0", "-c", DONE))
    assert {state for state, _ in rows} == {"done"}
    assert len({worker for _, worker in rows}) == 2
    assert published == len(rows) == int(count)
