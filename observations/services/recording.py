"""Writes what a site says: observations, scale assessments, the report's first states."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from observations.composer.inputs import Answer as AnswerValue
from observations.composer.inputs import Count, ObservationInput, ScaleInput
from observations.enums import ReportState, Scale
from observations.exceptions import NotAllowedNow, StaleVersion
from observations.models import (
    AnnualReport,
    Answer,
    Category,
    Edition,
    Effect,
    Observation,
    Question,
    ScaleAssessment,
    Site,
    Tick,
    User,
)

RECORDABLE = (ReportState.DRAFT.value, ReportState.RETURNED.value)


@transaction.atomic
def open_year(*, site: Site, year: int) -> AnnualReport:
    """The site's report of that year, created when it is missing."""
    edition = Edition.objects.for_year(year)
    if edition is None:
        raise NotAllowedNow(f"Aucun questionnaire n’est encore ouvert pour {year}.")
    report, _ = AnnualReport.objects.get_or_create(
        site=site, year=year, defaults={"edition": edition}
    )
    return report


@transaction.atomic
def save_observation(
    *,
    report: AnnualReport,
    effect: Effect,
    said: ObservationInput,
    internal_note: str | None = None,
    version: int | None = None,
    by: User | None = None,
) -> Observation:
    """Replaces what the site says of an effect; `internal_note=None` leaves that note alone.

    `version` is the one the person was shown (0: nothing yet, None: whatever it is).
    Raises StaleVersion when somebody else saved since, NotAllowedNow when the report is closed.
    """
    locked = _lock(report)
    if locked.state not in RECORDABLE:
        raise NotAllowedNow("Ce rapport est transmis : il ne se modifie plus pour le moment.")
    observation = Observation.objects.filter(report=report, effect=effect).first()
    current = observation.version if observation else 0
    if version is not None and version != current:
        raise StaleVersion("Quelqu’un a enregistré cette page depuis que vous l’avez ouverte.")
    if observation is None:
        observation = Observation(report=report, effect=effect)
    observation.state = said.state.value
    observation.note = said.note
    if internal_note is not None:
        observation.internal_note = internal_note
    observation.version = current + 1
    observation.updated_by = by
    observation.save()
    _replace_answers(observation, said.answers)
    return observation


def _lock(report: AnnualReport) -> AnnualReport:
    return AnnualReport.objects.select_for_update(of=("self",)).get(pk=report.pk)


def _replace_answers(observation: Observation, answers: dict[str, AnswerValue]) -> None:
    questions = Question.objects.filter(effect=observation.effect_id).prefetch_related(
        "own_categories", "vocabulary__categories"
    )
    observation.answers.all().delete()
    for question in questions:
        value = answers.get(question.code, ())
        if value != ():
            _create_answer(observation, question, value)


def _create_answer(observation: Observation, question: Question, value: AnswerValue) -> None:
    answer = Answer(observation=observation, question=question, kind=question.kind)
    if isinstance(value, Count):
        answer.value, answer.approximate, answer.period = (
            value.value,
            value.approximate,
            value.period,
        )
        answer.save()
        return
    answer.save()
    vocabulary = question.vocabulary
    known = vocabulary.categories.all() if vocabulary else question.own_categories.all()
    Tick.objects.bulk_create(_ticks(answer, known, value))


def _ticks(answer: Answer, known: Iterable[Category], codes: tuple[str, ...]) -> Iterable[Tick]:
    by_code = {category.code: category for category in known}
    return [Tick(answer=answer, category=by_code[code]) for code in codes]


@transaction.atomic
def save_scales(*, report: AnnualReport, scales: dict[Scale, ScaleInput]) -> None:
    if _lock(report).state not in RECORDABLE:
        raise NotAllowedNow("Ce rapport est transmis : il ne se modifie plus pour le moment.")
    for scale, facts in scales.items():
        ScaleAssessment.objects.update_or_create(
            report=report,
            scale=scale.value,
            defaults={"intensity": facts.intensity, "keywords": list(facts.keywords)},
        )


@transaction.atomic
def submit_report(*, report: AnnualReport, by: User) -> None:
    locked = _lock(report)
    if locked.state not in RECORDABLE:
        raise NotAllowedNow("Ce rapport est déjà transmis.")
    if not locked.observations.exists():
        raise NotAllowedNow("Ce rapport est encore vide : renseignez d’abord un effet.")
    locked.state = ReportState.SUBMITTED.value
    locked.submitted_at, locked.submitted_by = timezone.now(), by
    locked.save(update_fields=["state", "submitted_at", "submitted_by"])


@transaction.atomic
def reopen_report(*, report: AnnualReport) -> None:
    """Staff give the year back to the site. What was published stays as it is."""
    locked = _lock(report)
    if locked.state in RECORDABLE:
        raise NotAllowedNow("Ce rapport est déjà entre les mains du lieu.")
    locked.state = ReportState.RETURNED.value
    locked.save(update_fields=["state"])
