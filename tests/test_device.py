"""What a device keeps to open a page without a network: files of one release, pages that name it."""

import json
import re
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from lxml import html as lxml_html

from tests.test_rights import PAGES, address, is_for_readers, of_a_site

KEPT = [name for name in PAGES if name == "home" or (of_a_site(name) and not is_for_readers(name))]
OFFLINE = "/hors-connexion/"
IMPORT = r"""\bfrom\s*["']([^"']+)|\bimport\s*\(?\s*["']([^"']+)|@import\s*["']([^"']+)|url\(["']?([^"')]+)"""
PLAIN_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def worker(client: Client) -> str:
    return client.get("/service-worker.js").content.decode()


def release(client: Client) -> str:
    found = re.search(r'const RELEASE = "(\w{12})"', worker(client))
    assert found
    return found[1]


def kept_files(client: Client) -> list[str]:
    found = re.search(r"addAll\((\[.*?\])\)", worker(client))
    assert found
    return json.loads(found[1])


def asked_by_page(page: HttpResponse) -> set[str]:
    found = lxml_html.fromstring(page.content).xpath("//@src | //@href")
    return {url for url in found if url.startswith(settings.STATIC_URL)}


def asked_by_file(url: str) -> set[str]:
    """What a module imports, and what a style sheet draws with."""
    file = settings.STATIC_ROOT / url.removeprefix(settings.STATIC_URL)
    if file.suffix not in (".js", ".css"):
        return set()
    return {urljoin(url, "".join(found)) for found in re.findall(IMPORT, file.read_text())}


def test_files_kept_are_those_that_the_pages_and_their_modules_ask_for(le_wip, manager, signed_in):
    browser = signed_in(manager)
    answers = [browser.get(address(name)) for name in KEPT]
    pages = [page for page in answers if page["Content-Type"].startswith("text/html")]
    assert {page.status_code for page in pages} == {200}
    waiting = set().union(*map(asked_by_page, [*pages, browser.get(OFFLINE)]))
    asked: set[str] = set()
    while waiting:
        url = waiting.pop()
        asked.add(url)
        waiting |= asked_by_file(url) - asked
    assert {OFFLINE, *asked} == set(kept_files(browser))


@pytest.mark.parametrize("name", ["home", "year", "effect", "scales", "check", "privacy"])
def test_private_page_names_its_person_and_its_release(name, le_wip, manager, signed_in):
    page = signed_in(manager).get(address(name))
    assert page["Effets-Person"] == str(manager.pk)
    assert page["Effets-Release"] == release(signed_in(None))


@pytest.mark.parametrize("url", ["/", OFFLINE, "/service-worker.js", "/comptes/login/"])
def test_page_of_nobody_names_no_release(url, client, db):
    assert "Effets-Release" not in client.get(url)


def test_other_files_are_another_release(le_wip, manager, signed_in, settings):
    browser = signed_in(manager)
    before = release(browser)
    other = PLAIN_FILES | {"OPTIONS": {"base_url": "/static/autre/"}}
    settings.STORAGES = settings.STORAGES | {"staticfiles": other}
    assert release(browser) != before
    assert browser.get("/mes-lieux/")["Effets-Release"] == release(browser)


def test_offline_page_is_kept_by_no_cache_of_http(client):
    """Or a worker might keep the page of the release before, which asks for other files."""
    assert client.get(OFFLINE)["Cache-Control"] == "no-cache"
