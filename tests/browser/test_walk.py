"""What a person does: a whole recording with the keyboard alone, and the same without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from observations import queries
from observations.composer.questionnaire.inputs import EffectInput
from observations.models import AnnualReport, Category
from observations.services.recording import open_year

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fresh(le_wip) -> AnnualReport:
    """An empty year of Le WIP."""
    return open_year(site=le_wip.site, year=2025)


def tab_to(page: Page, text: str, *, limit: int = 90) -> None:
    """Presses Tab until the focused element is, or is labelled, `text`."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        )
        if name.startswith(text):
            return
    raise AssertionError(f"Tab never reached {text!r}")


def test_whole_year_with_the_keyboard_alone(fresh, manager, open_page):
    page = open_page(manager)
    page.goto("/mes-lieux/")
    tab_to(page, "Aller au contenu")
    page.keyboard.press("Enter")
    tab_to(page, "Reprendre")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Le WIP, 2025")
    tab_to(page, "Commencer")
    page.keyboard.press("Enter")
    effects = queries.edition_effects(fresh.edition)
    for effect in effects:
        expect(page.locator("h1")).to_have_text(effect.title)
        first = effect.questions[0]
        if first.categories:
            if first.kind == "single":
                tab_to(page, "Pas de réponse")
                page.keyboard.press("ArrowDown")
            else:
                tab_to(
                    page, next(c.form_label for c in first.categories if c.polarity != "negative")
                )
                page.keyboard.press("Space")
        else:
            tab_to(page, "Nombre de")
            page.keyboard.type("3")
        tab_to(page, "Racontez")
        page.keyboard.type(f"Une note sur « {effect.title} », écrite au clavier.")
        tab_to(page, "Enregistrer et continuer")
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Relire avant de transmettre")
    tab_to(page, "Transmettre")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Le rapport est transmis")
    observations = queries.observations_of(fresh)
    assert set(observations) == {effect.code for effect in effects}
    assert all(seen.answers and seen.note for seen in observations.values())


def with_a_pointer(page: Page, effect: EffectInput) -> None:
    first = effect.questions[0]
    if first.categories:
        page.get_by_text(first.categories[0].form_label, exact=True).first.click()
    else:
        page.get_by_label("Nombre de").fill("3")
    page.get_by_label("Racontez").fill(f"Une note sur « {effect.title} ».")
    page.get_by_role("button", name="Enregistrer et continuer").click()


def by_what_is_read_aloud(page: Page, effect: EffectInput) -> None:
    """Only what a screen reader has: roles and names; and the report's sentence is announced."""
    first = effect.questions[0]
    group = page.get_by_role("group", name=first.label, exact=True)
    if first.categories:
        role = "radio" if first.kind == "single" else "checkbox"
        group.get_by_role(role, name=first.categories[0].form_label, exact=True).check()
    else:
        group.get_by_role("textbox", name="Nombre de").fill("3")
    page.get_by_role("textbox", name="Racontez").fill(f"Une note sur « {effect.title} ».")
    heard = page.get_by_role("status").filter(has_text=re.compile(".{25,}"))
    expect(heard.first).to_be_attached()
    page.get_by_role("button", name="Enregistrer et continuer").click()


SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
NARROW = {"viewport": {"width": 320, "height": 640}}
ZOOMED = {
    "viewport": {"width": 320, "height": 256},
    "device_scale_factor": 4,
}  # 1280 × 1024 at 400 %


@pytest.mark.parametrize(
    ("options", "act", "network"),
    [
        (NARROW, with_a_pointer, None),
        (ZOOMED, with_a_pointer, None),
        ({}, by_what_is_read_aloud, None),
        (NARROW, with_a_pointer, SLOW_3G),
    ],
    ids=["320px", "400-percent", "screen-reader", "slow-3g"],
)
def test_whole_year(options, act, network, fresh, manager, open_page):
    page = open_page(manager, **options)
    if network:
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
    effects = queries.edition_effects(fresh.edition)
    page.goto("/lieux/le-wip/2025/")
    page.get_by_role("link", name="Commencer").click()
    for effect in effects:
        expect(page.get_by_role("heading", level=1)).to_have_text(effect.title, timeout=20000)
        act(page, effect)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Relire avant de transmettre", timeout=20000
    )
    page.get_by_role("button", name="Transmettre").click()
    expect(page.locator(".messages")).to_contain_text("Le rapport est transmis", timeout=20000)
    observations = queries.observations_of(fresh)
    assert set(observations) == {effect.code for effect in effects}
    assert all(seen.answers and seen.note for seen in observations.values())


def test_recording_without_script(le_wip, manager, open_page):
    page = open_page(manager, java_script_enabled=False)
    page.goto("/lieux/le-wip/2022/effets/cadre-de-vie/")
    page.get_by_label("Oui, en mieux").check()
    page.get_by_label("Une nouvelle identité a émergé").check()
    page.get_by_label("Racontez").fill("On vient de loin.")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    said = (
        "Le projet a changé positivement l’image du quartier\u00a0: une nouvelle identité a émergé."
    )
    expect(page.get_by_role("complementary")).to_contain_text(said)
    page.get_by_label("Non, l’image du quartier n’a pas changé").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".question__warning")).to_contain_text("Votre réponse est gardée")


def test_question_hides_while_its_parent_does_not_hold(le_wip, manager, open_page):
    page = open_page(manager)
    page.goto("/lieux/le-wip/2022/effets/cadre-de-vie/")
    child = page.get_by_role("group", name="De quelle manière ?")
    expect(child).to_be_hidden()
    page.get_by_label("Oui, en mieux").check()
    expect(child).to_be_visible()


def test_question_hides_by_what_opens_it_wherever_they_are(le_wip, manager, open_page):
    effect = le_wip.edition.effects.get(code="cadre-de-vie")
    effect.questions.filter(code="type").update(position=0)
    first = effect.questions.create(code="avis", kind="single", label="Un avis ?", position=90)
    opening = Category.objects.create(
        question=first, code="oui", form_label="Certes", report_wording="oui"
    )
    effect.questions.get(code="image").parent_categories.add(opening)
    page = open_page(manager)
    page.goto("/lieux/le-wip/2022/effets/cadre-de-vie/")
    child = page.get_by_role("group", name="De quelle manière ?")
    opens = page.get_by_role("group", name="Un avis ?")
    opens.get_by_label("Certes").check()
    page.get_by_label("Oui, en mieux").check()
    expect(child).to_be_visible()
    opens.get_by_label("Pas de réponse").check()
    expect(child).to_be_hidden()
    expect(page.get_by_label("Oui, en mieux")).to_be_visible()


def test_focus_goes_to_what_went_wrong_and_the_text_stays(le_wip, manager, open_page):
    page = open_page(manager)
    page.goto("/lieux/le-wip/2022/effets/insertion-professionnelle/")
    page.get_by_label("Nombre de personnes").fill("??")
    page.get_by_label("Racontez").fill("À ne pas perdre.")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Nombre de personnes")).to_have_value("??")
    expect(page.get_by_label("Racontez")).to_have_value("À ne pas perdre.")
    page.get_by_role("link", name="Nombre de personnes").click()
    expect(page.get_by_label("Nombre de personnes")).to_be_focused()


def test_leaving_with_unsaved_words_asks_first(le_wip, manager, open_page):
    page = open_page(manager)
    page.goto("/lieux/le-wip/2022/echelles/")
    page.get_by_label("mots-clés").first.press_sequentially("Un début")
    asked = []

    def keep(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", keep)
    page.goto("/mes-lieux/")
    assert asked == ["beforeunload"]
