"""The server is upgraded under pages that are kept: each comes with the script of its release, or claims nothing."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, Request, expect

from observations.models import Sentence, User
from tests.browser.test_survival import (
    AWAY,
    NOTE,
    PAGES_KEPT,
    SANTE,
    SAVED,
    YEAR,
    note,
    ready,
    said,
    status,
    until,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RESEAU, SOLIDARITE = f"{YEAR}effets/reseau/", f"{YEAR}effets/solidarite/"
LATER = "Écrit sans réseau, après la mise à jour."

FORMER_FILES = (
    "caches.keys().then((names) => names.find((name) => name.startsWith('effets-files-')))"
)

# What a worker from before releases had a name for left on the device.
AS_BEFORE_RELEASES = """async () => {
  const name = (await caches.keys()).find((name) => name.startsWith("effets-pages-"));
  const [here, former] = [await caches.open(name), await caches.open("effets-pages")];
  for (const request of await here.keys()) await former.put(request.url, await here.match(request));
}"""
FORGET_RELEASES = """async () => {
  for (const name of await caches.keys()) if (name.startsWith("effets-pages-")) await caches.delete(name);
}"""

# How it ended for the worker that the server has now.
NEW_WORKER = """async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update();
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  return new Promise((resolve) => {
    const look = () => { if (["activated", "redundant"].includes(worker.state)) resolve(worker.state); };
    worker.addEventListener("statechange", look);
    look();
  });
}"""


def taken_over(page: Page, former: str) -> None:
    until(page, f"caches.keys().then((names) => !names.includes('{former}'))")


def cut(page: Page) -> None:
    """No network, and nothing in the browser's own cache either."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.context.set_offline(True)


def typed_offline_comes_back(page: Page, url: str) -> Page:
    """The page in another tab, still without a network."""
    page.goto(url)
    note(page).fill(LATER)
    expect(status(page)).to_have_text(AWAY)
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(url)
    expect(note(page)).to_have_value(LATER)
    return page


def is_save(request: Request) -> bool:
    return request.url.endswith(SANTE) and "mardi" in (request.post_data or "")


