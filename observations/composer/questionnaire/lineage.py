"""Answers followed through what became of their categories: merged, they count as the one they
became; split, they cannot be compared. Each time, a sentence says so."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from observations.composer.questionnaire.inputs import (
    Answer,
    CategoryInput,
    Count,
    EffectInput,
    ObservationInput,
    QuestionInput,
)


@dataclass(frozen=True, slots=True)
class Followed:
    """`said` in the codes of the questionnaire that it is read with; `apart`: for each question,
    what comparing would be wrong for; `notes`: why, in sentences."""

    said: ObservationInput
    apart: dict[str, frozenset[str]]
    notes: tuple[str, ...]


def follow(effect: EffectInput, said: ObservationInput) -> Followed:
    answers: dict[str, Answer] = dict(said.answers)
    apart: dict[str, frozenset[str]] = {}
    notes: list[str] = []
    for question in effect.questions:
        answer = said.answers.get(question.code, ())
        known = {row.code: row for row in question.categories}
        if isinstance(answer, Count):
            continue
        moved = [row for row in question.categories if row.successors and row.code in answer]
        if not moved:
            continue
        answers[question.code] = follow_codes(question, answer)
        apart[question.code] = frozenset(_apart(moved))
        notes += [_note(row, known) for row in moved]
    return Followed(replace(said, answers=answers), apart, tuple(notes))


def follow_codes(question: QuestionInput, codes: Iterable[str]) -> tuple[str, ...]:
    """Each code as the one it became; those that were split stay. In the order of the question."""
    known = {row.code: row for row in question.categories}
    ends = {_end(known, code) for code in codes}
    return tuple(row.code for row in question.categories if row.code in ends)


def _end(known: dict[str, CategoryInput], code: str) -> str:
    seen = {code}
    while (row := known.get(code)) and len(row.successors) == 1 and row.successors[0] not in seen:
        code = row.successors[0]
        seen.add(code)
    return code


def _apart(moved: Iterable[CategoryInput]) -> Iterable[str]:
    for row in moved:
        if len(row.successors) > 1:
            yield from (row.code, *row.successors)


def _note(row: CategoryInput, known: dict[str, CategoryInput]) -> str:
    ends = [_end(known, code) for code in row.successors]
    labels = [f"« {known[code].form_label} »" for code in ends]
    if len(labels) == 1:
        return f"« {row.form_label} » est désormais réunie à {labels[0]} : elles sont comparées ensemble."
    return f"« {row.form_label} » est désormais partagée en {', '.join(labels)} : elles ne sont pas comparées."
