"""Two versions of one page side by side, in words; and one made of both."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from observations.composer.questionnaire.inputs import (
    Answer,
    Count,
    EffectInput,
    Entry,
    ObservationInput,
    QuestionInput,
)
from observations.composer.saying.speaker import count_phrase
from observations.enums import Keep, QuestionKind

_ANSWER = "answer-"  # before a question's code: the key of its answer


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two versions say differently; `saved` and `typed` are texts to show."""

    key: str
    label: str
    saved: str
    typed: str
    choices: tuple[Keep, ...]
    suggested: Keep

    @property
    def fragments(self) -> list["Fragment"]:
        return changed_words(self.saved, self.typed)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of words; `kind` is "same", "removed" or "added"."""

    kind: str
    text: str


def differences(
    effect: EffectInput, saved: Entry, typed: Entry, base: Entry | None = None
) -> list[Difference]:
    """`saved` is in the database, `typed` on somebody's screen; `base` is what both began from,
    so that what only one of them touched is suggested from that one."""
    ours, theirs = _values(effect, typed), _values(effect, saved)
    start = _values(effect, base) if base else {}
    return [
        Difference(
            key,
            _label(effect, key),
            _in_words(effect, key, theirs[key]),
            _in_words(effect, key, value),
            tuple(_choices(effect, key)),
            _suggested(effect, key, start.get(key), theirs[key], value),
        )
        for key, value in ours.items()
        if value != theirs[key]
    ]


def merge(effect: EffectInput, saved: Entry, typed: Entry, keep: dict[str, Keep]) -> Entry:
    """What is different is taken as `keep` says, by key; the typed page's where it says nothing."""
    ours, theirs = _values(effect, typed), _values(effect, saved)
    values = {
        key: _kept(effect, key, theirs[key], value, keep.get(key, Keep.TYPED))
        for key, value in ours.items()
    }
    answers = {
        question.code: values[_ANSWER + question.code]
        for question in effect.questions
        if values[_ANSWER + question.code] != ()
    }
    said = ObservationInput(values["state"], answers, values["note"], values["since"])
    return Entry(said, values["internal_note"])


def _values(effect: EffectInput, entry: Entry) -> dict[str, Any]:
    """Everything a page holds, by key, in its order; ticks in the questionnaire's order."""
    said = entry.said
    return {
        "state": said.state,
        **{
            _ANSWER + question.code: _in_order(question, said.answers.get(question.code, ()))
            for question in effect.questions
        },
        "since": said.since,
        "note": said.note,
        "internal_note": entry.internal_note,
    }


def _in_order(question: QuestionInput, answer: Answer) -> Answer:
    if isinstance(answer, Count):
        return answer
    return tuple(row.code for row in question.categories if row.code in answer)


def _question(effect: EffectInput, key: str) -> QuestionInput | None:
    found = (row for row in effect.questions if _ANSWER + row.code == key)
    return next(found, None)


_LABELS = {
    "state": "Observé ou non",
    "since": "Depuis l’année dernière",
    "note": "Note",
    "internal_note": "Note interne",
}


def _label(effect: EffectInput, key: str) -> str:
    question = _question(effect, key)
    return question.label if question else _LABELS[key]


def _choices(effect: EffectInput, key: str) -> Iterator[Keep]:
    yield from (Keep.SAVED, Keep.TYPED)
    question = _question(effect, key)
    if (question is None and key != "state") or (
        question is not None and question.kind is QuestionKind.MULTIPLE
    ):
        yield Keep.BOTH


def _suggested(effect: EffectInput, key: str, base: Any, saved: Any, typed: Any) -> Keep:
    if base is not None and typed == base:
        return Keep.SAVED
    if base is not None and saved == base:
        return Keep.TYPED
    return Keep.BOTH if Keep.BOTH in _choices(effect, key) else Keep.TYPED


def _kept(effect: EffectInput, key: str, saved: Any, typed: Any, keep: Keep) -> Any:
    if keep is Keep.SAVED:
        return saved
    if keep is Keep.TYPED or saved == typed or Keep.BOTH not in _choices(effect, key):
        return typed
    question = _question(effect, key)
    if question is not None:
        return _in_order(question, (*saved, *typed))
    if key == "since":
        return {**saved, **typed}
    return _both_texts(saved, typed)


def _both_texts(saved: str, typed: str) -> str:
    """One after the other, unless one already holds the other."""
    if saved in typed:
        return typed
    return saved if typed in saved else f"{saved}\n\n{typed}"


def _in_words(effect: EffectInput, key: str, value: Any) -> str:
    question = _question(effect, key)
    if question is not None:
        return answer_in_words(question, value)
    if key == "state":
        return str(value.label)
    if key == "since":
        return _since_in_words(effect, value)
    return value or "Vide"


def answer_in_words(question: QuestionInput, answer: Answer) -> str:
    if isinstance(answer, Count):
        return count_phrase(question, answer)
    labels = [row.form_label for row in question.categories if row.code in answer]
    return " · ".join(labels) or "Sans réponse"


def _since_in_words(effect: EffectInput, since: dict[Any, Any]) -> str:
    labels = {
        (question.code, category.code): category.form_label
        for question in effect.questions
        for category in question.categories
    }
    labels |= {(question.code, ""): question.label for question in effect.questions}
    told = [
        f"{labels[key]}\u00a0: {verdict.label.lower()}"
        for key, verdict in since.items()
        if key in labels
    ]
    return " ; ".join(told) or "Rien de noté"


def changed_words(before: str, after: str) -> list[Fragment]:
    """Words taken out and put in, so that a reader sees what moved; all the words are kept."""
    old, new = _words(before), _words(after)
    found = []
    for act, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            found.append(Fragment("same", "".join(old[i:j])))
            continue
        found += [Fragment("removed", "".join(old[i:j]))] if j > i else []
        found += [Fragment("added", "".join(new[k:m]))] if m > k else []
    return found


_WORDS_COMPARED = 3000


def _words(text: str) -> list[str]:
    """Words with the space that follows; a long text goes by lines, or comparing would take minutes."""
    lines = text.splitlines(keepends=True)
    words = [word for line in lines for word in _pieces(line)]
    return words if len(words) <= _WORDS_COMPARED else lines


def _pieces(line: str) -> Iterator[str]:
    start = 0
    for at, char in enumerate(line):
        if char == " ":
            yield line[start : at + 1]
            start = at + 1
    if start < len(line):
        yield line[start:]


def with_known_codes(effect: EffectInput, said: ObservationInput) -> ObservationInput:
    """Without the answers that the questionnaire no longer has."""
    answers: dict[str, Answer] = {}
    for question in effect.questions:
        answer = said.answers.get(question.code, ())
        is_count = question.kind is QuestionKind.COUNT
        if isinstance(answer, Count) == is_count and (kept := _in_order(question, answer)) != ():
            answers[question.code] = kept
    return replace(said, answers=answers)
