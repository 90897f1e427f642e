"""What passes the checks is said and asked; a question's rank says where it is shown, no more."""

from collections import Counter as Times
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observations.composer.questionnaire.faults import faults
from observations.composer.questionnaire.inputs import (
    CategoryInput,
    Count,
    EffectInput,
    ObservationInput,
    Parent,
    QuestionInput,
    SentenceInput,
    Unit,
    Wording,
)
from observations.composer.questionnaire.standing import (
    impossible_parents,
    parents_first,
    standing_answers,
)
from observations.composer.questionnaire.template import parse, tokens_of
from observations.composer.rehearsal import rehearse
from observations.composer.saying.speaker import Speaker
from observations.enums import InclusiveWriting, Layout, Polarity, QuestionKind, Scale
from tests.composer.answers import MARK
from tests.questionnaire import shipped_effect

CODES = ("a", "b", "c", "v")
SHARED = ("oui", "non")  # the categories of a vocabulary, whose code is that of a question: « v »


def category(question: str, code: str, polarity: Polarity) -> CategoryInput:
    return CategoryInput(code, code, Wording(f"⟦{question}.{code}⟧"), polarity)


@st.composite
def questions(draw, code: str) -> QuestionInput:
    kind = draw(st.sampled_from(QuestionKind))
    if kind is QuestionKind.COUNT:
        return QuestionInput(code, kind, code, unit=Unit(f"⟦{code}⟧", f"⟦{code}⟧"))
    vocabulary = draw(st.sampled_from(("", "v")))
    codes = SHARED if vocabulary else ("x", "y")
    polarities = draw(st.tuples(*[st.sampled_from(Polarity)] * 2))
    return QuestionInput(
        code,
        kind,
        code,
        vocabulary=vocabulary,
        subject=Wording(draw(st.sampled_from((f"⟦{code}⟧", "")))),
        categories=tuple(category(code, *row) for row in zip(codes, polarities, strict=True)),
    )


SLOTS = st.sampled_from(("{a}", "{b}", "{v:oui}")) | st.builds(
    "{{{}{}{}}}".format,
    st.sampled_from(CODES),
    st.sampled_from(("", "", "+", "=", "-", ":0", ":5", ":oui", ":non", ":x")),
    st.sampled_from(("", "", "|de")),
)


@st.composite
def sentences(draw) -> SentenceInput:
    """Its full form often says the same, sometimes one answer more, one less, or another."""
    named = draw(st.lists(SLOTS, min_size=1, max_size=2))
    full = draw(
        st.one_of(
            st.permutations(named),
            st.just([slot.replace("|de}", "}") for slot in named]),
            st.lists(SLOTS, max_size=2),
        )
    )
    layout = draw(st.sampled_from(Layout))
    link = " : " if layout is Layout.BULLETS else " et "
    templates = (f"On dit {link.join(row)}" if row else "" for row in (named, full))
    return SentenceInput(draw(st.integers(1, 2)), Wording(*templates), layout)


@st.composite
def effects(draw, said: bool = True) -> EffectInput:
    """With parents that may be anything: themselves, each other, a count, nobody."""
    rows = [draw(questions(code)) for code in CODES[: draw(st.integers(1, 4))]]
    parents = st.builds(
        Parent,
        st.sampled_from((*CODES[: len(rows)], "ailleurs") if not said else CODES),
        st.frozensets(st.sampled_from(("x", "y", *SHARED)), max_size=2),
    )
    rows = [replace(row, parent=draw(st.none() | parents)) for row in rows]
    told = draw(st.lists(sentences(), min_size=1, max_size=3)) if said else []
    return EffectInput("e", Scale.COLLECTIVE, "E", "", "Non.", "Non.", tuple(rows), tuple(told))


@st.composite
def answered(draw, effect: EffectInput) -> ObservationInput:
    answers = {}
    for question in effect.questions:
        codes = [row.code for row in question.categories]
        if question.kind is QuestionKind.COUNT:
            answers[question.code] = Count(draw(st.sampled_from((0, 1, 5))))
        else:
            most = 1 if question.kind is QuestionKind.SINGLE else 2
            ticked = st.lists(st.sampled_from(codes), max_size=most, unique=True)
            answers[question.code] = tuple(draw(ticked))
    return ObservationInput(answers=answers)


def sayable(effect: EffectInput) -> EffectInput:
    """Without the sentences and the parents that the checks refuse."""
    lost = {path[1] for path, _ in faults(effect) if path[0] == "sentences"}
    rows = [row for rank, row in enumerate(effect.sentences) if rank not in lost]
    closed = {code for code, _ in impossible_parents(effect)}
    asked = [replace(row, parent=None) if row.code in closed else row for row in effect.questions]
    kept = replace(effect, questions=tuple(asked), sentences=tuple(rows))
    assert list(faults(kept)) == []
    return kept


@settings(max_examples=1500, deadline=None)
@given(data=st.data())
def test_what_the_checks_accept_is_said_alike_in_both_writings_and_once(data):
    effect = sayable(data.draw(effects()))
    for sentence in effect.sentences:
        for writing in InclusiveWriting:
            assert tokens_of(sentence.template, writing) == parse(sentence.template.read(writing))
    observation = data.draw(answered(effect))
    told = []
    for writing in InclusiveWriting:
        speaker = Speaker(effect, observation, writing)
        texts = [" ".join([row.text, *row.items]) for row in speaker.passages()]
        marks = Times(MARK.findall(" ".join(texts)))
        # A subject stands once for each answer of its question; anything else stands once.
        answers = Times(code for code, _ in speaker.said)
        assert all(times <= answers.get(mark, 1) for mark, times in marks.items())
        assert not any(mark in "".join(texts) for mark in "{}[]|")
        assert sum(marks.values()) == len(speaker.said)  # none says nothing
        told.append((speaker.said, marks))
    assert told[0] == told[1]


