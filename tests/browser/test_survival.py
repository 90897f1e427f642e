"""A word once typed is on the screen afterwards: dead network, two people, lost session, closed tab."""

import os
import re
import signal

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from observations import queries
from observations.models import AnnualReport, ObservationVersion
from observations.services.recording import submit_report
from observations.services.reviewing import return_report
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

YEAR = "/lieux/le-wip/2025/"
SANTE = f"{YEAR}effets/sante/"
NOTE = "Une dame vient chaque mardi."
SAVED = re.compile(r"Enregistré à \d\d:\d\d$")
AWAY = "Hors connexion\u00a0: gardé sur cet appareil"


def status(page: Page):
    return page.locator("[data-status]")


def note(page: Page):
    return page.get_by_label("Racontez")


def said(report: AnnualReport, code: str = "sante") -> str:
    found = queries.observations_of(report).get(code)
    return found.note if found else ""


# Of whatever release; beside the pages, the note that says whose they are.
PAGES_KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("effets-pages"));
  const kept = await Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys())));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""


def until(page: Page, fact: str) -> None:
    """Waits for a fact that only a script can see."""
    for _ in range(300):
        if page.evaluate(fact):
            return
        page.wait_for_timeout(50)
    raise AssertionError(fact)


def ready(page: Page, url: str) -> None:
    """The year has been seen once with a network: its pages are on the device."""
    page.goto(YEAR)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    until(page, f"({PAGES_KEPT})().then((pages) => pages.length > 12)")
    page.goto(url)


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def test_whole_year_offline_online_offline_with_a_colleague(
    fresh, manager, colleague, open_page, signed_in
):
    page = open_page(manager, viewport={"width": 360, "height": 740})
    effects = queries.edition_effects(fresh.edition)
    ready(page, f"{YEAR}effets/{effects[0].code}/")
    notes = {effect.code: f"Ce que nous avons vu de « {effect.title} »." for effect in effects}
    for rank, effect in enumerate(effects):
        page.context.set_offline(rank < 4 or rank >= 8)
        expect(page.locator("h1")).to_have_text(effect.title)
        if rank == 5:  # a colleague saves the page that has just been opened
            theirs = {"version": 0, "state": "observed", "note": "Vu par le collègue."}
            url = f"{YEAR}effets/{effect.code}/"
            assert signed_in(colleague).post(url, theirs).status_code == 302
        first = effect.questions[0]
        if first.categories:
            page.get_by_label(first.categories[0].form_label, exact=True).first.check()
        else:
            page.get_by_label("Nombre de").fill("3")
        note(page).fill(notes[effect.code])
        if rank == 5:
            panel = page.locator(".conflict")
            expect(panel).to_contain_text("Vu par le collègue.")
            expect(panel).to_contain_text(notes[effect.code])
            expect(panel).to_be_focused()
            page.get_by_role("button", name="Enregistrer ces choix").click()
            expect(panel).to_have_count(0)
            expect(note(page)).to_have_value(f"Vu par le collègue.\n\n{notes[effect.code]}")
            notes[effect.code] = f"Vu par le collègue.\n\n{notes[effect.code]}"
        expect(status(page)).to_have_text(AWAY if rank < 4 or rank >= 8 else SAVED)
        if rank < len(effects) - 1:
            page.get_by_role("button", name="Enregistrer et continuer").click()
    page.context.set_offline(False)
    page.goto(YEAR)
    expect(page.locator("[data-notice] p")).to_have_count(0)
    for _ in range(100):
        if len(queries.observations_of(fresh)) == len(effects):
            break
        page.wait_for_timeout(50)
    found = queries.observations_of(fresh)
    assert {code: seen.note for code, seen in found.items()} == notes
    assert all(seen.answers for seen in found.values())
    sent = ObservationVersion.objects.filter(observation__report=fresh, key__isnull=False)
    assert sent.values("key").distinct().count() == sent.count()


