"""Writes what a site says: observations, scale assessments, the report's first states."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from observations import queries
from observations.composer.comparing import snapshot
from observations.composer.comparing.compare import with_known_codes
from observations.composer.questionnaire.asked import digest_of, write_asked
from observations.composer.questionnaire.inputs import Answer as AnswerValue
from observations.composer.questionnaire.inputs import Count, ObservationInput, ScaleInput
from observations.enums import Scale
from observations.exceptions import NotAllowedNow, StaleVersion
from observations.lifecycle import RECORD, SUBMIT
from observations.models import (
    AnnualReport,
    Answer,
    AskedQuestions,
    Category,
    Edition,
    Effect,
    Observation,
    ObservationVersion,
    Question,
    Round,
    ScaleAssessment,
    Site,
    Tick,
    User,
)
from observations.services.acting import begin, conclude, lock_report, refuse


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
    key: UUID | None = None,
    restores: int | None = None,
) -> ObservationVersion:
    """Replaces what the site says of an effect; `internal_note=None` leaves that note alone.

    `version` is the one the person was shown (0: nothing yet, None: whatever it is); `key` names
    this sending, so that a replay gives what the first one wrote. Saving what is already there
    writes nothing. Raises StaleVersion when somebody else saved since, NotAllowedNow when the
    report is closed or an answer is no longer among those offered.
    """
    locked = lock_report(report)
    observation = Observation.objects.filter(report=report, effect=effect).first()
    if observation and (sent := _already_sent(observation, key)):
        return sent
    refuse(locked, RECORD)
    if not queries.is_open(locked, effect.code):
        raise NotAllowedNow("L’équipe du réseau n’a rendu que d’autres effets : celui-ci attend.")
    current = observation.version if observation else 0
    if version is not None and version != current:
        raise StaleVersion("Quelqu’un a enregistré cette page depuis que vous l’avez ouverte.")
    if observation is None:
        observation = Observation(report=report, effect=effect)
    if internal_note is not None:
        observation.internal_note = internal_note
    last = observation.versions.first() if current else None
    if last and restores is None and says_the_same(last, said, observation.internal_note):
        return last
    observation.state, observation.note = said.state.value, said.note
    observation.since = snapshot.write_since(said)
    observation.version, observation.updated_by = current + 1, by
    observation.save()
    _replace_answers(observation, said.answers)
    return observation.versions.create(
        number=observation.version,
        said=snapshot.write(said),
        internal_note=observation.internal_note,
        saved_by=by,
        saved_at=observation.updated_at,
        key=key,
        restores=restores,
    )


def _already_sent(observation: Observation, key: UUID | None) -> ObservationVersion | None:
    return observation.versions.filter(key=key).first() if key else None


def says_the_same(last: ObservationVersion, said: ObservationInput, internal_note: str) -> bool:
    """Ticks have no order; the rest is compared as it is."""
    was = snapshot.read(last.said)
    ticks = [
        {code: sorted(a) if isinstance(a, tuple) else a for code, a in side.answers.items()}
        for side in (was, said)
    ]
    return (
        ticks[0] == ticks[1]
        and (was.state, was.note, was.since) == (said.state, said.note, said.since)
        and last.internal_note == internal_note
    )


def restore_observation(
    *, report: AnnualReport, effect: Effect, number: int, version: int, by: User
) -> ObservationVersion:
    """Says again what version `number` said: a new version. What the questionnaire no longer
    offers is left out. Raises like `save_observation`, and ObservationVersion.DoesNotExist."""
    old = ObservationVersion.objects.get(
        observation__report=report, observation__effect=effect, number=number
    )
    known = queries.asked_of(report, effect.code)[0]
    return save_observation(
        report=report,
        effect=effect,
        said=with_known_codes(known, snapshot.read(old.said)),
        internal_note=old.internal_note,
        version=version,
        by=by,
        restores=number,
    )


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
    if not by_code.keys() >= set(codes):
        raise NotAllowedNow("Une réponse proposée vient d’être supprimée : rechargez la page.")
    return [Tick(answer=answer, category=by_code[code]) for code in codes]


@transaction.atomic
def save_scales(*, report: AnnualReport, scales: dict[Scale, ScaleInput]) -> None:
    begin(report, RECORD)
    for scale, facts in scales.items():
        ScaleAssessment.objects.update_or_create(
            report=report,
            scale=scale.value,
            defaults={"intensity": facts.intensity, "keywords": list(facts.keywords)},
        )


@transaction.atomic
def submit_report(*, report: AnnualReport, by: User, message: str = "") -> Round:
    """Submits the year: a new round of review."""
    locked = begin(report, SUBMIT)
    observations = locked.observations.select_related("effect")
    versions = {row.effect.code: row.version for row in observations}
    if not versions:
        raise NotAllowedNow("Ce rapport est encore vide : renseignez d’abord un effet.")
    effects = write_asked(queries.asked_of(locked))
    asked, _ = AskedQuestions.objects.get_or_create(
        digest=digest_of(effects), defaults={"effects": effects}
    )
    submitted = Round.objects.create(
        report=locked,
        asked=asked,
        number=locked.rounds.count() + 1,
        versions=versions,
        message=message,
        submitted_by=by,
    )
    conclude(locked, SUBMIT, by, round=submitted.number)
    return submitted
