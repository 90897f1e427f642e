"""What a report would say of an effect before anybody answers it, for whoever writes its words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from observations.composer.compose import compose_effect, unsaid_labels
from observations.composer.language.french import with_final_stop
from observations.composer.questionnaire.inputs import (
    Answer,
    CategoryInput,
    Count,
    EffectInput,
    ObservationInput,
    QuestionInput,
)
from observations.composer.questionnaire.standing import is_asked, parents_first
from observations.enums import InclusiveWriting, Polarity, QuestionKind

Answers = dict[str, Answer]
COUNTS = ((0, False), (1, False), (2, False), (1000, False), (12, True))  # and « environ »

# What does not read well in a composed text, and how to say so.
_AMISS = (
    (r"\b(?!nous|vous)([^\W\d_]{2,}|à) +\1\b", "un mot est dit deux fois"),
    (
        r"\b(?:de|que|ne|se|je|le|la) (?!onz|oui|ouist|ulul)[aeiouàâéèêëîïôöùûœ]",
        "il manque une élision",
    ),
    (r"\b[Qq]ue (?:ils?|elles?|on)\b", "il manque une élision"),
    (r" [,.]|\.\.|,,|;;|[,;]\.| {2}", "la ponctuation ou les espaces"),
)
_AMISS_COMPILED = tuple((re.compile(pattern), reason) for pattern, reason in _AMISS)


@dataclass(frozen=True, slots=True)
class Example:
    """`said_full`: the same in full words, empty when it is no different."""

    title: str
    said: str
    said_full: str = ""


@dataclass(frozen=True, slots=True)
class ExampleGroup:
    title: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`remarks`: French sentences, what does not read well or is never said; nothing forbids it."""

    groups: tuple[ExampleGroup, ...]
    remarks: tuple[str, ...]


def rehearse(effect: EffectInput) -> Rehearsal:
    """Nothing, everything, each polarity, then each question: one answer, two, counts."""
    groups = [
        ExampleGroup(title, tuple(_example(effect, *pair) for pair in answers))
        for title, answers in _answers(effect)
    ]
    remarks = [*_unsaid(effect), *_on_wordings(effect), *_on_texts(groups)]
    return Rehearsal(tuple(groups), tuple(dict.fromkeys(remarks)))


def _answers(effect: EffectInput) -> Iterator[tuple[str, list[tuple[str, Answers]]]]:
    yield (
        "En bref",
        [
            ("Rien de coché", {}),
            ("Tout coché", _everything(effect.questions)),
            *_each_polarity(effect),
        ],
    )
    for question in effect.questions:
        alone = [(title, {question.code: answer}) for title, answer in _of_question(question)]
        yield question.label, [(title, _with_parents(effect, found)) for title, found in alone]


def _everything(questions: Iterable[QuestionInput], polarity: Polarity | None = None) -> Answers:
    answers: Answers = {}
    for question in questions:
        codes = tuple(c.code for c in _offered(question) if polarity in (None, c.polarity))
        if question.kind is QuestionKind.COUNT:
            answers[question.code] = Count(*COUNTS[-1], question.period)
        elif codes:
            answers[question.code] = codes[:1] if question.kind is QuestionKind.SINGLE else codes
    return answers


def _each_polarity(effect: EffectInput) -> Iterator[tuple[str, Answers]]:
    known = {row.polarity for question in effect.questions for row in _offered(question)}
    if len(known) > 1:
        chosen = [row for row in effect.questions if row.kind is not QuestionKind.COUNT]
        for polarity in (row for row in Polarity if row in known):
            answers = _with_parents(effect, _everything(chosen, polarity))
            yield f"Seulement : {polarity.label.lower()}", answers


def _of_question(question: QuestionInput) -> Iterator[tuple[str, Answer]]:
    if question.kind is QuestionKind.COUNT:
        for value, is_about in COUNTS:
            title = f"{'environ ' if is_about else ''}{value}"
            yield title, Count(value, is_about, question.period)
        return
    offered = _offered(question)
    for row in offered:
        yield row.form_label, (row.code,)
    if question.kind is QuestionKind.MULTIPLE:
        for first, second in combinations(offered, 2):
            yield f"{first.form_label} + {second.form_label}", (first.code, second.code)


def _offered(question: QuestionInput) -> list[CategoryInput]:
    return [row for row in question.categories if not (row.silent or row.retired)]


def _with_parents(effect: EffectInput, answers: Answers) -> Answers:
    """With the first answer that opens each question that asks for one."""
    known = {question.code: question for question in effect.questions}
    found = dict(answers)
    for question in reversed(parents_first(effect)):
        parent = question.parent
        if question.code not in found or parent is None or is_asked(question, found):
            continue
        above = known[parent.question].categories if parent.question in known else ()
        if opening := [row.code for row in above if row.code in parent.categories]:
            found[parent.question] = (opening[0],)
    return found


def _example(effect: EffectInput, title: str, answers: Answers) -> Example:
    short = _text(effect, answers, InclusiveWriting.MEDIAN_POINT)
    full = _text(effect, answers, InclusiveWriting.FULL)
    return Example(title, short, full if full != short else "")


def _text(effect: EffectInput, answers: Answers, writing: InclusiveWriting) -> str:
    section = compose_effect(effect, ObservationInput(answers=answers), writing)
    passages = section.passages if section else ()
    return " ".join(
        with_final_stop(f"{row.text} {' ; '.join(row.items)}") if row.items else row.text
        for row in passages
    )


def _unsaid(effect: EffectInput) -> Iterator[str]:
    for question in effect.questions:
        answers = dict(_of_question(question))
        silent = [
            title for title, answer in answers.items() if _is_unsaid(effect, question, answer)
        ]
        if silent and len(silent) == len(answers):
            yield f"Aucune phrase ne dit la question « {question.label} »."
        else:
            for title in silent:
                if " + " not in title:
                    yield f"Aucune phrase ne dit « {title} » (question « {question.label} »)."


def _is_unsaid(effect: EffectInput, question: QuestionInput, answer: Answer) -> bool:
    said = ObservationInput(answers=_with_parents(effect, {question.code: answer}))
    unsaid = unsaid_labels(effect, said, InclusiveWriting.FULL)
    labels = {row.form_label for row in question.categories} | {question.label}
    return not labels.isdisjoint(unsaid)


def _on_wordings(effect: EffectInput) -> Iterator[str]:
    for question in effect.questions:
        for row in _offered(question):
            wording = row.wording.short
            if wording[:1].isupper() and not wording[:2].isupper():
                yield f"« {wording} » commence par une majuscule, et sera au milieu d’une phrase."
            if wording.endswith((".", ",", ";", ":")):
                yield f"« {wording} » finit par une ponctuation : la phrase met la sienne."
            if "·" in wording and not row.wording.full:
                yield f"« {wording} » n’a pas ses formes complètes."
    for sentence in effect.sentences:
        if "·" in sentence.template.short and not sentence.template.full:
            yield f"« {sentence.template.short} » n’a pas ses formes complètes."


def _on_texts(groups: Iterable[ExampleGroup]) -> Iterator[str]:
    for group in groups:
        for example in group.examples:
            for text in filter(None, (example.said, example.said_full)):
                for pattern, reason in _AMISS_COMPILED:
                    if match := pattern.search(text):
                        around = text[max(0, match.start() - 20) : match.end() + 20].strip()
                        yield f"À relire, {reason} : « …{around}… »."
