"""What is asked beside the common core: by whom, of whom, and what is said of it."""

from dataclasses import replace

import pytest

from observations.composer.compose import compose, compose_effect
from observations.composer.questionnaire.asked import digest_of, read_asked, write_asked
from observations.composer.questionnaire.inputs import (
    CategoryInput,
    EffectInput,
    ObservationInput,
    Parent,
    QuestionInput,
    SentenceInput,
    Wording,
)
from observations.composer.questionnaire.origin import Owner, asked_at, common_core, misplaced
from observations.composer.questionnaire.template import check_sentence
from observations.composer.rehearsal import rehearse
from observations.composer.saying.data import effect_data
from observations.composer.saying.network import NetworkSummary
from observations.composer.saying.table import asked_in, rows_of
from observations.enums import InclusiveWriting, Origin, Polarity, QuestionKind
from tests.composer.test_document import le_wip
from tests.questionnaire import shipped_edition, shipped_effect

COMPOST = QuestionInput(
    code="compost",
    kind=QuestionKind.MULTIPLE,
    label="Que fait-on au compost ?",
    categories=(
        CategoryInput("ateliers", "Des ateliers", Wording("des ateliers"), Polarity.NEUTRAL),
    ),
    origin=Origin.SITE,
    site="arche",
)
SENTENCE = SentenceInput(9, Wording("Autour du compost, on a observé {compost}"))


def with_compost(question: QuestionInput = COMPOST) -> EffectInput:
    effect = shipped_effect("lien-social")
    return replace(
        effect,
        questions=(*effect.questions, question),
        sentences=(*effect.sentences, SENTENCE),
    )


def test_asked_questions_are_kept_exactly():
    effects = (*shipped_edition().effects, with_compost())
    rows = write_asked(effects)
    assert read_asked(rows) == effects
    assert digest_of(rows) == digest_of(write_asked(read_asked(rows)))
    assert digest_of(rows) != digest_of(rows[:-1])


def test_a_set_has_one_digest_whatever_its_order():
    several = Parent("occasions", frozenset({"evenements", "vie-quotidienne", "temps-rencontre"}))
    (row,) = write_asked((with_compost(replace(COMPOST, parent=several)),))
    codes = row["questions"][-1]["parent"]["categories"]
    assert codes == sorted(codes)


def test_a_site_own_question_and_its_sentence_are_asked_of_it_alone():
    effect = with_compost()
    assert asked_at((effect,), "arche") == (effect,)
    assert asked_at((effect,), "le-wip") == (shipped_effect("lien-social"),)
    own = replace(shipped_effect("sante"), code="jardin", origin=Origin.SITE, site="arche")
    assert asked_at((effect, own), "le-wip") == (shipped_effect("lien-social"),)
    assert asked_at((effect, own), "arche") == (effect, own)


def test_common_core_has_nobody_s_own():
    network = replace(shipped_effect("sante"), code="jardin", origin=Origin.NETWORK)
    effects = (*shipped_edition().effects, network)
    assert common_core((with_compost(), *effects[1:])) == shipped_edition().effects
    assert asked_at(effects, "le-wip") == effects


def test_a_sentence_of_a_vocabulary_stays_while_a_question_has_it():
    effect = shipped_effect("egalite")
    asking = [row for row in effect.questions if row.vocabulary == "parite"]
    last = asking[-1]
    owned = {row.code: replace(row, origin=Origin.NETWORK) for row in asking}
    spoken = [row for row in effect.sentences if "{parite:" in row.template.short]
    assert spoken

    def core_without(codes):
        rows = tuple(owned[row.code] if row.code in codes else row for row in effect.questions)
        (narrowed,) = common_core((replace(effect, questions=rows),))
        for sentence in narrowed.sentences:
            check_sentence(sentence, narrowed)
        return narrowed.sentences

    assert set(spoken) <= set(core_without({last.code}))
    assert not set(spoken) & set(core_without(owned))


def test_a_sentence_that_agrees_with_an_unseen_question_in_full_words_goes_with_it():
    effect = with_compost()
    full = "On a vu [compost: un / des] {occasions}"
    sentence = SentenceInput(9, Wording("On a vu {occasions}", full))
    check_sentence(sentence, effect)
    whole = replace(effect, sentences=(*effect.sentences, sentence))
    (narrowed,) = asked_at((whole,), "le-wip")
    assert narrowed == shipped_effect("lien-social")


