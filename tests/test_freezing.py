"""What publishing and withdrawing write, row by row, and every guard before and under the lock.

The PDF is a few bytes here: `tests/test_publishing.py` and `tests/test_pdf.py` draw real ones.
"""

import hashlib
from functools import partial

import pytest
from django.utils import timezone

from observations import queries
from observations.composer.compose import compose
from observations.composer.protecting.privacy import Decision
from observations.composer.saying.document import SCHEMA, to_json
from observations.enums import PassageKind, PublicChoice, ReportState, Scale
from observations.exceptions import NotAllowedNow
from observations.models import (
    AnnualReport,
    Observation,
    PassageDecision,
    Publication,
    Round,
    ScaleAssessment,
    Site,
)
from observations.rendering.html import fingerprint
from observations.services import publishing
from observations.services.privacy import write_decision

URL = "https://effets.example/le-wip/2022/"
PARAGRAPH = "La kermesse du quartier finit tard chaque année."


@pytest.fixture(autouse=True)
def drawn(monkeypatch) -> list:
    """The documents and colophons that were drawn."""
    found = []
    monkeypatch.setattr(
        publishing, "render_pdf", lambda *given: found.append(given) or b"%PDF, nearly"
    )
    return found


@pytest.fixture
def publish(submitted, reviewer):
    return partial(publishing.publish_report, report=submitted, by=reviewer, url=URL)


def hand_in(report: AnnualReport) -> None:
    AnnualReport.objects.filter(pk=report.pk).update(state=ReportState.SUBMITTED.value)
    report.refresh_from_db()


def want_two_people(report: AnnualReport) -> None:
    Site.objects.update(needs_two_people=True)
    report.refresh_from_db()


def review(report: AnnualReport, by=None) -> None:
    Round.objects.update(reviewed_by=by, reviewed_at=by and timezone.now())


def say_what_was_removed(report: AnnualReport) -> None:
    """A keyword says, word for word, a paragraph that was taken down."""
    ScaleAssessment.objects.update_or_create(
        report=report, scale=Scale.COLLECTIVE.value, defaults={"keywords": [PARAGRAPH]}
    )


def remove(report: AnnualReport) -> None:
    row = report.observations.get(effect__code="sante")
    gone = Decision(PublicChoice.REMOVE)
    write_decision(row, (PassageKind.FLAGGED, PARAGRAPH, PARAGRAPH), gone, None)


def wait_for(report: AnnualReport, note: str) -> None:
    PassageDecision.objects.all().delete()
    report.observations.update(note="")
    report.observations.filter(effect__code="sante").update(note=note)


def test_publication_is_what_the_year_says(publish, submitted, manager, reviewer, drawn):
    document = compose(queries.report_inputs(submitted))
    row = publish(reason="Première.")
    assert row == Publication.objects.get()
    assert (row.report, row.number, row.document_schema) == (submitted, 1, SCHEMA)
    assert (row.document, row.fingerprint) == (to_json(document), fingerprint(document))
    assert (row.reason, row.changes, row.withdrawn_at) == ("Première.", [], None)
    assert (row.submitted_by, row.reviewed_by, row.published_by) == (manager, reviewer, reviewer)
    assert abs((timezone.now() - row.published_at).total_seconds()) < 60
    assert row.sha256 == hashlib.sha256(row.pdf.read()).hexdigest()
    row.pdf.close()
    ((printed, colophon),) = drawn
    assert (printed, colophon.url, colophon.number) == (document, URL, 1)
    current = queries.current_round(submitted)
    assert (current.reviewed_by, current.reviewed_at) == (reviewer, row.published_at)
    submitted.refresh_from_db()
    assert submitted.state == ReportState.PUBLISHED


def test_who_reviewed_it_stays_and_the_next_number_says_why(publish, submitted, boss, reviewer):
    review(submitted, boss)
    since = queries.current_round(submitted).reviewed_at
    first = publish(must_be_reviewed=True)
    assert (first.reviewed_by, first.published_by) == (boss, reviewer)
    current = queries.current_round(submitted)
    assert (current.reviewed_by, current.reviewed_at) == (boss, since)
    hand_in(submitted)
    submitted.observations.get(effect__code="solidarite").delete()
    with pytest.raises(NotAllowedNow, match="n° 1 existe déjà"):
        publish()
    second = publish(reason="Une faute.")
    assert (second.number, second.reason) == (2, "Une faute.")
    assert "«\u00a0Solidarité\u00a0» est retiré." in second.changes
    hand_in(submitted)
    assert publish(reason="Encore.").number == 3


def test_what_was_handed_in_before_rounds_existed_has_nobody(publish, submitted, reviewer):
    submitted.rounds.all().delete()
    row = publish()
    assert (row.submitted_by, row.reviewed_by) == (None, reviewer)


def test_what_was_read_is_what_is_published(publish, submitted, drawn):
    with pytest.raises(NotAllowedNow, match="vient de changer"):
        publish(seen="0" * 64)
    assert (drawn, Publication.objects.count()) == ([], 0)
    seen = fingerprint(compose(queries.report_inputs(submitted)))
    for nothing_else in ("", seen):
        publishing.refuse_what_was_not_seen(submitted, nothing_else)
    assert publish(seen=seen).number == 1


def write_again(report: AnnualReport) -> None:
    """A note that changed since it was rewritten for readers."""
    row = report.observations.filter(effect__code="sante")
    row.update(note="Autre chose.", public_note="Autre chose.", public_note_of="avant")