def becomes_another(page: Page, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": page.evaluate("location.origin")}])


@pytest.mark.parametrize("former", ["of a release", "before releases"])
def test_kept_page_comes_with_its_script_after_an_upgrade(
    former, fresh, manager, open_page, upgrade
):
    upgrade("one")
    page = open_page(manager)
    ready(page, SANTE)
    context, files = page.context, page.evaluate(FORMER_FILES)
    context.set_offline(True)
    note(page).fill(NOTE)
    expect(status(page)).to_have_text(AWAY)
    if former == "before releases":
        page.evaluate(AS_BEFORE_RELEASES)
        page.evaluate(FORGET_RELEASES)
    page.close()
    upgrade("two")
    context.set_offline(False)
    page = context.new_page()
    page.goto(RESEAU)
    taken_over(page, files)
    expect(page.locator("[data-notice] p")).to_have_count(0)
    cut(page)
    page = typed_offline_comes_back(page, SOLIDARITE)
    assert page.locator("script[src*='/static/two/']").count() > 0
    context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert said(fresh, "solidarite") == LATER
    assert said(fresh) == NOTE  # typed under the former script, sent by the new one


def test_upgrade_that_lacks_a_file_leaves_pages_and_files_of_the_former(
    fresh, manager, open_page, upgrade
):
    upgrade("one")
    page = open_page(manager)
    ready(page, SANTE)
    upgrade("two", without="img/icon-180.png")
    page.goto(RESEAU)  # of a release whose files are not all on the device
    assert page.evaluate(NEW_WORKER) == "redundant"
    cut(page)
    page = typed_offline_comes_back(page, RESEAU)
    upgrade("three")
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert said(fresh, "reseau") == LATER
    assert page.evaluate(NEW_WORKER) == "activated"
    cut(page)
    typed_offline_comes_back(page, SOLIDARITE)


def test_upgrade_after_the_session_ended_leaves_what_was_kept(fresh, manager, open_page, upgrade):
    upgrade("one")
    page = open_page(manager)
    ready(page, SANTE)
    upgrade("two")
    Session.objects.all().delete()
    assert page.evaluate(NEW_WORKER) == "redundant"
    cut(page)
    typed_offline_comes_back(page, SOLIDARITE)


def test_page_that_cannot_be_drawn_any_more_does_not_hold_the_others(
    fresh, manager, open_page, upgrade
):
    upgrade("one")
    page = open_page(manager)
    ready(page, SANTE)
    upgrade("two")
    Sentence.objects.filter(effect__code="reseau").update(template="{")
    assert page.evaluate("url => fetch(url).then((answer) => answer.status)", RESEAU) == 500
    assert page.evaluate(NEW_WORKER) == "activated"
    cut(page)
    typed_offline_comes_back(page, SOLIDARITE)


def test_two_tabs_of_two_releases_keep_what_is_typed_and_sign_out_clean(
    fresh, manager, open_page, upgrade
):
    upgrade("one")
    former = open_page(manager)
    ready(former, SANTE)
    files = former.evaluate(FORMER_FILES)
    former.context.set_offline(True)
    note(former).fill("Une dame")
    expect(status(former)).to_have_text(AWAY)
    upgrade("two")
    former.context.set_offline(False)
    page = former.context.new_page()
    page.goto(RESEAU)
    taken_over(page, files)
    with former.expect_response(lambda answer: is_save(answer.request) and answer.ok):
        note(former).fill(NOTE)
    expect(status(former)).to_have_text(SAVED)
    assert said(fresh) == NOTE
    until(page, f"({PAGES_KEPT})().then((pages) => pages.length > 12)")
    former.evaluate("navigator.serviceWorker.ready.then((worker) => worker.unregister())")
    former.get_by_role("button", name="Se déconnecter").click()  # the page alone removes them
    expect(former.get_by_role("link", name="Se connecter")).to_be_visible()
    assert former.evaluate(PAGES_KEPT) == []


def test_another_person_is_shown_no_page_of_any_release(fresh, manager, stranger, open_page):
    page = open_page(manager)
    ready(page, SANTE)
    page.evaluate(AS_BEFORE_RELEASES)
    becomes_another(page, stranger)
    page.goto("/mes-lieux/")
    until(page, f"({PAGES_KEPT})().then((pages) => pages.join() === '/owner,/mes-lieux/')")


def test_signing_out_without_the_script_leaves_no_page(fresh, manager, open_page):
    page = open_page(manager)
    ready(page, SANTE)
    page.locator("[data-sign-out]").evaluate("form => form.submit()")  # asks no script
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    assert page.evaluate(PAGES_KEPT) == []


@pytest.mark.parametrize("missing", ["autosave", "device"])
def test_page_whose_script_did_not_come_claims_nothing(missing, le_wip, manager, open_page):
    page = open_page(manager)
    page.route(f"**/{missing}*.js", lambda route: route.abort())
    for url in ("/lieux/le-wip/2022/effets/sante/", "/lieux/le-wip/2022/effets/reseau/"):
        with page.expect_event("requestfailed"):
            page.goto(url)
        note(page).fill(NOTE)
        expect(status(page)).to_have_text("", use_inner_text=True)
        claims = re.compile(r"gardé|enregistrée? |à mesure que", re.IGNORECASE)
        expect(page.locator("main")).not_to_have_text(claims, use_inner_text=True)


def test_page_without_any_script_says_when_it_was_saved(le_wip, manager, open_page):
    page = open_page(manager, java_script_enabled=False)
    page.goto("/lieux/le-wip/2022/effets/sante/")
    expect(status(page)).to_have_text(re.compile(r"^Enregistré le \d"), use_inner_text=True)
    note(page).fill(NOTE)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".message--success")).to_contain_text("est enregistré")
    expect(note(page)).to_have_value(NOTE)
    expect(status(page)).to_contain_text(" par manager", use_inner_text=True)
