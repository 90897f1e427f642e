"""What the services of recording write, row by row: all of it, or nothing."""

from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError

from observations import queries
from observations.composer.comparing import snapshot
from observations.composer.questionnaire.asked import digest_of, write_asked
from observations.composer.questionnaire.inputs import Count, ObservationInput, ScaleInput
from observations.enums import ObservationState, ReportState, Scale, Since
from observations.exceptions import NotAllowedNow, StaleVersion
from observations.models import (
    AnnualReport,
    AskedQuestions,
    Category,
    Effect,
    ObservationVersion,
    Round,
    User,
)
from observations.services import recording

PROJECTS = ObservationInput(
    answers={"projets": Count(5, True, "an"), "porteurs": ("frequentants", "occupants")}, note="a"
)
MEETINGS = ObservationInput(
    answers={"publics": ("visiteurs", "benevoles"), "frequence": ("mensuelle",)}
)


@pytest.fixture
def blank(le_wip) -> AnnualReport:
    """Le WIP's 2023, of which nothing is said yet."""
    return recording.open_year(site=le_wip.site, year=2023)


@pytest.fixture
def projects(le_wip) -> Effect:
    return le_wip.edition.effects.get(code="capacite-a-agir")


def rows_of(report: AnnualReport) -> tuple:
    """Everything that a page may change, as it stands."""
    said = [
        (row, row.version, row.internal_note, row.updated_by_id, list(row.versions.all()))
        for row in report.observations.all()
    ]
    return said, queries.observations_of(report), queries.scales_of(report)


def test_whatever_changes_is_a_version_the_order_of_ticks_does_not(blank, projects, manager):
    turned = replace(
        PROJECTS, answers=PROJECTS.answers | {"porteurs": ("occupants", "frequentants")}
    )
    noted = replace(PROJECTS, note="b")
    unseen = replace(noted, state=ObservationState.NOT_OBSERVED)
    since = replace(unseen, since={("porteurs", "benevoles"): Since.ENDED})
    counted = replace(since, answers=since.answers | {"projets": Count(6, period="an")})
    unticked = replace(counted, answers={"projets": Count(6, period="an")})
    number = 0
    for said, internal, is_new in (
        (PROJECTS, "Entre nous.", True),
        (PROJECTS, "Entre nous.", False),
        (turned, "Entre nous.", False),
        (PROJECTS, None, False),
        (noted, None, True),
        (unseen, None, True),
        (since, None, True),
        (counted, None, True),
        (unticked, None, True),
        (unticked, "", True),
        (unticked, "", False),
    ):
        row = recording.save_observation(
            report=blank, effect=projects, said=said, internal_note=internal, by=manager
        )
        number += is_new
        (kept,) = blank.observations.all()
        assert (row.number, kept.version, kept.versions.count()) == (number, number, number)
        assert row == kept.versions.first()
        if is_new:
            assert snapshot.read(row.said) == queries.observations_of(blank)[projects.code] == said
        expected = "Entre nous." if internal is None else internal
        assert (row.internal_note, kept.internal_note) == (expected, expected)
        assert row.saved_by == kept.updated_by == manager
        assert row.saved_at == kept.updated_at
        assert (row.key, row.restores) == (None, None)


def test_shared_categories_are_ticked_as_one_s_own(blank, le_wip):
    effect = le_wip.edition.effects.get(code="lien-social")
    recording.save_observation(report=blank, effect=effect, said=MEETINGS)
    assert queries.observations_of(blank)["lien-social"] == MEETINGS


def test_a_key_is_sent_once_even_first_and_once_closed(blank, projects, manager):
    save = partial(recording.save_observation, report=blank, effect=projects, by=manager)
    key = uuid4()
    first = save(said=PROJECTS, version=0, key=key)
    assert first.key == key
    assert save(said=replace(PROJECTS, note="b"), key=uuid4()).number == 2
    before = rows_of(blank)
    recording.submit_report(report=blank, by=manager)
    assert save(said=PROJECTS, version=0, key=key) == first
    assert rows_of(blank) == before


def test_version_that_was_shown_is_the_last_one(blank, projects):
    save = partial(recording.save_observation, report=blank, effect=projects)
    for version in (1, 7):
        with pytest.raises(StaleVersion):
            save(said=PROJECTS, version=version)
    assert not blank.observations.exists()
    assert save(said=PROJECTS, version=0).number == 1
    before = rows_of(blank)
    for version in (0, 2):
        with pytest.raises(StaleVersion):
            save(said=replace(PROJECTS, note="b"), version=version)
    assert rows_of(blank) == before
    assert save(said=replace(PROJECTS, note="b"), version=1).number == 2


def test_refused_answer_writes_nothing(blank, projects):
    save = partial(recording.save_observation, report=blank, effect=projects)
    save(said=PROJECTS)
    before = rows_of(blank)
    Category.objects.get(question__effect=projects, code="benevoles").delete()
    wrong = {"projets": Count(1), "porteurs": ("occupants", "benevoles")}
    with pytest.raises(NotAllowedNow):
        save(said=replace(PROJECTS, answers=wrong))
    assert rows_of(blank) == before