def test_sentence_follows_the_ticks_without_moving_the_focus(fresh, manager, open_page):
    page = open_page(manager)
    page.goto(SANTE)
    box = page.get_by_label("Ressentir un inconfort")
    box.check()
    spoken = page.get_by_role("complementary")
    expect(spoken).to_contain_text("ont fait part d’un inconfort")
    expect(box).to_be_focused()
    expect(page.locator("[data-announce]")).to_contain_text("inconfort")
    expect(status(page)).to_have_text(SAVED)
    box.uncheck()
    expect(spoken).not_to_contain_text("inconfort")


@pytest.mark.parametrize("how", ["closed", "back"])
def test_word_typed_without_network_comes_back(how, fresh, manager, open_page):
    page = open_page(manager)
    ready(page, SANTE)
    page.context.set_offline(True)
    note(page).fill(NOTE)
    expect(status(page)).to_have_text(AWAY)
    if how == "closed":
        context = page.context
        page.close()
        page = context.new_page()
        page.goto(SANTE)
    else:
        page.goto(f"{YEAR}effets/lien-social/")
        page.go_back()
    expect(note(page)).to_have_value(NOTE)
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED, timeout=15000)
    assert said(fresh) == NOTE
    assert ObservationVersion.objects.count() - len(queries.observations_of(fresh)) >= 0


def test_word_typed_while_a_colleague_hands_the_year_in(fresh, manager, colleague, open_page):
    page = open_page(manager)
    page.goto(f"{YEAR}effets/reseau/")
    note(page).fill("Un réseau.")
    expect(status(page)).to_have_text(SAVED)
    ready(page, SANTE)
    page.context.set_offline(True)
    note(page).fill(NOTE)
    expect(status(page)).to_have_text(AWAY)
    submit_report(report=fresh, by=colleague)
    page.context.set_offline(False)
    expect(status(page)).to_contain_text("Ce rapport est transmis")
    page.goto(SANTE)
    expect(note(page)).to_have_value(NOTE)
    expect(status(page)).to_contain_text("il s’enregistrera si le rapport vous est rendu")
    return_report(report=fresh, by=colleague, reason="À reprendre.")
    page.goto(SANTE)
    expect(status(page)).to_have_text(SAVED)
    assert said(fresh) == NOTE


def test_word_survives_a_killed_browser(fresh, manager, live_server, playwright, tmp_path):
    client = Client()
    client.force_login(manager)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}

    def launch():
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path), executable_path=CHROMIUM, args=ARGUMENTS, base_url=live_server.url
        )
        context.add_cookies([cookie | {"url": live_server.url}])
        return context

    context = launch()
    page = context.new_page()
    ready(page, SANTE)
    context.set_offline(True)
    note(page).fill(NOTE)
    expect(status(page)).to_have_text(AWAY)
    page.wait_for_timeout(500)
    for process in os.listdir("/proc"):
        if process.isdigit():
            try:
                with open(f"/proc/{process}/cmdline") as line:
                    mine = str(tmp_path) in line.read()
            except OSError:
                continue
            if mine:
                os.kill(int(process), signal.SIGKILL)
    (tmp_path / "SingletonLock").unlink(missing_ok=True)
    again = launch()
    page = again.new_page()
    page.goto(SANTE)
    expect(note(page)).to_have_value(NOTE)
    expect(status(page)).to_have_text(SAVED)
    assert said(fresh) == NOTE
    again.close()


def test_duplicated_tab_says_the_same(fresh, manager, open_page):
    page = open_page(manager)
    page.goto(SANTE)
    twin = page.context.new_page()
    twin.goto(SANTE)
    note(page).fill(NOTE)
    expect(note(twin)).to_have_value(NOTE)
    expect(status(page)).to_have_text(SAVED)
    twin.get_by_label("Ressentir un inconfort").check()
    expect(status(twin)).to_have_text(SAVED)
    expect(page.get_by_label("Ressentir un inconfort")).to_be_checked()
    assert queries.observations_of(fresh)["sante"].answers["effets"] == ("inconfort",)
    assert said(fresh) == NOTE


@pytest.mark.parametrize("when", ["before", "after"])
def test_network_cut_before_and_after_the_commit(when, fresh, manager, open_page):
    page = open_page(manager)
    page.goto(SANTE)
    cuts = []

    def cut(route):
        if route.request.method == "POST" and not cuts:
            cuts.append(when)
            if when == "after":
                route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**{SANTE}", cut)
    note(page).fill(NOTE)
    expect(status(page)).to_contain_text("gardé sur cet appareil")
    expect(note(page)).to_have_value(NOTE)
    expect(status(page)).to_have_text(SAVED, timeout=15000)
    assert cuts == [when]
    assert said(fresh) == NOTE
    assert ObservationVersion.objects.filter(observation__report=fresh).count() == 1


