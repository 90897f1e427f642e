"""Records a bilan file: all of it or nothing."""

from collections.abc import Iterator
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction

from observations import queries
from observations.composer.language.french import typography
from observations.composer.questionnaire.inputs import (
    Answer,
    Bilan,
    Count,
    EffectInput,
    ObservationInput,
    Parent,
    QuestionInput,
)
from observations.composer.questionnaire.origin import asked_at
from observations.composer.questionnaire.standing import standing_answers
from observations.enums import ObservationState, QuestionKind
from observations.exceptions import ImportRefused, NotAllowedNow, Problem
from observations.models import AnnualReport, Edition, Effect, Site
from observations.services import recording

_EMPTY = ObservationInput()
Raw = str | tuple[str, ...] | Count


class _DryRun(Exception):
    """Rolls everything back at the very end."""


def import_bilan(*, bilan: Bilan, update: bool = False, dry_run: bool = False) -> None:
    """Raises ImportRefused and writes nothing when anything is wrong.

    With `update`, what the file says of an existing site and year replaces what was there;
    effects that it does not mention are left alone, and so are internal notes.
    """
    try:
        with transaction.atomic():
            _record(bilan, update)
            if dry_run:
                raise _DryRun
    except _DryRun:
        return


def _record(bilan: Bilan, update: bool) -> None:
    edition = _edition(bilan)
    if edition is None:
        sentence = f"aucun questionnaire n’est ouvert pour {bilan.year}."
        raise ImportRefused([Problem("$.year", sentence)])
    asked = asked_at(queries.edition_effects(edition), bilan.site.slug)
    effects = {effect.code: effect for effect in asked}
    problems = list(_problems(bilan, effects))
    if problems:
        raise ImportRefused(problems)
    site = _site(bilan, update)
    report = recording.open_year(site=site, year=bilan.year)
    _write(report, bilan, effects)


def _edition(bilan: Bilan) -> Edition | None:
    """A report keeps the edition it was recorded in; a new one takes its year's."""
    reports = AnnualReport.objects.filter(site__slug=bilan.site.slug, year=bilan.year)
    known = reports.select_related("edition").first()
    return known.edition if known else Edition.objects.for_year(bilan.year)


def _write(report: AnnualReport, bilan: Bilan, effects: dict[str, EffectInput]) -> None:
    rows = {row.code: row for row in Effect.objects.filter(edition=report.edition_id)}
    before = queries.observations_of(report)
    try:
        recording.save_scales(report=report, scales=bilan.scales)
        for code in bilan.states:
            said = _observation(bilan, code)
            was = before.get(code, _EMPTY)
            kept = _unasked_answers(effects[code], was)
            said = replace(said, answers={**kept, **said.answers}, since=was.since)
            if said != before.get(code):
                recording.save_observation(report=report, effect=rows[code], said=said)
    except NotAllowedNow as error:
        raise ImportRefused([Problem("$.year", str(error))]) from None


def _unasked_answers(effect: EffectInput, before: ObservationInput) -> dict[str, Answer]:
    """What a person ticked under a parent that no longer holds: a file never carries it."""
    if before.state is not ObservationState.OBSERVED:
        return dict(before.answers)
    standing = standing_answers(effect, before)
    return {code: answer for code, answer in before.answers.items() if code not in standing}


def _site(bilan: Bilan, update: bool) -> Site:
    given = bilan.site
    site = Site.objects.filter(slug=given.slug).first()
    if site is not None and not update:
        sentence = f"le lieu « {given.slug} » existe déjà ; ajoutez --update pour le mettre à jour."
        raise ImportRefused([Problem("$.site.slug", sentence)])
    site = site or Site(slug=given.slug)
    site.name, site.name_with_de = given.name, given.name_with_de
    site.city, site.postcode = given.city, given.postcode
    site.inclusive_writing = bilan.writing.value
    try:
        site.full_clean(validate_unique=False)
    except ValidationError as error:
        raise ImportRefused(
            [
                Problem(f"$.site.{name}", " ".join(messages))
                for name, messages in error.message_dict.items()
            ]
        ) from None
    site.save()
    return site


def _observation(bilan: Bilan, code: str) -> ObservationInput:
    return ObservationInput(
        bilan.states[code],
        {question: _value(raw) for question, raw in bilan.answers[code].items()},
        bilan.notes[code],
    )


def _value(raw: Raw) -> Answer:
    return (raw,) if isinstance(raw, str) else raw


def _problems(bilan: Bilan, effects: dict[str, EffectInput]) -> Iterator[Problem]:
    for code in bilan.states:
        path = f"$.observations.{code}"
        effect = effects.get(code)
        if effect is None:
            yield Problem(path, f"l’effet « {code} » n’existe pas en {bilan.year}.")
            continue
        questions = {question.code: question for question in effect.questions}
        standing = standing_answers(effect, _observation(bilan, code))
        for name, raw in bilan.answers[code].items():
            at = f"{path}.answers.{name}"
            if name not in questions:
                yield Problem(at, f"la question « {name} » n’existe pas dans cet effet.")
            else:
                yield from _answer_problems(at, questions[name], raw)
                if (parent := questions[name].parent) and name not in standing and raw != ():
                    yield Problem(at, _unasked(parent))


def _unasked(parent: Parent) -> str:
    depends = f"elle dépend de ce qui est répondu à « {parent.question} »."
    return typography(f"cette question n’est pas posée : {depends}")


def _answer_problems(path: str, question: QuestionInput, raw: Raw) -> Iterator[Problem]:
    if not isinstance(raw, _PYTHON_TYPES[question.kind]):
        yield Problem(path, _EXPECTED[question.kind])
        return
    if isinstance(raw, Count):
        if raw.period and raw.period != question.period:
            yield Problem(f"{path}.period", "ce nombre ne se compte pas par période.")
        return
    known = {category.code for category in question.categories}
    for code in (raw,) if isinstance(raw, str) else raw:
        if code not in known:
            yield Problem(path, f"la catégorie « {code} » est inconnue.")


_PYTHON_TYPES: dict[QuestionKind, type] = {
    QuestionKind.MULTIPLE: tuple,
    QuestionKind.SINGLE: str,
    QuestionKind.COUNT: Count,
}
_EXPECTED = {
    QuestionKind.MULTIPLE: "une liste de codes est attendue.",
    QuestionKind.SINGLE: "un seul code est attendu.",
    QuestionKind.COUNT: "un nombre est attendu, avec « value », « approximate » et « period ».",
}
