"""From rows to what the composer reads, each with its constant number of queries."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Prefetch

from observations.composer.comparing import snapshot
from observations.composer.comparing.last_year import LastYear
from observations.composer.compose import ReportInputs
from observations.composer.protecting.privacy import Decision
from observations.composer.protecting.redaction import public_text
from observations.composer.questionnaire.inputs import (
    Answer as AnswerValue,
)
from observations.composer.questionnaire.inputs import (
    Count,
    ObservationInput,
    ScaleInput,
    SiteInput,
)
from observations.composer.saying.data import EffectData, read_effect
from observations.enums import (
    InclusiveWriting,
    ObservationState,
    PassageKind,
    PublicChoice,
    Scale,
)
from observations.models import (
    AnnualReport,
    Answer,
    Category,
    Observation,
    PassageDecision,
    Publication,
    Site,
)
from observations.queries.questionnaire import asked_of

YEARS_COMPARED = 9


def report_inputs(report: AnnualReport) -> ReportInputs:
    """Everything the composer reads of one report. 12 queries, or 7 once it is submitted."""
    return ReportInputs(
        site=site_input(report.site),
        year=report.year,
        writing=InclusiveWriting(report.site.inclusive_writing),
        effects=asked_of(report),
        observations=public_observations_of(report),
        scales=scales_of(report),
        past=_published_before(report),
    )


def _published_before(report: AnnualReport) -> dict[int, dict[str, EffectData]]:
    """What readers have of the years before, as it was frozen. 1 query."""
    rows = Publication.objects.latest_of_reports().filter(
        report__site=report.site_id,
        report__year__range=(report.year - YEARS_COMPARED, report.year - 1),
    )
    told = rows.values_list("report__year", "document__data").order_by("report__year")
    return {year: {row.code: row for row in map(read_effect, data or ())} for year, data in told}


def last_year_of(report: AnnualReport, effect_code: str) -> LastYear | None:
    """What was said of this effect the year before. 1, 2 or 4 queries."""
    last = last_report(report)
    row = observation_of(last, effect_code) if last else None
    return LastYear(report.year - 1, observation_input(row)) if row else None


def last_report(report: AnnualReport) -> AnnualReport | None:
    """The same site, the year before. 1 query."""
    return AnnualReport.objects.filter(site=report.site_id, year=report.year - 1).first()


def site_input(site: Site) -> SiteInput:
    return SiteInput(site.slug, site.name, site.name_with_de, site.city, site.postcode)


def scales_of(report: AnnualReport) -> dict[Scale, ScaleInput]:
    """1 query."""
    return {
        Scale(row.scale): ScaleInput(row.intensity, tuple(row.keywords))
        for row in report.assessments.all()
    }


def observations_of(report: AnnualReport) -> dict[str, ObservationInput]:
    """By effect code. 3 queries."""
    return observations_of_reports([report]).get(report.pk, {})


def observations_of_reports(
    reports: Iterable[AnnualReport],
) -> dict[int, dict[str, ObservationInput]]:
    """By report, then by effect code. 3 queries."""
    rows = Observation.objects.filter(report__in=reports).select_related("effect")
    found: dict[int, dict[str, ObservationInput]] = {}
    for row in rows.prefetch_related(*_ANSWERS):
        found.setdefault(row.report_id, {})[row.effect.code] = observation_input(row)
    return found


def public_observations_of(report: AnnualReport) -> dict[str, ObservationInput]:
    """As readers would get them: notes with what was decided of their passages. 4 queries."""
    rows = Observation.objects.filter(report=report).select_related("effect")
    return {
        row.effect.code: replace(
            observation_input(row), public_note=public_text(wording_of(row), decisions_of(row))
        )
        for row in rows.prefetch_related(*_ANSWERS, "decisions")
    }


def wording_of(observation: Observation) -> str:
    """What is shown to readers before decisions: the note rewritten for them, or the note."""
    return observation.public_note or observation.note


def decisions_of(
    observation: Observation,
) -> dict[tuple[PassageKind, str, str], Decision]:
    """By kind, passage and sentence. No query when they are prefetched."""
    rows: Iterable[PassageDecision] = observation.decisions.all()
    return {
        (PassageKind(row.kind), row.passage, row.sentence): Decision(
            PublicChoice(row.choice), row.replacement
        )
        for row in rows
    }


_ANSWERS = (
    Prefetch("answers", Answer.objects.select_related("question").order_by("question__position")),
    Prefetch("answers__categories", Category.objects.order_by("position", "pk")),
)


def observation_of(report: AnnualReport, effect_code: str) -> Observation | None:
    """With its answers. 3 queries, or 1 when there is none."""
    rows = report.observations.filter(effect__code=effect_code).select_related("updated_by")
    return rows.prefetch_related(*_ANSWERS).first()


def observation_input(observation: Observation) -> ObservationInput:
    """No query when the answers are prefetched."""
    return ObservationInput(
        state=ObservationState(observation.state),
        answers={answer.question.code: _answer(answer) for answer in observation.answers.all()},
        note=observation.note,
        since=snapshot.read_since(observation.since),
        is_public=observation.is_public,
        note_is_public=observation.note_is_public,
    )


def _answer(answer: Answer) -> AnswerValue:
    if answer.value is not None:
        return Count(answer.value, answer.approximate, answer.period)
    return tuple(category.code for category in answer.categories.all())