def test_expired_session_signs_in_beside_and_saves(fresh, manager, open_page):
    page = open_page(manager)
    page.goto(SANTE)
    Session.objects.all().delete()
    note(page).fill(NOTE)
    ended = page.get_by_role("dialog", name="Votre session est terminée")
    expect(ended).to_be_visible()
    with page.context.expect_page() as opened:
        ended.get_by_role("link", name="Se reconnecter").click()
    sign_in(opened.value, manager.email)
    expect(ended).to_be_hidden()
    expect(note(page)).to_have_value(NOTE)
    expect(status(page)).to_have_text(SAVED)
    assert said(fresh) == NOTE


def test_another_person_who_signs_in_sees_none_of_it(fresh, manager, colleague, open_page):
    page = open_page(manager)
    ready(page, SANTE)
    Session.objects.all().delete()
    note(page).fill(NOTE)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Se reconnecter").click()
    sign_in(opened.value, colleague.email)
    expect(page.locator("h1")).to_have_text("Mes lieux")
    expect(page.locator("body")).not_to_contain_text("mardi")
    expect(page.locator("[data-notice] p")).to_have_count(0)
    page.goto(SANTE)
    expect(note(page)).to_have_value("")
    page.context.set_offline(True)
    page.goto(f"{YEAR}effets/reseau/")
    expect(page.locator("h1")).to_contain_text("Pas de réseau")
    page.context.set_offline(False)
    page.goto("/mes-lieux/")
    page.context.clear_cookies()
    page.goto(SANTE)
    sign_in(page, manager.email)
    expect(note(page)).to_have_value(NOTE)
    expect(status(page)).to_have_text(SAVED)
    assert said(fresh) == NOTE


def test_token_rotated_by_a_sign_in_in_another_tab(fresh, manager, open_page):
    page = open_page(manager)
    page.goto(SANTE)
    note(page).fill("Avant")
    expect(status(page)).to_have_text(SAVED)
    other = page.context.new_page()
    page.context.clear_cookies(name="sessionid")
    other.goto("/comptes/login/")
    sign_in(other, manager.email)
    expect(other.locator("h1")).to_have_text("Mes lieux")
    note(page).fill(NOTE)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(status(page)).to_have_text(SAVED)
    for _ in range(40):
        if said(fresh) == NOTE:
            break
        page.wait_for_timeout(50)
    assert said(fresh) == NOTE


def test_session_is_extended_in_one_click(fresh, manager, open_page):
    page = open_page(manager)
    soon = timezone.now() + timezone.timedelta(minutes=5, seconds=2)
    Session.objects.update(expire_date=soon)
    page.goto(SANTE)
    warning = page.get_by_role("dialog", name="Votre session se termine dans cinq minutes")
    expect(warning).to_be_visible(timeout=10000)
    warning.get_by_role("button", name="Rester connecté·e").click()
    expect(warning).to_be_hidden()
    assert Session.objects.get().expire_date > soon + timezone.timedelta(hours=1)


def on_device(page: Page) -> int:
    """Drafts and pages that this device keeps."""
    return page.evaluate(
        f"""async () => {{
          const pages = await ({PAGES_KEPT})();
          const names = (await indexedDB.databases()).map((row) => row.name);
          if (!names.includes("effets")) return pages.length;
          const drafts = await new Promise((resolve) => {{
            const opening = indexedDB.open("effets");
            opening.onsuccess = () => {{
              const all = opening.result.transaction("drafts").objectStore("drafts").getAll();
              all.onsuccess = () => {{ opening.result.close(); resolve(all.result); }};
            }};
          }});
          return pages.length + drafts.length;
        }}"""
    )


