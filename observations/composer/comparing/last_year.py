"""Last year's answers beside this year's, item by item: read, then confirmed, changed or ended.

An item is a ticked category, or a count. Ticks say what is still true; `ObservationInput.since`
keeps what they cannot say. Comparison goes by code.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from observations.composer.questionnaire.inputs import (
    Answer,
    Count,
    EffectInput,
    Key,
    ObservationInput,
    QuestionInput,
)
from observations.composer.questionnaire.standing import observed_answers
from observations.composer.saying.speaker import count_phrase
from observations.enums import QuestionKind, Since


@dataclass(frozen=True, slots=True)
class LastYear:
    """What the site said of an effect the year before."""

    year: int
    said: ObservationInput


@dataclass(frozen=True, slots=True)
class LastItem:
    """Something said last year; `verdict` is None while nobody has looked at it."""

    question: QuestionInput
    category: str  # "" for a count
    label: str
    verdict: Since | None

    @property
    def key(self) -> Key:
        return self.question.code, self.category


def last_items(
    effect: EffectInput, before: ObservationInput, now: ObservationInput
) -> list[LastItem]:
    """What last year said and this year's questionnaire still asks, in its order."""
    return [
        LastItem(question, category, label, _verdict(question, category, before, now))
        for question in effect.questions
        for category, label in _said(
            question, observed_answers(effect, before).get(question.code, ())
        )
    ]


def _said(question: QuestionInput, answer: Answer) -> Iterator[tuple[str, str]]:
    if isinstance(answer, Count):
        if question.kind is QuestionKind.COUNT:
            yield "", count_phrase(question, answer)
        return
    for category in question.categories:
        if category.code in answer and not category.retired:
            yield category.code, category.form_label


def _verdict(
    question: QuestionInput, category: str, before: ObservationInput, now: ObservationInput
) -> Since | None:
    kept = now.since.get((question.code, category))
    answer = now.answers.get(question.code, ())
    if isinstance(answer, Count):
        still = answer == before.answers[question.code]
    else:
        still = category in answer
    return kept or (Since.STILL if still else None)


def settle(
    items: list[LastItem],
    verdicts: dict[Key, Since | None],
    before: ObservationInput,
    typed: ObservationInput,
) -> ObservationInput:
    """What a page says once its verdicts are heard; only those that changed move a tick.

    `items` are as the page showed them, `before` is last year, `typed` what is ticked now.
    """
    answers = dict(typed.answers)
    since: dict[Key, Since] = {}
    for item in items:
        verdict = verdicts.get(item.key, item.verdict)
        if verdict is not item.verdict:
            _move_tick(answers, item, verdict, before)
        if verdict is Since.CHANGED or (verdict is Since.ENDED and not _holds(answers, item)):
            since[item.key] = verdict
    return replace(typed, answers=answers, since=since)


def _move_tick(
    answers: dict[str, Answer], item: LastItem, verdict: Since | None, before: ObservationInput
) -> None:
    code, answer = item.question.code, answers.get(item.question.code, ())
    if verdict is Since.STILL and not item.category:
        answers[code] = before.answers[code]
    elif verdict is Since.STILL and isinstance(answer, tuple):
        alone = item.question.kind is QuestionKind.SINGLE
        answers[code] = (item.category,) if alone else _ordered(item, {*answer, item.category})
    elif verdict is Since.ENDED and isinstance(answer, tuple):
        answers[code] = _ordered(item, set(answer) - {item.category})
    if answers.get(code) == ():
        del answers[code]


def _ordered(item: LastItem, codes: set[str]) -> tuple[str, ...]:
    return tuple(row.code for row in item.question.categories if row.code in codes)


def _holds(answers: dict[str, Answer], item: LastItem) -> bool:
    answer = answers.get(item.question.code, ())
    return isinstance(answer, tuple) and item.category in answer
