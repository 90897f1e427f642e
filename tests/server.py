"""The real server, as ./run starts it, on a database of its own that a test may hurt."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from django.conf import settings

from tests.questionnaire import QUESTIONNAIRE, ROOT

IS_POSTGRES = "postgresql" in settings.DATABASES["default"]["ENGINE"]
PASSWORD = "un mot de passe"
EMAIL = "manager@effets.example"
TEAM = "team@effets.example"
SETUP = f"""
from observations.models import *
from observations.services.recording import open_year
site = Site.objects.create(name="Arche", name_with_de="d’Arche", slug="arche")
user = User.objects.create_user({EMAIL!r}, {PASSWORD!r}, name="M")
Membership.objects.create(user=user, site=site)
User.objects.create_user({TEAM!r}, {PASSWORD!r}, name="T", in_network_team=True)
open_year(site=site, year=2025)
"""


def wait_for(fact: Callable[[], bool]) -> None:
    """Until it is so: however long a busy machine takes, though not for ever."""
    end = time.monotonic() + 120
    while not fact():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A cluster of its own, which can be stopped without shutting down."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)
        self.folder = folder
        self.url = self._shell('start_postgres "$1"; printf %s "$POSTGRES_URL"')

    def _shell(self, command: str) -> str:
        script = f"set -euo pipefail; source scripts/postgres.sh; {command}"
        run = ["bash", "-c", script, "bash", str(self.folder)]
        return subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    def _control(self, *words: str) -> None:
        binary = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
        data = self.folder / "postgres" / "data"
        options = f"-k {data.parent} -c listen_addresses=''"
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        command = [*(user if os.getuid() == 0 else []), str(binary), "-D", str(data)]
        log = ["-l", str(data.parent / "server.log"), "-o", options] if "start" in words else []
        subprocess.run(
            [*command, *log, "-w", *words],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )

    def connect(self, **options: bool) -> psycopg.Connection:
        return psycopg.connect(
            f"host={self.folder}/postgres user=postgres dbname=postgres", **options
        )

    def crash(self) -> None:
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        self._control("start")


class Server:
    def __init__(self, database_url: str, folder: Path, **environment: str) -> None:
        self.port, self.mails = free_port(), folder / "mails"
        self.environment = os.environ | {
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "ALLOWED_HOSTS": "127.0.0.1",
            "DEMO": "true",
            "HTTPS": "false",
            "MEDIA_ROOT": str(folder / "media"),
            "EMAIL_URL": f"file:///{folder}/mails",
            **environment,
        }
        self.manage("migrate", "-v", "0")
        self.manage("createcachetable")
        self.manage("load_questionnaire", str(QUESTIONNAIRE))
        self.manage("shell", "-v", "0", "-c", SETUP)
        self.process = self._launch()

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        run = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr[-3000:]
        return run.stdout

    def start(self, *arguments: str) -> subprocess.Popen:
        """A command that goes on by itself."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

    def _launch(self) -> subprocess.Popen:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:impact_app.gunicorn"]
        process = subprocess.Popen(
            [*command, "impact_app.wsgi"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stderr=subprocess.DEVNULL,
        )

        def answers() -> bool:
            assert process.poll() is None, "the server does not start"
            return self._is_listening()

        wait_for(answers)
        return process

    def _is_listening(self) -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """`kill -9` of the master and of its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_for(lambda: not self._is_listening())  # a worker may die after its master

    def restart(self) -> None:
        self.process = self._launch()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def browser(self, email: str = EMAIL) -> "Browser":
        return Browser(self.port, email)


class Browser:
    """One signed-in person; raises OSError or HTTPException when the server is gone."""

    def __init__(self, port: int, email: str = "") -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        if not email:
            return
        token = self.token(self.get("/comptes/login/")[1])
        form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
        assert self.request("POST", "/comptes/login/", form)[0] == 302

    @staticmethod
    def token(page: str) -> str:
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        return found[1]

    def get(self, url: str) -> tuple[int, str]:
        return self.request("GET", url)

    def post(self, url: str, form: dict, accept: str = "text/html") -> tuple[int, str]:
        token = {"csrfmiddlewaretoken": self.cookies["csrftoken"]}
        return self.request("POST", url, form | token, accept)

    def save(self, code: str, form: dict) -> tuple[int, dict]:
        url = f"/lieux/arche/2025/effets/{code}/"
        status, text = self.post(url, {"state": "observed"} | form, "application/json")
        return status, json.loads(text)

    def request(
        self, method: str, url: str, form: dict | None = None, accept: str = "text/html"
    ) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            headers = self.headers | {
                "Accept": accept,
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded",
            }
            body = urlencode(form, doseq=True) if form is not None else None
            line.request(method, url, body, headers)
            answer = line.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode(errors="replace")
