"""The guide's own example, done as it says: an effect, four questions and their sentences."""

import pytest
from playwright.sync_api import Page, expect

from observations import queries
from observations.composer.compose import compose_effect
from observations.composer.questionnaire.inputs import Count, ObservationInput
from observations.enums import InclusiveWriting
from observations.models import Effect, Question
from observations.services.editions import copy_edition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTIONS = (
    ("Avec qui jardine-t-on ?", "avec", "multiple"),
    ("Que fait-on au jardin ?", "activites", "multiple"),
    ("À quelle fréquence ?", "frequence", "single"),
    ("Combien de parcelles ?", "parcelles", "count"),
)
ANSWERS = {
    "activites": (
        ("Des ateliers ouverts", "des ateliers ouverts"),
        ("Des repas de saison", "des repas de saison"),
    ),
    "frequence": (("Chaque semaine", "chaque semaine"), ("Chaque mois", "chaque mois")),
}
SENTENCES = (
    "On jardine ensemble entre {avec}.",
    "Le jardin accueille {activites}.",
    "On s’y retrouve {frequence}.",
    "{parcelles} y [parcelles: est cultivée / sont cultivées].",
    "Il n’y a encore {parcelles:0}.",
)


def write(page: Page, field: str, text: str) -> None:
    """And goes on to the next field: the code is written from it."""
    page.fill(field, text)
    page.press(field, "Tab")


def keep_on(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer et continuer les modifications").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_guide_adds_an_effect_with_four_questions_and_their_sentences(edition, boss, open_page):
    page = open_page(boss)
    page.goto("/admin/")
    page.locator("#content-main .model-effect .addlink").click()
    page.select_option("[name=edition]", label="Édition 2020")
    page.select_option("[name=scale]", label="Collectif")
    write(page, "[name=title]", "Jardin partagé")
    expect(page.locator("[name=code]")).to_have_value("jardin-partage")
    page.fill(
        "[name=not_observed]", "L’équipe a cherché des effets autour du jardin, sans en voir."
    )
    page.fill("[name=not_applicable]", "Le lieu n’a pas de jardin.")
    for rank, (label, code, kind) in enumerate(QUESTIONS):
        page.get_by_role("button", name="Ajouter : question").click()
        row = f"[name=questions-{rank}-%s]"
        write(page, row % "label", label)
        page.fill(row % "code", code)
        page.select_option(row % "kind", kind)
    page.select_option("[name=questions-0-vocabulary]", label="Publics (Édition 2020)")
    page.fill("[name=questions-3-unit_singular]", "parcelle")
    page.fill("[name=questions-3-unit_plural]", "parcelles")
    page.check("[name=questions-3-unit_feminine]")
    keep_on(page)
    for code, answers in ANSWERS.items():
        label = next(label for label, known, _ in QUESTIONS if known == code)
        page.locator("td.original", has_text=label).get_by_role("link").click()
        for rank, (ticked, said) in enumerate(answers):
            page.get_by_role("button", name="Ajouter : catégorie").click()
            row = f"[name=own_categories-{rank}-%s]"
            write(page, row % "form_label", ticked)
            page.fill(row % "report_wording", said)
        keep_on(page)
        page.get_by_role("link", name="Son effet").click()
    for rank, sentence in enumerate(SENTENCES):
        page.get_by_role("button", name="Ajouter : phrase").click()
        page.fill(f"[name=sentences-{rank}-passage]", str(min(rank, 3) + 1))
        page.fill(f"[name=sentences-{rank}-template]", sentence)
    said = page.locator("#rehearsal")
    expect(said).to_contain_text("1 000 parcelles y sont cultivées.")
    expect(said).to_contain_text("Tout se dit, et rien ne semble mal se lire.")
    keep_on(page)
    _says_it(edition)


def _says_it(edition) -> None:
    (effect,) = queries.edition_effects(edition, "jardin-partage")
    answers = {
        "avec": ("voisins", "benevoles"),
        "activites": ("des-ateliers-ouverts", "des-repas-de-saison"),
        "frequence": ("chaque-semaine",),
        "parcelles": Count(12, approximate=True),
    }
    section = compose_effect(effect, ObservationInput(answers=answers), InclusiveWriting.FULL)
    assert [passage.text for passage in section.passages] == [
        "On jardine ensemble entre voisins et voisines ainsi que bénévoles.",
        "Le jardin accueille des ateliers ouverts et des repas de saison.",
        "On s’y retrouve chaque semaine.",
        "Environ 12\u00a0parcelles y sont cultivées.",
    ]
    assert Effect.objects.last().code == "jardin-partage"


def test_rows_are_moved_by_hand(edition, boss, open_page):
    page = open_page(boss)
    question = Question.objects.get(effect__code="lien-social", code="occasions")
    page.goto(f"/admin/observations/question/{question.pk}/change/")
    before = list(question.own_categories.values_list("code", flat=True))
    rows = page.locator(".inline-group tr.form-row:not(.empty-form)")
    rows.nth(3).locator(".drag").drag_to(rows.nth(0), target_position={"x": 20, "y": 2})
    keep_on(page)
    after = list(question.own_categories.values_list("code", "position"))
    assert after == [(code, rank) for rank, code in enumerate([before[3], *before[:3]], 1)]


def test_typing_saves_nothing(edition, boss, open_page):
    copy = copy_edition(edition=edition, first_year=2027)
    page = open_page(boss)
    effect = Effect.objects.get(edition=copy, code="sante")
    for kind, row in (("edition", copy), ("effect", effect)):
        page.goto(f"/admin/observations/{kind}/{row.pk}/change/")
        page.fill("[name=title]", "Tout autre chose")
        page.wait_for_timeout(1500)  # three times what the preview waits for
        before = row.title
        row.refresh_from_db()
        assert row.title == before