def test_signing_out_leaves_nothing_on_the_device(fresh, manager, open_page):
    page = open_page(manager)
    ready(page, SANTE)
    note(page).fill(NOTE)
    expect(status(page)).to_have_text(SAVED)
    assert on_device(page) > 12
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Se connecter")).to_be_visible()
    assert on_device(page) == 0
    assert said(fresh) == NOTE


def test_shared_device_keeps_nothing(fresh, manager, open_page):
    page = open_page()
    page.goto(SANTE)
    page.get_by_label("Appareil partagé").check()
    sign_in(page, manager.email)
    note(page).fill(NOTE)
    expect(status(page)).to_have_text(SAVED)
    page.goto(YEAR)
    page.wait_for_timeout(500)
    assert on_device(page) == 0
    cookie = next(row for row in page.context.cookies() if row["name"] == "sessionid")
    assert cookie["expires"] == -1


def test_two_people_choose_between_their_versions(fresh, manager, colleague, open_page):
    mine, theirs = open_page(manager), open_page(colleague)
    for which, ours in (
        ("Garder toute ma page", "Mon texte."),
        ("Prendre toute l’autre", "Encore."),
    ):
        kept = "Le leur." if "autre" in which else ours
        for page in (mine, theirs):
            page.goto(SANTE)
        note(theirs).fill("Le leur.")
        expect(status(theirs)).to_have_text(SAVED)
        note(mine).fill(ours)
        expect(mine.locator(".conflict")).to_be_focused()
        mine.get_by_role("button", name="Enregistrer", exact=True).click()
        expect(mine.locator(".conflict")).to_be_focused()
        assert said(fresh) == "Le leur."
        with mine.expect_navigation():
            mine.get_by_role("button", name=which).click()
        expect(mine.locator(".conflict")).to_have_count(0)
        expect(note(mine)).to_have_value(kept)
        mine.goto(YEAR)
        theirs.goto(YEAR)
    mine.goto(SANTE)
    expect(mine.locator(".presence")).to_contain_text("Une autre personne modifie cette page")


TYPED_AND_CHOSEN_AT_ONCE = """note => {
    note.value = "Le mien.";
    note.dispatchEvent(new Event("input", {bubbles: true}));
    document.querySelector("[name=resolve][value=merge]").click();
}"""


def test_what_is_typed_while_two_versions_are_compared_is_compared_too(
    fresh, manager, signed_in, colleague, open_page
):
    page = open_page(manager)
    ready(page, SANTE)
    theirs = {"version": 0, "state": "observed", "note": "Le leur."}
    assert signed_in(colleague).post(SANTE, theirs).status_code == 302
    page.get_by_label("Ressentir un inconfort").check()
    panel = page.locator(".conflict")
    expect(panel).to_contain_text("Vide")
    note(page).evaluate(TYPED_AND_CHOSEN_AT_ONCE)
    expect(panel).to_contain_text("Le mien.")
    assert said(fresh) == "Le leur."
    context = page.context
    page.close()  # and nobody overwrites by coming back
    page = context.new_page()
    page.goto(SANTE)
    expect(page.locator(".conflict")).to_contain_text("Le mien.")
    assert said(fresh) == "Le leur."
    page.get_by_role("button", name="Enregistrer ces choix").click()
    expect(page.locator(".conflict")).to_have_count(0)
    expect(note(page)).to_have_value("Le leur.\n\nLe mien.")


def test_choice_whose_answer_is_lost_is_not_taken_for_the_page(
    fresh, manager, signed_in, colleague, open_page
):
    page = open_page(manager)
    ready(page, SANTE)
    theirs = {"version": 0, "state": "observed", "note": "Le leur."}
    assert signed_in(colleague).post(SANTE, theirs).status_code == 302
    note(page).fill("Le mien.")
    expect(page.locator(".conflict")).to_contain_text("Le mien.")

    def lose_the_answer(route):
        if "resolve" in (route.request.post_data or ""):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**{SANTE}", lose_the_answer)
    page.get_by_role("button", name="Enregistrer ces choix").click()
    expect(status(page)).to_contain_text("gardé sur cet appareil")
    both = "Le leur.\n\nLe mien."
    assert said(fresh) == both
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(SANTE)  # the page still has one text, the report has both: somebody chooses
    expect(page.locator(".conflict")).to_contain_text("Le leur.")
    assert said(fresh) == both