GUARDS = [
    (lambda report, by: report.__setattr__("state", "returned"), "Seul un rapport transmis"),
    (lambda report, by: want_two_people(report), "quelqu’un doit d’abord relire"),
    (
        lambda report, by: (want_two_people(report), review(report, by)),
        "vous avez relu, une autre doit publier",
    ),
    (lambda report, by: write_again(report), "depuis sa réécriture pour le public : Santé"),
    (
        lambda report, by: wait_for(report, "Karim chante."),
        "^1 passage de notes attend une décision",
    ),
    (
        lambda report, by: wait_for(report, "Karim chante. Leïla danse."),
        "^2 passages de notes attendent une décision",
    ),
    (
        lambda report, by: (remove(report), say_what_was_removed(report)),
        r"se lirait de nouveau : .+ \(mots-clés\)\.",
    ),
]


@pytest.mark.parametrize(("change", "reason"), GUARDS)
def test_nothing_is_drawn_of_what_is_not_ready(change, reason, publish, submitted, reviewer, drawn):
    change(submitted, reviewer)
    with pytest.raises(NotAllowedNow, match=reason):
        publish()
    assert (drawn, Publication.objects.count()) == ([], 0)


def test_batch_draws_only_what_is_reviewed(publish, submitted, boss, drawn):
    publishing.refuse_to_publish(submitted, None, boss, "")  # one by one, staff may read it last
    with pytest.raises(NotAllowedNow, match="n’est plus relu"):
        publish(must_be_reviewed=True)
    submitted.rounds.all().delete()
    with pytest.raises(NotAllowedNow, match="n’est plus relu"):
        publish(must_be_reviewed=True)
    assert (drawn, Publication.objects.count()) == ([], 0)


def test_two_people_are_enough_whoever_they_are(publish, submitted, boss):
    want_two_people(submitted)
    review(submitted, boss)
    assert publish().reviewed_by == boss


MEANWHILE = [
    (lambda report: AnnualReport.objects.update(state="returned"), "Seul un rapport transmis"),
    (review, "n’est plus relu"),
    (say_what_was_removed, "vient de changer"),
    (lambda report: Observation.objects.filter(effect__code="sante").delete(), "de changer"),
    (lambda report: Publication.objects.create(
        report=report, number=1, document={}, document_schema=1, published_at=timezone.now()
    ), "vient de changer"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), MEANWHILE)
def test_what_changes_during_the_drawing_is_seen_under_the_lock(
    change, reason, publish, submitted, boss, monkeypatch
):
    review(submitted, boss)
    changed = []

    def draw(*_given: object) -> bytes:
        changed.append(change(submitted))
        return b"%PDF"

    monkeypatch.setattr(publishing, "render_pdf", draw)
    with pytest.raises(NotAllowedNow, match=reason):
        publish(reason="Suite.", must_be_reviewed=True)
    assert changed
    assert not Publication.objects.filter(reason="Suite.").exists()


def test_paragraph_removed_during_the_drawing_is_not_published(publish, submitted, monkeypatch):
    say_what_was_removed(submitted)
    monkeypatch.setattr(publishing, "render_pdf", lambda *_: remove(submitted) or b"%PDF")
    with pytest.raises(NotAllowedNow, match="se lirait de nouveau"):
        publish()
    assert not Publication.objects.exists()


def test_published_whole_or_not_at_all(publish, submitted, monkeypatch):
    def fail(*_given: object, **_named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(AnnualReport, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        publish()
    assert not Publication.objects.exists()
    assert queries.current_round(submitted).reviewed_at is None


def states(report: AnnualReport) -> tuple[str, list]:
    report.refresh_from_db()
    fields = ("number", "withdrawn_by", "withdrawn_reason")
    gone = report.publications.exclude(withdrawn_at=None).order_by("number")
    return report.state, list(gone.values_list(*fields))


def test_withdrawn_is_every_number_or_those_before_once(publish, submitted, boss, reviewer):
    withdraw = partial(publishing.withdraw_report, report=submitted)
    with pytest.raises(NotAllowedNow, match="n’est pas publié"):
        withdraw(by=boss, reason="Rien.")
    for reason in ("", "Deux.", "Trois."):
        hand_in(submitted)
        publish(reason=reason)
    with pytest.raises(NotAllowedNow, match="Dites pourquoi"):
        withdraw(by=boss, reason="")
    assert states(submitted) == ("published", [])
    publishing.withdraw(submitted, reviewer, "Ancien.", before=2)
    gone = [(1, reviewer.pk, "Ancien.")]
    assert states(submitted) == ("published", gone)
    assert withdraw(by=boss, reason="Tout.") == 2
    gone += [(2, boss.pk, "Tout."), (3, boss.pk, "Tout.")]
    assert states(submitted) == ("submitted", gone)
    with pytest.raises(NotAllowedNow, match="n’est pas publié"):
        withdraw(by=boss, reason="Encore.")
    assert states(submitted) == ("submitted", gone)


@pytest.mark.parametrize("state", ["published", "returned"])
def test_state_of_a_year_given_back_stays_and_nothing_withdrawn_changes_none(
    state, publish, submitted, boss
):
    withdraw = partial(publishing.withdraw_report, report=submitted, by=boss)
    AnnualReport.objects.update(state=state)
    with pytest.raises(NotAllowedNow):
        withdraw(reason="Rien.")
    assert states(submitted) == (state, [])
    hand_in(submitted)
    publish()
    AnnualReport.objects.update(state=state)
    assert withdraw(reason="Tout.") == 1
    assert states(submitted)[0] == ("submitted" if state == "published" else state)
