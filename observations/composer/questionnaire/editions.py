"""What one edition of the questionnaire says otherwise than another, in plain French. By code."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from observations.composer.language.french import typography
from observations.composer.questionnaire.inputs import (
    CategoryInput,
    EditionInput,
    EffectInput,
    QuestionInput,
    SentenceInput,
    VocabularyInput,
)

_Row = TypeVar("_Row", EffectInput, VocabularyInput, QuestionInput, CategoryInput)
_Titled = TypeVar("_Titled", EffectInput, VocabularyInput)


@dataclass(frozen=True, slots=True)
class Difference:
    """`title`: the effect or the vocabulary that says otherwise; `sentences`: what."""

    title: str
    sentences: tuple[str, ...]


def differences(before: EditionInput, after: EditionInput) -> list[Difference]:
    """In the order of `after`, then what is gone. Empty when both ask and say the same."""
    effects, vocabularies = (
        (before.effects, after.effects),
        (before.vocabularies, after.vocabularies),
    )
    pairs = [
        *_pairs(*effects, _in_effect, "Nouvel effet.", "Cet effet n’est plus demandé."),
        *_pairs(*vocabularies, _in_vocabulary, "Nouveau vocabulaire.", "Retiré."),
    ]
    told = [(title, list(sentences)) for title, sentences in pairs]
    return [Difference(title, tuple(map(typography, said))) for title, said in told if said]


def _matched(
    before: Iterable[_Row], after: Iterable[_Row]
) -> tuple[list[tuple[_Row | None, _Row]], list[_Row]]:
    """By code: each row of `after` with what it was, then the rows that are gone."""
    was = {row.code: row for row in before}
    pairs = [(was.pop(row.code, None), row) for row in after]
    return pairs, list(was.values())


def _pairs(
    before: Iterable[_Titled],
    after: Iterable[_Titled],
    inside: Callable[[_Titled, _Titled], Iterator[str]],
    is_new: str,
    is_gone: str,
) -> Iterator[tuple[str, Iterable[str]]]:
    pairs, gone = _matched(before, after)
    for was, now in pairs:
        yield now.title, [is_new] if was is None else inside(was, now)
    for row in gone:
        yield row.title, [is_gone]


def _in_vocabulary(was: VocabularyInput, now: VocabularyInput) -> Iterator[str]:
    if was.title != now.title:
        yield f"Le titre était « {was.title} »."
    yield from _in_categories(was.categories, now.categories)


def _in_effect(was: EffectInput, now: EffectInput) -> Iterator[str]:
    if was.title != now.title:
        yield f"Le titre était « {was.title} »."
    if was.scale is not now.scale:
        yield f"L’effet passe à l’échelle « {now.scale.report_title} »."
    if (was.prompt, was.help_text) != (now.prompt, now.help_text):
        yield "La question d’ouverture ou l’aide change."
    if (was.not_observed, was.not_applicable) != (now.not_observed, now.not_applicable):
        yield "Ce que dit le rapport d’un effet non observé, ou non concerné, change."
    if (was.origin, was.site) != (now.origin, now.site):
        yield "L’effet n’est plus demandé aux mêmes lieux."
    yield from _in_questions(was.questions, now.questions)
    yield from _in_sentences(was.sentences, now.sentences)


def _in_questions(
    before: tuple[QuestionInput, ...], after: tuple[QuestionInput, ...]
) -> Iterator[str]:
    pairs, gone = _matched(before, after)
    for was, now in pairs:
        if was is None:
            yield f"Nouvelle question : « {now.label} »."
        else:
            yield from _in_question(was, now)
    for row in gone:
        yield f"Question retirée : « {row.label} »."


# What else may change in a question, and how it is said.
_OF_A_QUESTION: tuple[tuple[Callable[[QuestionInput], object], str], ...] = (
    (lambda row: (row.origin, row.site), "elle n’est plus posée aux mêmes lieux"),
    (lambda row: row.kind, "la façon de répondre change"),
    (lambda row: row.parent, "ce après quoi elle est posée change"),
    (lambda row: row.help_text, "l’aide change"),
    (lambda row: (row.unit, row.period), "l’unité ou la période change"),
    (lambda row: row.subject, "la façon dont le rapport en parle change"),
    (lambda row: row.vocabulary, "elle prend ses catégories ailleurs"),
    (lambda row: row.carries_over, "sa reprise d’une année sur l’autre change"),
)


def _in_question(was: QuestionInput, now: QuestionInput) -> Iterator[str]:
    if was.label != now.label:
        yield f"« {was.label} » devient « {now.label} »."
    told = [said for part, said in _OF_A_QUESTION if part(was) != part(now)]
    if told:
        yield f"« {now.label} » : {', '.join(told)}."
    if not (was.vocabulary or now.vocabulary):
        yield from _in_categories(was.categories, now.categories)


def _in_categories(
    before: tuple[CategoryInput, ...], after: tuple[CategoryInput, ...]
) -> Iterator[str]:
    pairs, gone = _matched(before, after)
    for was, now in pairs:
        if was is None:
            yield f"Nouvelle catégorie : « {now.form_label} »."
        else:
            yield from _in_category(was, now)
    for row in gone:
        yield f"Catégorie retirée : « {row.form_label} »."


def _in_category(was: CategoryInput, now: CategoryInput) -> Iterator[str]:
    if was.form_label != now.form_label:
        yield f"« {was.form_label} » devient « {now.form_label} »."
    if was.wording != now.wording:
        yield (
            f"« {now.form_label} » : le rapport disait « {was.wording.short} »,"
            f" il dira « {now.wording.short} »."
        )
    if was.successors != now.successors:
        yield f"« {now.form_label} » est réunie à une autre catégorie, partagée, ou ne l’est plus."
    elif was.retired != now.retired:
        yield f"« {now.form_label} » {'n’est plus proposée' if now.retired else 'est proposée de nouveau'}."
    if (was.polarity, was.silent) != (now.polarity, now.silent):
        yield f"« {now.form_label} » : son sens, ou son silence dans le rapport, change."


def _in_sentences(
    before: tuple[SentenceInput, ...], after: tuple[SentenceInput, ...]
) -> Iterator[str]:
    for row in after:
        if row not in before:
            yield f"Phrase nouvelle ou modifiée : « {row.template.short} »."
    for row in before:
        if row not in after and row.template not in [other.template for other in after]:
            yield f"Phrase qui n’est plus dite : « {row.template.short} »."
