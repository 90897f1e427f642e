"""What changes from one edition to the next is told in plain French, and all of it."""

from dataclasses import replace

import pytest

from observations.composer.questionnaire.editions import differences
from observations.composer.questionnaire.inputs import (
    EditionInput,
    Parent,
    VocabularyInput,
    Wording,
)
from observations.enums import Origin, Scale
from tests.questionnaire import shipped_edition

BEFORE = shipped_edition()


def with_effect(**changes) -> EditionInput:
    first, *rest = BEFORE.effects
    return replace(BEFORE, effects=(replace(first, **changes), *rest))


def with_question(rank: int = 1, **changes) -> EditionInput:
    questions = list(BEFORE.effects[0].questions)
    questions[rank] = replace(questions[rank], **changes)
    return with_effect(questions=tuple(questions))


def with_category(**changes) -> EditionInput:
    first, *rest = BEFORE.effects[0].questions[1].categories
    return with_question(categories=(replace(first, **changes), *rest))


def said(after: EditionInput, before: EditionInput = BEFORE) -> list[str]:
    return [
        f"{row.title} | {sentence}"
        for row in differences(before, after)
        for sentence in row.sentences
    ]


def test_the_same_words_have_no_difference():
    assert said(replace(BEFORE, first_year=2027, title="Autre")) == []


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (with_effect(title="Liens"), "Liens | Le titre était « Lien social »."),
        (with_effect(scale=Scale.COLLECTIVE), "L’effet passe à l’échelle « "),
        (with_effect(help_text=""), "La question d’ouverture ou l’aide change."),
        (with_effect(not_observed="Rien."), "d’un effet non observé, ou non concerné, change."),
        (with_question(label="Quand ?"), "« À quelles occasions ? » devient « Quand ? »."),
        (with_question(help_text="Autre."), "« À quelles occasions ? » : l’aide change."),
        (
            with_question(parent=Parent("publics", frozenset({"voisins"})), carries_over=False),
            "ce après quoi elle est posée change, sa reprise d’une année sur l’autre change.",
        ),
        (with_category(form_label="Tous les jours"), "devient « Tous les jours »."),
        (
            with_category(wording=Wording("tous les jours")),
            "le rapport disait « dans la vie quotidienne du projet », il dira « tous les jours ».",
        ),
        (with_category(retired=True), "n’est plus proposée."),
        (with_category(successors=("evenements",), retired=True), "est réunie à une autre"),
        (with_category(silent=True), "son sens, ou son silence dans le rapport, change."),
        (with_effect(questions=BEFORE.effects[0].questions[1:]), "Question retirée : « Entre qui"),
        (with_question(categories=()), "Catégorie retirée : « Dans la vie quotidienne"),
        (with_effect(sentences=()), "Phrase qui n’est plus dite : « "),
        (
            replace(BEFORE, effects=BEFORE.effects[1:]),
            "Lien social | Cet effet n’est plus demandé.",
        ),
        (replace(BEFORE, vocabularies=()), "Publics | Retiré."),
    ],
)
def test_each_difference_is_told(after, sentence):
    told = [text.replace("\u00a0", " ").replace("\u202f", " ") for text in said(after)]
    assert any(sentence in text for text in told), told


def test_what_is_taken_back_is_told_the_other_way():
    told = " ".join(said(BEFORE, with_effect(sentences=(), questions=())))
    assert "Nouvelle question" in told
    assert "Phrase nouvelle ou modifiée" in told
    assert "Nouvelle catégorie" in " ".join(said(BEFORE, with_question(categories=())))
    assert "est proposée de nouveau" in " ".join(said(BEFORE, with_category(retired=True)))
    assert "Nouvel effet." in " ".join(said(BEFORE, replace(BEFORE, effects=())))
    assert "Nouveau vocabulaire." in " ".join(said(BEFORE, replace(BEFORE, vocabularies=())))


def test_shared_categories_are_told_once():
    publics = next(row for row in BEFORE.vocabularies if row.code == "publics")
    shorter = VocabularyInput(publics.code, publics.title, publics.categories[1:])
    others = tuple(row for row in BEFORE.vocabularies if row.code != "publics")
    shorter = replace(shorter, title="Les publics")
    renamed, told = said(replace(BEFORE, vocabularies=(shorter, *others)))
    assert renamed.startswith("Les publics | Le titre était")
    assert told.startswith("Les publics | Catégorie retirée")


def test_who_is_asked_is_told():
    own = {"origin": Origin.SITE, "site": "arche"}
    (sentence,) = said(with_effect(**own))
    assert sentence.endswith("L’effet n’est plus demandé aux mêmes lieux.")
    (sentence,) = said(with_question(**own))
    assert sentence.endswith("elle n’est plus posée aux mêmes lieux.")