def test_report_marks_what_is_not_common():
    effect = with_compost()
    said = ObservationInput(answers={"publics": ("voisins",), "compost": ("ateliers",)})
    section = compose_effect(effect, said, InclusiveWriting.FULL)
    assert [passage.origin for passage in section.passages] == [Origin.CORE, Origin.SITE]
    assert section.passages[-1].text == "Autour du compost, on a observé des ateliers."
    assert effect_data(effect, said).questions[-1].origin is Origin.SITE
    own = replace(effect, origin=Origin.SITE, site="arche")
    section = compose_effect(own, said, InclusiveWriting.FULL)
    assert section.origin is Origin.SITE
    assert {passage.origin for passage in section.passages} == {Origin.CORE}
    assert {row.origin for row in effect_data(own, said).questions} == {Origin.SITE}


def test_words_of_an_own_question_are_rehearsed_like_the_others():
    rehearsed = rehearse(with_compost())
    assert "Que fait-on au compost ?" in [group.title for group in rehearsed.groups]
    assert rehearsed.remarks == ()


@pytest.mark.parametrize(
    ("effect", "question", "parent", "is_fine"),
    [
        (Owner(Origin.CORE), Owner(Origin.SITE, "arche"), None, True),
        (Owner(Origin.SITE, "arche"), Owner(Origin.CORE), None, True),
        (Owner(Origin.SITE, "arche"), Owner(Origin.SITE, "arche"), Owner(Origin.CORE), True),
        (Owner(Origin.SITE, "arche"), Owner(Origin.SITE, "le-wip"), None, False),
        (Owner(Origin.CORE), Owner(Origin.CORE), Owner(Origin.NETWORK), False),
        (Owner(Origin.CORE), Owner(Origin.NETWORK), Owner(Origin.SITE, "arche"), False),
        (Owner(Origin.CORE), Owner(Origin.SITE, "arche"), Owner(Origin.NETWORK), True),
        (Owner(Origin.CORE), Owner(Origin.SITE, "a"), Owner(Origin.SITE, "b"), False),
        (Owner(Origin.NETWORK), Owner(Origin.CORE), Owner(Origin.CORE), True),
    ],
)
def test_a_question_is_asked_after_one_that_its_sites_see(effect, question, parent, is_fine):
    first, second, *_ = shipped_effect("lien-social").questions
    before = replace(first, origin=parent.origin, site=parent.site) if parent else first
    after = Parent(first.code, frozenset({"voisins"})) if parent else None
    asked = replace(second, origin=question.origin, site=question.site, parent=after)
    whole = replace(
        shipped_effect("lien-social"),
        origin=effect.origin,
        site=effect.site,
        questions=(before, asked),
    )
    assert ([code for code, _ in misplaced(whole)] == []) is is_fine


def reported(slug: str, *effects: EffectInput):
    inputs = le_wip()
    return replace(
        inputs,
        site=replace(inputs.site, slug=slug),
        effects=asked_at((*inputs.effects, *effects), slug),
    )


def test_what_is_a_site_s_own_counts_nowhere_else():
    own = replace(shipped_effect("sante"), code="jardin", origin=Origin.SITE, site="arche")
    network = replace(shipped_effect("sante"), code="marche", origin=Origin.NETWORK)
    documents = [compose(reported(slug, own, network)) for slug in ("arche", "le-wip")]
    summary = NetworkSummary()
    for document in documents:
        summary.add(document)
    assert set(summary.asked) == {*(row.code for row in shipped_edition().effects), "marche"}
    asked = asked_in(documents)
    rows = {document.site.slug: list(rows_of(document, 1, asked)) for document in documents}
    assert {row.origin for row in rows["le-wip"]} == {"core", "network"}
    assert {row.effect for row in rows["arche"] if row.origin == "site"} == {"jardin"}
    assert not [row for row in rows["le-wip"] if row.effect == "jardin"]


def test_a_site_s_own_question_of_another_year_was_not_asked_this_year():
    own = replace(shipped_effect("sante"), code="jardin", origin=Origin.SITE, site="arche")
    documents = [
        compose(replace(reported("arche", own), year=2023)),
        compose(reported("arche")),
    ]
    rows = [row for row in rows_of(documents[1], 1, asked_in(documents)) if row.effect == "jardin"]
    assert {row.absence for row in rows} == {"not_asked"}