def test_restored_is_said_again_even_unchanged_and_never_over_another(blank, projects, manager):
    save = partial(recording.save_observation, report=blank, effect=projects)
    save(said=PROJECTS, internal_note="Première.")
    save(said=replace(PROJECTS, note="b"), internal_note="Seconde.")
    restore = partial(
        recording.restore_observation, report=blank, effect=projects, number=1, by=manager
    )
    with pytest.raises(StaleVersion):
        restore(version=1)
    for version in (2, 3):
        row = restore(version=version)
        assert (row.number, row.restores, row.saved_by) == (version + 1, 1, manager)
        assert (snapshot.read(row.said), row.internal_note) == (PROJECTS, "Première.")
    with pytest.raises(ObservationVersion.DoesNotExist):
        restore(number=9, version=4)
    other = projects.edition.effects.get(code="sante")
    with pytest.raises(ObservationVersion.DoesNotExist):
        restore(effect=other, number=3, version=4)


@pytest.mark.parametrize("state", ReportState)
def test_a_year_is_written_while_it_is_the_site_s(state, le_wip, projects, manager):
    AnnualReport.objects.filter(pk=le_wip.pk).update(state=state.value)
    before = rows_of(le_wip)
    acts = (
        partial(recording.save_observation, effect=projects, said=PROJECTS),
        partial(recording.save_scales, scales={Scale.INDIVIDUAL: ScaleInput(5, ("joie",))}),
        partial(recording.submit_report, by=manager),
    )
    is_open = state in (ReportState.DRAFT, ReportState.RETURNED)
    for act in acts:
        if is_open:
            act(report=le_wip)
            continue
        with pytest.raises(NotAllowedNow, match=r"ne se modifie plus|déjà transmis"):
            act(report=le_wip)
    assert (rows_of(le_wip) != before) is is_open
    le_wip.refresh_from_db()
    assert le_wip.state == (ReportState.SUBMITTED if is_open else state)


def test_year_given_back_in_part_is_open_there_only(le_wip, projects):
    Round.objects.create(report=le_wip, number=1, effects=["sante"])
    AnnualReport.objects.filter(pk=le_wip.pk).update(state=ReportState.RETURNED.value)
    with pytest.raises(NotAllowedNow, match="d’autres effets"):
        recording.save_observation(report=le_wip, effect=projects, said=PROJECTS)
    asked = le_wip.edition.effects.get(code="sante")
    recording.save_observation(report=le_wip, effect=asked, said=ObservationInput(note="b"))
    assert queries.observations_of(le_wip)["sante"].note == "b"


def test_scales_are_replaced_together(blank):
    first = {Scale.INDIVIDUAL: ScaleInput(4, ("joie", "repos")), Scale.COLLECTIVE: ScaleInput()}
    recording.save_scales(report=blank, scales=first)
    assert queries.scales_of(blank) == first
    then = {Scale.INDIVIDUAL: ScaleInput(None, ("repos",))}
    recording.save_scales(report=blank, scales=then)
    assert queries.scales_of(blank) == first | then
    wrong = {Scale.INDIVIDUAL: ScaleInput(2), Scale.COLLECTIVE: ScaleInput(9)}
    with pytest.raises(IntegrityError):
        recording.save_scales(report=blank, scales=wrong)
    assert queries.scales_of(blank) == first | then


def test_handing_in_is_a_round_or_nothing(blank, projects, manager):
    with pytest.raises(NotAllowedNow, match="encore vide"):
        recording.submit_report(report=blank, by=manager)
    save = partial(recording.save_observation, report=blank, effect=projects)
    save(said=PROJECTS)
    with pytest.raises(ValueError, match="unsaved"):
        recording.submit_report(report=blank, by=User())
    assert not blank.rounds.exists()
    assert not AskedQuestions.objects.exists()
    blank.refresh_from_db()
    assert blank.state == ReportState.DRAFT
    AskedQuestions.objects.create(digest="of another network", effects=[])
    for number in (1, 2):
        row = recording.submit_report(report=blank, by=manager, message="Voilà.")
        blank.refresh_from_db()
        assert (row, blank.state) == (queries.current_round(blank), ReportState.SUBMITTED)
        assert (row.number, row.message, row.submitted_by) == (number, "Voilà.", manager)
        assert row.versions == {projects.code: number}
        AnnualReport.objects.update(state=ReportState.RETURNED.value)
        save(said=replace(PROJECTS, note="b"))
    asked = write_asked(queries.asked_of(blank))
    assert (row.asked.effects, row.asked.digest) == (asked, digest_of(asked))
    assert AskedQuestions.objects.count() == 2  # asked the same, they are kept once


def test_a_year_is_opened_once_in_the_questionnaire_of_its_time(le_wip):
    first_year = le_wip.edition.first_year
    with pytest.raises(NotAllowedNow, match=f"pour {first_year - 1}"):
        recording.open_year(site=le_wip.site, year=first_year - 1)
    opened = recording.open_year(site=le_wip.site, year=2024)
    assert (opened.edition, opened.year, opened.site) == (le_wip.edition, 2024, le_wip.site)
    assert recording.open_year(site=le_wip.site, year=2024) == opened
    assert AnnualReport.objects.count() == 2
