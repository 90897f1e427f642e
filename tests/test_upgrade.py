"""A database of the day before comes along: what was said, published, taken away, and by whom.

`before/*.sql.gz` are dumps of the demonstration as the version of 2026-11-24 made it (migration
0011), with a passage taken down, a year given back in part and a worker's queue.
"""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.questionnaire import ROOT
from tests.server import IS_POSTGRES, Postgres

BEFORE = Path(__file__).with_name("before")
TOLD = """
import json
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from observations import queries
from observations.composer.compose import compose
from observations.composer.saying.document import from_json
from observations.models import *
from observations.rendering.html import fingerprint
numbers = Publication.objects.order_by("number")
print(json.dumps({
    "documents": [fingerprint(from_json(row.document)) == row.fingerprint for row in numbers],
    "withdrawn": [row.withdrawn_at is not None for row in numbers],
    "states": list(AnnualReport.objects.order_by("year").values_list("year", "state")),
    "texts": [
        bool(compose(queries.report_inputs(row)).scales)
        for row in AnnualReport.objects.select_related("site", "edition")
    ],
    "removals": sorted(
        (row.number, row.place, bool(row.seal), row.by, row.reason)
        for row in Removal.objects.all()
    ),
    "addresses": sorted(EmailAddress.objects.values_list("email", "verified")),
    "tables": [name for name in connection.introspection.table_names() if "django_q" in name],
    "migrations": sum(
        app == "django_q" for app, _ in MigrationRecorder(connection).applied_migrations()
    ),
}))
"""


@pytest.fixture
def environment(tmp_path, cluster) -> dict[str, str]:
    """With the database as it was."""
    url = _loaded(cluster) if cluster else f"sqlite:///{_file(tmp_path)}"
    return os.environ | {"DATABASE_URL": url, "MEDIA_ROOT": str(tmp_path)}


def _loaded(cluster: Postgres) -> str:
    with cluster.connect(autocommit=True) as connection:
        connection.execute("CREATE DATABASE before")
    url = cluster.url.removesuffix("/postgres") + "/before"
    with psycopg.connect(url) as connection:
        connection.execute(_dump("postgresql"))  # type: ignore[arg-type]  # our own file
    return url


def _file(folder: Path) -> Path:
    connection = sqlite3.connect(folder / "before.sqlite3")
    connection.executescript(_dump("sqlite"))
    connection.close()
    return folder / "before.sqlite3"


def _dump(engine: str) -> str:
    return gzip.decompress((BEFORE / f"{engine}.sql.gz").read_bytes()).decode()


def manage(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


def test_database_of_the_day_before_comes_along(environment):
    assert environment["DATABASE_URL"].startswith("postgres") == IS_POSTGRES
    manage(environment, "migrate", "-v", "0")
    told = json.loads(manage(environment, "shell", "-v", "0", "-c", TOLD))
    assert told["documents"] == [True, True]
    assert told["withdrawn"] == [True, False]
    assert told["states"] == [[2022, "returned"], [2025, "draft"]]
    assert told["texts"] == [True, True]
    number, passage = told["removals"]
    assert number[:3] == [1, "", False]
    assert passage[2:] == [True, "equipe@effets.example", "À sa demande."]
    assert told["addresses"] == [
        [f"{name}@effets.example", True] for name in ("admin", "equipe", "gestionnaire")
    ]
    assert (told["tables"], told["migrations"]) == ([], 0)
    manage(environment, "migrate", "--check")
