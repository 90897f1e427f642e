"""Words are heard before they are saved: everything is shown, and what reads badly is named."""

from dataclasses import replace

import pytest

from observations.composer.questionnaire.inputs import (
    CategoryInput,
    EffectInput,
    Parent,
    QuestionInput,
    SentenceInput,
    Wording,
)
from observations.composer.rehearsal import rehearse
from observations.enums import Polarity, QuestionKind
from tests.questionnaire import shipped_edition, shipped_effect


@pytest.mark.parametrize("effect", shipped_edition().effects, ids=lambda effect: effect.code)
def test_every_answer_is_shown_and_the_shipped_words_read_well(effect):
    told = rehearse(effect)
    assert told.remarks == ()
    summary, *groups = told.groups
    assert summary.examples[0].said == ""
    assert all(row.said for group in told.groups for row in group.examples[group is summary :])
    assert [group.title for group in groups] == [question.label for question in effect.questions]
    for question, group in zip(effect.questions, groups, strict=True):
        titles = {row.title for row in group.examples}
        if question.kind is QuestionKind.COUNT:
            assert titles == {"0", "1", "2", "1000", "environ 12"}
        else:
            assert titles >= {row.form_label for row in question.categories if not row.silent}


def test_each_writing_and_each_polarity_are_heard():
    _, publics, *_ = rehearse(shipped_effect("lien-social")).groups
    neighbours = next(row for row in publics.examples if row.title == "Voisins et voisines")
    assert neighbours.said.endswith("voisin·e·s.")
    assert neighbours.said_full.endswith("voisins et voisines.")
    titles = [row.title for row in rehearse(shipped_effect("sante")).groups[0].examples]
    assert titles[2:] == ["Seulement : effet positif", "Seulement : effet négatif"]


def test_questions_are_heard_with_what_opens_them_whatever_their_rank():
    effect = shipped_effect("cadre-de-vie")
    image, kind = effect.questions
    opening = CategoryInput("oui", "Oui", Wording("on en parle"), Polarity.NEUTRAL)
    first = QuestionInput("avis", QuestionKind.SINGLE, "Un avis ?", categories=(opening,))
    image = replace(image, parent=Parent("avis", frozenset({"oui"})))
    sentence = SentenceInput(9, Wording("Ici, {avis}."))
    heard = replace(effect, questions=(first, image, kind), sentences=(*effect.sentences, sentence))
    moved = replace(heard, questions=heard.questions[::-1])
    assert rehearse(heard).remarks == rehearse(moved).remarks == ()
    said = {group.title: group.examples for group in rehearse(heard).groups[1:]}
    assert {group.title: group.examples for group in rehearse(moved).groups[1:]} == said


def with_wording(short: str, full: str = "") -> EffectInput:
    effect = shipped_effect("sante")
    question, *rest = effect.questions
    first, *others = question.categories
    first = replace(first, wording=Wording(short, full))
    return replace(effect, questions=(replace(question, categories=(first, *others)), *rest))


def with_template(template: str) -> EffectInput:
    effect = shipped_effect("sante")
    sentences = [replace(row, template=Wording(template)) for row in effect.sentences[:1]]
    return replace(effect, sentences=tuple(sentences))


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (with_wording("Avoir confiance"), "commence par une majuscule"),
        (with_wording("avoir confiance."), "finit par une ponctuation"),
        (with_wording("être écouté·e"), "« être écouté·e » n’a pas ses formes complètes"),
        (with_wording("se sentir de la la famille"), "un mot est dit deux fois : « …"),
        (with_template("Les personnes vont vont mieux : {effets+}"), "un mot est dit deux fois"),
        (with_wording("faire partie de associations"), "il manque une élision"),
        (with_wording("ce que ils savent"), "il manque une élision"),
        (with_wording("aller mieux , parfois"), "la ponctuation ou les espaces"),
        (with_template("Les usager·e·s vont mieux : {effets+}."), "n’a pas ses formes complètes"),
        (with_template("Tout va mieux : {effets+}."), "Aucune phrase ne dit « "),
        (replace(shipped_effect("sante"), sentences=()), "Aucune phrase ne dit la question « "),
    ],
)
def test_what_reads_badly_is_named(effect, said):
    assert any(said in remark for remark in rehearse(effect).remarks)


def test_good_wordings_are_left_alone():
    for wording in (
        "INSEE et autres",
        "partir le onze",
        "ce qui nous nous touche",
        "que oui",
        "être à la maison",
    ):
        assert rehearse(with_wording(wording)).remarks == (), wording
