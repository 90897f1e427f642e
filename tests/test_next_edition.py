"""Next year's questionnaire, with a category reworded, one merged and one retired: last year's
report and this year's both say what they were asked."""

from pathlib import Path

import pytest
from django.urls import reverse

from observations import queries
from observations.composer.questionnaire.inputs import ObservationInput
from observations.enums import EditionState
from observations.models import AnnualReport, Category, Edition, Effect
from observations.services import publishing, recording, wording
from observations.services.editions import copy_edition
from observations.services.wording import Words
from tests.conftest import keep_every_passage
from tests.test_pdf import text_of

pytestmark = pytest.mark.django_db

THEN = {"occasions": ("evenements", "temps-rencontre"), "publics": ("voisins", "benevoles")}


def publish(report: AnnualReport, manager, reviewer) -> None:
    recording.submit_report(report=report, by=manager)
    report.refresh_from_db()
    keep_every_passage(report)
    publishing.publish_report(report=report, by=reviewer, url="https://effets.example/")


def say(report: AnnualReport, **answers: tuple[str, ...]) -> None:
    effect = Effect.objects.get(edition=report.edition, code="lien-social")
    recording.save_observation(report=report, effect=effect, said=ObservationInput(answers=answers))


@pytest.fixture
def last_year(le_wip, manager, reviewer) -> AnnualReport:
    """Published, in the words of the edition of 2020."""
    say(le_wip, **THEN)
    publish(le_wip, manager, reviewer)
    return le_wip


@pytest.fixture
def this_year(last_year, boss) -> AnnualReport:
    """Recorded in an edition of its own, reworded, merged and retired in."""
    copy = copy_edition(edition=last_year.edition, first_year=2023)
    Edition.objects.filter(pk=copy.pk).update(state=EditionState.OPEN.value)
    occasions = Category.objects.filter(question__effect__edition=copy, question__code="occasions")
    publics = Category.objects.filter(vocabulary__edition=copy)
    words = Words("Quand on se rencontre exprès", "lors de rencontres voulues")
    old = Category.objects.get(
        question__effect__edition=last_year.edition,
        question__code="occasions",
        code="temps-rencontre",
    )
    wording.reword(category=old, edition=copy, words=words, by=boss)
    wording.merge(
        category=occasions.get(code="evenements"),
        into=occasions.get(code="publics-dedies"),
        by=boss,
    )
    wording.retire(category=publics.get(code="benevoles"), by=boss)
    report = recording.open_year(site=last_year.site, year=2023)
    say(report, occasions=("publics-dedies", "temps-rencontre"), publics=("voisins",))
    return report


def paper(report: AnnualReport) -> bytes:
    with report.publications.get().pdf.open() as file:
        return file.read()


def report_of(page: bytes) -> bytes:
    """All but the links to the other years."""
    return page.split(b"<footer")[0]


def test_both_years_read_right(client, last_year, this_year, manager, reviewer):
    before = client.get(reverse("public", args=["le-wip", 2022])).content
    pdf = paper(last_year)
    publish(this_year, manager, reviewer)
    after = client.get(reverse("public", args=["le-wip", 2022])).content
    assert b"lors de temps sp" in before
    assert report_of(after) == report_of(before)
    assert paper(last_year) == pdf
    now = client.get(reverse("public", args=["le-wip", 2023])).content.decode()
    assert "lors de rencontres voulues" in now
    assert "lors d’activités avec des publics dédiés" in now
    (link,) = [
        effect
        for scale in queries.readable_publication("le-wip", 2023).document["scales"]
        for effect in scale["effects"]
        if effect["code"] == "lien-social"
    ]
    changes = link["changes"]
    assert changes["new"] == []
    assert "Quand on se rencontre exprès" in changes["continued"]
    assert len(changes["continued"]) == 3  # the neighbours, the reworded and the merged
    assert "est désormais réunie à" in changes["notes"][0]
    assert changes["ended"] == []
    assert changes["gone"] == ["Bénévoles"]
    assert "N’est plus demandé</strong>&nbsp;: Bénévoles" in now


def test_retired_is_not_offered_next_year_and_still_read_in_last_year_s_form(
    signed_in, last_year, this_year, manager
):
    page = signed_in(manager).get(reverse("effect", args=["le-wip", 2023, "lien-social"]))
    offered = page.context["form"].fields["q-publics"].choices
    assert "benevoles" not in dict(offered)
    assert "evenements" not in dict(page.context["form"].fields["q-occasions"].choices)
    page = signed_in(manager).get(reverse("effect", args=["le-wip", 2022, "lien-social"]))
    assert "benevoles" in dict(page.context["form"].fields["q-publics"].choices)
    labels = [item.label for item in page.context["form"].items]
    assert labels == []


def test_years_side_by_side_are_on_paper_too(this_year, manager, reviewer):
    publish(this_year, manager, reviewer)
    told = " ".join(text_of(Path(this_year.publications.get().pdf.path)).split())
    assert "N’est plus demandé : Bénévoles" in told
    assert "rencontres voulues" in told
