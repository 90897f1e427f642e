"""The proof of the French: everything that the shipped questionnaire can say, said and checked."""

import re
from collections import Counter
from functools import cache

import pytest

from observations.composer.compose import compose_effect
from observations.composer.questionnaire.inputs import EffectInput, ObservationInput
from observations.composer.saying.document import Passage
from observations.enums import InclusiveWriting, Lean, ObservationState, Polarity
from observations.rendering.grammar import corrections
from tests.composer.answers import (
    PROMISES,
    all_answers,
    expected_marks,
    faults,
    marked,
    marks_of,
    polarities,
    said_marks,
    whole,
)
from tests.questionnaire import shipped_edition, shipped_effect

CODES = [effect.code for effect in shipped_edition().effects]
every_effect = pytest.mark.parametrize("code", CODES)
every_writing = pytest.mark.parametrize("writing", InclusiveWriting)


Spoken = list[tuple[ObservationInput, tuple[Passage, ...]]]


def passages(
    effect: EffectInput, observation: ObservationInput, writing: InclusiveWriting
) -> tuple[Passage, ...]:
    section = compose_effect(effect, observation, writing)
    return section.passages if section else ()


@cache
def everything(code: str, writing: InclusiveWriting) -> Spoken:
    """What is said of every way to answer the effect."""
    effect = shipped_effect(code)
    return [(seen, passages(effect, seen, writing)) for seen in all_answers(effect)]


@cache
def everything_marked(code: str, writing: InclusiveWriting) -> Spoken:
    """The same with each wording replaced by the code of what it says."""
    effect = marked(shipped_effect(code))
    return [(seen, passages(effect, seen, writing)) for seen in all_answers(effect)]


@every_effect
@every_writing
def test_what_is_answered_is_said_once_and_nothing_else(code: str, writing: InclusiveWriting):
    effect = marked(shipped_effect(code))
    for observation, spoken in everything_marked(code, writing):
        assert said_marks(spoken) == expected_marks(effect, observation), observation
        if not spoken:
            assert compose_effect(effect, observation, writing) is None


@every_effect
def test_negative_is_never_listed_with_positive(code: str):
    effect = marked(shipped_effect(code))
    meaning = polarities(effect)
    for observation, spoken in everything_marked(code, InclusiveWriting.FULL):
        for passage in spoken:
            said = {meaning.get(mark, Polarity.NEUTRAL) for mark in marks_of(passage)}
            assert not {Polarity.POSITIVE, Polarity.NEGATIVE} <= said, observation
            if Polarity.NEGATIVE in said:
                assert passage.polarity is Polarity.NEGATIVE


@pytest.mark.parametrize("code", PROMISES)
@every_writing
def test_words_say_the_answer_and_not_its_opposite(code: str, writing: InclusiveWriting):
    kept: Counter[str] = Counter()
    for observation, spoken in everything_marked(code, writing):
        for passage in spoken:
            text = whole(passage)
            for words, mark in PROMISES[code].items():
                if re.search(words, text):
                    assert re.search(f"{words}[^⟦]*⟦{mark}", text), observation
                    kept[words] += 1
    assert kept.keys() == PROMISES[code].keys()


@every_effect
@every_writing
def test_no_sentence_leans_on_one_that_is_not_there(code: str, writing: InclusiveWriting):
    leaning = re.compile(r"^(Ces|Ceux|Celles|Il a aussi)\b|\b(aussi|cependant)\b")
    for _, spoken in everything(code, writing):
        positive_before = False
        for rank, passage in enumerate(spoken):
            if leaning.search(passage.text):
                assert rank > 0, passage.text
                if re.search(r"\b(aussi|cependant)\b", passage.text):
                    assert positive_before, passage.text
            positive_before |= passage.polarity is Polarity.POSITIVE


@every_effect
def test_sentences_that_lean_say_so(code: str):
    """The words « aussi » and « Ces … » are where the data declares that a sentence leans."""
    for sentence in shipped_effect(code).sentences:
        if re.search(r"^Ces\b|\b(aussi|cependant)\b", sentence.template.short):
            assert sentence.leans_on is not Lean.NOTHING, sentence.template.short


def distinct_sentences() -> dict[str, Passage]:
    """Every sentence with each of its items, by its text."""
    found: dict[str, Passage] = {}
    for effect in shipped_edition().effects:
        for writing in InclusiveWriting:
            for _, spoken in everything(effect.code, writing):
                for passage in spoken:
                    found.setdefault(" ".join([passage.text, *passage.items]), passage)
            for state in (ObservationState.NOT_OBSERVED, ObservationState.NOT_APPLICABLE):
                for passage in passages(effect, ObservationInput(state=state), writing):
                    found[passage.text] = passage
    return found


@pytest.fixture(scope="module")
def sentences() -> dict[str, Passage]:
    return distinct_sentences()


def test_every_sentence_is_well_formed(sentences):
    wrong = {text: faults(passage) for text, passage in sentences.items() if faults(passage)}
    assert wrong == {}


def test_grammalecte_finds_nothing_to_correct(sentences):
    lines = sorted({line for passage in sentences.values() for line in spoken_lines(passage)})
    assert len(lines) > 500
    assert corrections(lines) == {}


def test_grammalecte_would_find_the_faults_of_the_old_reports():
    faulty = [
        "Les actions de formation ont bénéficiées à 10\u00a0personnes.",
        "Certaines personnes a dit avoir plus confiance en elles.",
        "Des mutualisations de espaces ont été observées.",
    ]
    assert set(corrections(faulty)) == set(faulty)


def spoken_lines(passage: Passage) -> list[str]:
    """A bulleted sentence is read once with each item, and once with all of them."""
    if not passage.items:
        return [passage.text]
    every = ", ".join(passage.items)
    return [f"{passage.text} {item}." for item in (*passage.items, every)]


def test_enough_is_said(sentences):
    openings = Counter(text.split(" ")[0] for text in sentences)
    assert len(sentences) > 1000
    assert {"Environ", "Aucun", "Aucune", "1250"} & set(openings) >= {"Environ", "Aucun", "Aucune"}
