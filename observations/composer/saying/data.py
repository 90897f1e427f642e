"""What a report says, as codes and labels: for tables, exchange, and the comparison of years.

It is frozen with the report, so that exports never read live answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from observations.composer.questionnaire.inputs import Answer, Count, EffectInput, ObservationInput
from observations.composer.questionnaire.origin import origin_of
from observations.composer.questionnaire.standing import standing_answers
from observations.enums import Absence, ObservationState, Origin, QuestionKind, Scale


@dataclass(frozen=True, slots=True)
class QuestionData:
    """`choices`: codes and form labels of what is ticked; `absence`: why there is no answer."""

    code: str
    label: str
    kind: QuestionKind
    absence: Absence | None
    choices: tuple[tuple[str, str], ...] = ()
    count: Count | None = None
    unit: str = ""
    origin: Origin = Origin.CORE
    offered: tuple[str, ...] | None = None  # what could be ticked; None: it was not kept


@dataclass(frozen=True, slots=True)
class EffectData:
    code: str
    title: str
    scale: Scale
    absence: Absence | None
    questions: tuple[QuestionData, ...]
    origin: Origin = Origin.CORE


def effect_data(effect: EffectInput, now: ObservationInput | None) -> EffectData:
    absence = _absence(effect, now)
    answers = standing_answers(effect, now) if now and absence is None else {}
    return EffectData(
        effect.code,
        effect.title,
        effect.scale,
        absence,
        tuple(_questions(effect, answers, absence)),
        effect.origin,
    )


def _absence(effect: EffectInput, now: ObservationInput | None) -> Absence | None:
    if now is None:
        return Absence.NOT_ANSWERED
    if not now.is_public:
        return Absence.NOT_PUBLISHED
    if now.state is not ObservationState.OBSERVED:
        return Absence(now.state.value)
    return None if standing_answers(effect, now) else Absence.NOT_ANSWERED


def _questions(
    effect: EffectInput, answers: dict[str, Answer], absence: Absence | None
) -> Iterator[QuestionData]:
    for question in effect.questions:
        answer = answers.get(question.code, ())
        choices = tuple(
            (row.code, row.form_label)
            for row in question.categories
            if not isinstance(answer, Count) and row.code in answer
        )
        count = answer if isinstance(answer, Count) else None
        silent = absence if absence else Absence.NOT_ANSWERED
        yield QuestionData(
            question.code,
            question.label,
            question.kind,
            None if choices or count else silent,
            choices,
            count,
            question.unit.plural,
            origin_of(effect, question),
            tuple(row.code for row in question.categories if not row.retired),
        )


def observation_of_data(effect: EffectData) -> ObservationInput | None:
    """What a frozen report said of an effect; None when readers were told nothing of it."""
    if effect.absence in (Absence.NOT_PUBLISHED, Absence.NOT_ANSWERED):
        return None
    state = ObservationState(effect.absence.value) if effect.absence else ObservationState.OBSERVED
    answers: dict[str, Answer] = {}
    for question in effect.questions:
        if question.count is not None:
            answers[question.code] = question.count
        elif question.choices:
            answers[question.code] = tuple(code for code, _ in question.choices)
    return ObservationInput(state, answers)


def read_effect(data: dict[str, Any]) -> EffectData:
    return EffectData(
        data["code"],
        data["title"],
        Scale(data["scale"]),
        Absence(data["absence"]) if data["absence"] else None,
        tuple(map(_read_question, data["questions"])),
        read_origin(data),
    )


def _read_question(data: dict[str, Any]) -> QuestionData:
    return QuestionData(
        data["code"],
        data["label"],
        QuestionKind(data["kind"]),
        Absence(data["absence"]) if data["absence"] else None,
        tuple((code, label) for code, label in data["choices"]),
        Count(**data["count"]) if data["count"] else None,
        data["unit"],
        read_origin(data),
        None if data.get("offered") is None else tuple(data["offered"]),
    )


def read_origin(data: dict[str, Any]) -> Origin:
    """Reports published before origins were kept asked the common core only."""
    return Origin(data.get("origin", Origin.CORE))
