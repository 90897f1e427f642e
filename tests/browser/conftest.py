"""Debian's Chromium, driven as a person would, on a live server."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from observations.models import AnnualReport, User
from observations.services.publishing import publish_report
from observations.services.recording import open_year, submit_report
from observations.services.reviewing import return_report
from tests.questionnaire import ROOT

expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong

PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory) -> None:
    """A file, as in real life: in memory, the server's threads would share one connection."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "db.sqlite3")


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN_FILES}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright) -> Iterator[Browser]:
    assert Path(CHROMIUM).exists(), "install Debian's chromium: ./test does"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def published(le_wip, manager, reviewer) -> AnnualReport:
    """Le WIP, published, then given back so that it can be recorded again."""
    submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publish_report(report=le_wip, by=reviewer, url="https://effets.example/le-wip/2022/")
    return_report(report=le_wip, by=reviewer, reason="À reprendre.")
    return le_wip


@pytest.fixture
def fresh(le_wip) -> AnnualReport:
    return open_year(site=le_wip.site, year=2025)


@pytest.fixture
def upgrade(settings, tmp_path) -> Callable[..., None]:
    """`upgrade("two")`: the server's files have new addresses, and the former ones lead nowhere.

    As hashed names would; `without` is a file that did not arrive.
    """

    def upgraded(name: str, *, without: str = "") -> None:
        folder = ROOT / "static"
        if without:
            folder = shutil.copytree(folder, tmp_path / name, dirs_exist_ok=True)
            (folder / without).unlink()
        settings.STATICFILES_DIRS = [(name, folder)]
        options = {"base_url": f"/static/{name}/"}
        settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN_FILES | {"OPTIONS": options}}

    return upgraded


@pytest.fixture
def open_page(chromium, live_server) -> Iterator:
    """`open_page(user, **options)` is a page of that person's browser; `None` is a reader."""
    contexts = []

    def opened(user: User | None = None, **options: object) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="fr-FR", **options)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
            context.add_cookies([cookie | {"url": live_server.url}])
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