@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_the_rank_of_a_question_changes_no_answer(data):
    effect = data.draw(effects(said=False))
    observation = data.draw(answered(effect))
    moved = replace(effect, questions=tuple(data.draw(st.permutations(effect.questions))))
    assert standing_answers(moved, observation) == standing_answers(effect, observation)
    first = parents_first(moved)
    assert sorted(row.code for row in first) == sorted(row.code for row in effect.questions)
    if not list(impossible_parents(effect)):
        seen: set[str] = set()
        for question in first:
            assert question.parent is None or question.parent.question in seen
            seen.add(question.code)
    rehearse(moved)  # whatever is stored, it ends


@settings(max_examples=500, deadline=None)
@given(effect=effects(said=False))
def test_a_question_is_refused_exactly_when_nothing_opens_it(effect):
    """Everything ticked, each question that is accepted with its parents is asked."""
    everything = {
        row.code: tuple(c.code for c in row.categories) or Count(1) for row in effect.questions
    }
    refused = {code for code, _ in impossible_parents(effect)}
    standing = standing_answers(effect, ObservationInput(answers=everything)).keys()
    if not refused:
        assert standing == everything.keys()
    for question in effect.questions:
        parent = question.parent
        opened = parent and any(
            row.code == parent.question and {c.code for c in row.categories} >= parent.categories
            for row in effect.questions
        )
        if question.code in refused and opened and parent.categories:
            assert question.code not in standing


def loop(*ways: tuple[str, str]) -> EffectInput:
    """Questions « a », « b », « c » and « v », each asked after what `ways` says."""
    after = dict(ways)
    rows = [
        QuestionInput(
            code,
            QuestionKind.MULTIPLE,
            code.upper(),
            categories=(category(code, "x", Polarity.NEUTRAL),),
            parent=Parent(after[code], frozenset({"x"})) if code in after else None,
        )
        for code in CODES
    ]
    return replace(shipped_effect("sante"), questions=tuple(rows), sentences=())


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        (loop(("a", "b"), ("b", "c"), ("c", "v")), {}),
        (loop(("a", "a")), {"a": "«\u00a0A\u00a0» serait posée après elle-même."}),
        (
            loop(("a", "z")),
            {"a": "«\u00a0A\u00a0» serait posée après une question que cet effet ne pose pas."},
        ),
        (
            loop(("a", "c"), ("c", "a"), ("v", "a")),
            dict.fromkeys(
                "ac",
                "«\u00a0A\u00a0» et «\u00a0C\u00a0» s’attendraient en boucle\u00a0: "
                "aucune ne serait jamais posée.",
            ),
        ),
        (
            loop(("b", "c"), ("c", "v"), ("v", "b")),
            dict.fromkeys(
                "bcv",
                "«\u00a0B\u00a0», «\u00a0C\u00a0» et «\u00a0V\u00a0» s’attendraient en boucle\u00a0: "
                "aucune ne serait jamais posée.",
            ),
        ),
    ],
)
def test_why_nothing_opens_a_question(effect, told):
    assert dict(impossible_parents(effect)) == told
    everything = ObservationInput(answers=dict.fromkeys(CODES, ("x",)))
    reached = standing_answers(effect, everything).keys()
    waiting = {"v"} if "v" not in told and "a" in told and len(told) == 2 else set()
    assert reached == set(CODES) - told.keys() - waiting


def test_each_fault_says_where_it_is():
    effect = shipped_effect("insertion-professionnelle")
    count, question = effect.questions
    sentence = effect.sentences[1]
    spoilt = replace(
        effect,
        questions=(
            replace(count, unit=Unit("{personne}", "personnes")),
            replace(
                question, subject=Wording("ici", "[là"), parent=Parent(count.code, frozenset())
            ),
        ),
        sentences=(
            replace(sentence, template=Wording("On a vu : {autre}")),
            replace(sentence, template=Wording("On a vu : {effets}", "On a vu : {beneficiaires}")),
        ),
    )
    assert [path for path, _ in faults(spoilt)] == [
        ("sentences", 0, "template"),
        ("sentences", 1, "template_full"),
        ("questions", 1),
        ("questions", 0),
        ("questions", 1),
    ]
    assert [reason for _, reason in faults(spoilt)][1:] == [
        "Les formes complètes ne disent pas les mêmes réponses que la phrase\u00a0: "
        "{effets} y manque\u202f; {beneficiaires} y est en trop.",
        "«\u00a0Qu’est-ce que cela leur a permis\u202f?\u00a0» serait posée après un nombre\u00a0: "
        "choisissez plutôt des réponses à cocher.",
        "«\u00a0{personne}\u00a0» se dit tel quel\u00a0: «\u00a0{\u00a0» n’y a pas de sens.",
        "«\u00a0[là\u00a0» se dit tel quel\u00a0: «\u00a0[\u00a0» n’y a pas de sens.",
    ]
