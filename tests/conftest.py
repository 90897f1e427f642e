"""A small named cast: manager and colleague of Le WIP, stranger of another site, reviewer, boss."""

import os
import re
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import hypothesis
import pytest
from django.test import Client

from observations import queries, views
from observations.composer.protecting.privacy import Decision
from observations.enums import PassageKind, PublicChoice
from observations.exchange.bilan import read_bilan
from observations.models import AnnualReport, Edition, Membership, Publication, Site, User
from observations.services import publishing, recording
from observations.services.accounts import prove_address
from observations.services.editions import create_edition
from observations.services.importing import import_bilan
from observations.services.privacy import write_decision
from tests.questionnaire import LE_WIP, shipped_edition
from tests.server import IS_POSTGRES, Postgres, Server

PASSWORD = "un mot de passe"

# Chance explores on everybody's machine; what lands must not depend on it.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")


@pytest.fixture(autouse=True)
def _own_settings(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.SITE_URL = "https://effets.example"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_kept_between_two_reads(monkeypatch):
    """A page that the process keeps would hide what a second reading shows: each is drawn anew."""
    for row in iter_modules(views.__path__):
        module = import_module(f"{views.__name__}.{row.name}")
        for name, found in list(vars(module).items()):
            if hasattr(found, "cache_info"):
                monkeypatch.setattr(module, name, found.__wrapped__)


@pytest.fixture
def edition(db) -> Edition:
    return create_edition(edition=shipped_edition())


@pytest.fixture
def le_wip(edition) -> AnnualReport:
    """Le WIP's report of 2022, a draft."""
    import_bilan(bilan=read_bilan(LE_WIP.read_bytes()))
    report = AnnualReport.objects.select_related("site", "edition").get()
    keep_every_passage(report)
    return report


@pytest.fixture
def submitted(le_wip, manager) -> AnnualReport:
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    return le_wip


@pytest.fixture
def published(submitted, reviewer) -> Publication:
    url = "https://effets.example/le-wip/2022/"
    return publishing.publish_report(report=submitted, by=reviewer, url=url)


def keep_every_passage(report: AnnualReport, but: PassageKind | None = None) -> None:
    """Somebody decided that readers get each note as it is, or all but what is of this kind."""
    for review in queries.note_reviews(report):
        for found in (row for row in review.waiting if row.kind is not but):
            write_decision(review.observation, found.key, Decision(PublicChoice.KEEP), None)


def as_read(page: bytes) -> str:
    """A page's source, with the white space that a browser makes of it."""
    return re.sub(r"[ \t\r\n]+", " ", page.decode())


def person(name: str, **rights: bool) -> User:
    """Somebody whose address is proved."""
    user = User.objects.create_user(f"{name}@effets.example", PASSWORD, name=name, **rights)
    prove_address(user=user)
    return user


@pytest.fixture
def manager(le_wip) -> User:
    user = person("manager")
    Membership.objects.create(user=user, site=le_wip.site)
    return user


@pytest.fixture
def colleague(le_wip) -> User:
    user = person("colleague")
    Membership.objects.create(user=user, site=le_wip.site)
    return user


@pytest.fixture
def stranger(le_wip) -> User:
    """Manager of a site that has nothing to do with Le WIP."""
    user = person("stranger")
    site = Site.objects.create(name="Arche", name_with_de="d’Arche", slug="arche")
    Membership.objects.create(user=user, site=site)
    AnnualReport.objects.create(site=site, year=2022, edition=le_wip.edition)
    return user


@pytest.fixture
def reviewer(db) -> User:
    return person("reviewer", in_network_team=True)


@pytest.fixture
def boss(db) -> User:
    return person("boss", is_staff=True, is_superuser=True)


@pytest.fixture
def signed_in():
    """`signed_in(user)` is a browser of that person; `signed_in(None)` of a reader."""

    def browser(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return browser


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL of the module's own, that its tests may crash; None on SQLite."""
    if not IS_POSTGRES:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to the postgres user
        postgres = Postgres(Path(folder))
        yield postgres
        postgres.crash()


@pytest.fixture(scope="module")
def server(cluster, tmp_path_factory):
    """The real server, for a module's tests to hurt."""
    folder = tmp_path_factory.mktemp("server")
    running = Server(cluster.url if cluster else f"sqlite:///{folder}/db.sqlite3", folder)
    yield running
    running.kill()
