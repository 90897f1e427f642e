"""How one effect is said, on a small effect whose every word is here."""

from dataclasses import replace

import pytest

from observations.composer.questionnaire.inputs import (
    Answer,
    CategoryInput,
    Count,
    EffectInput,
    ObservationInput,
    QuestionInput,
    SentenceInput,
    Unit,
    Wording,
)
from observations.composer.saying.speaker import Speaker, count_phrase, number_phrase
from observations.enums import (
    InclusiveWriting,
    Layout,
    Lean,
    Origin,
    Polarity,
    QuestionKind,
    Scale,
)

NBSP, NARROW = "\u00a0", "\u202f"


def category(code: str, polarity: Polarity = Polarity.NEUTRAL, **more: bool) -> CategoryInput:
    return CategoryInput(
        code, f"Case {code}", Wording(f"l'{code}·e", f"l'{code}"), polarity, **more
    )


TICKS = QuestionInput(
    "a",
    QuestionKind.MULTIPLE,
    "Qui ?",
    categories=(
        category("ami", Polarity.POSITIVE),
        category("élu", Polarity.POSITIVE),
        category("intrus", Polarity.NEGATIVE),
        category("hôte"),
        category("autre", silent=True),
    ),
)
COUNT = QuestionInput("n", QuestionKind.COUNT, "Combien ?", unit=Unit("voisin", "voisins"))


def parity(code: str, subject: str, vocabulary: str = "v") -> QuestionInput:
    return QuestionInput(
        code,
        QuestionKind.SINGLE,
        f"Et {subject} ?",
        categories=(category("plus", Polarity.POSITIVE), category("moins", Polarity.NEGATIVE)),
        vocabulary=vocabulary,
        subject=Wording(subject),
    )


QUESTIONS = (
    TICKS,
    COUNT,
    parity("bureau", "au bureau"),
    parity("cour", "dans la cour"),
    parity("rue", "dans la rue", "w"),
    parity("sans", ""),
)


def said(
    template: str,
    passage: int = 1,
    leans: Lean = Lean.NOTHING,
    layout: Layout = Layout.INLINE,
    full: str = "",
) -> SentenceInput:
    return SentenceInput(passage, Wording(template, full), layout, leans)


def effect(*sentences: SentenceInput) -> EffectInput:
    return EffectInput("e", Scale.COLLECTIVE, "E", "", "Non.", "Non.", QUESTIONS, sentences)


def speaker(
    sentences: tuple[SentenceInput, ...],
    answers: dict[str, Answer],
    writing: InclusiveWriting = InclusiveWriting.FULL,
) -> Speaker:
    return Speaker(effect(*sentences), ObservationInput(answers=answers), writing)


def spoken(
    *sentences: SentenceInput, writing: InclusiveWriting = InclusiveWriting.FULL, **answers: Answer
) -> list[str]:
    passages = speaker(sentences, answers, writing).passages()
    return [" ".join((row.text, *row.items)).replace(NBSP, " ") for row in passages]


ONE, TWO = ("ami",), ("ami", "élu")


@pytest.mark.parametrize(
    ("template", "answers", "text"),
    [
        ("ici {a}", {"a": TWO}, "Ici l’ami et l’élu."),
        ("Ici {a} !", {"a": ("hôte", "ami", "autre")}, f"Ici l’ami et l’hôte{NARROW}!"),
        ("Ici {a}", {"a": ("autre",)}, None),
        ("Ici {a}", {"a": Count(3)}, None),
        ("Ici {a}", {}, None),
        ("Ici {qui}", {"a": ONE}, None),
        ("Ici {a+}", {"a": ("intrus", "hôte", "élu")}, "Ici l’élu."),
        ("Ici {a-}", {"a": ("intrus", "hôte", "élu")}, "Ici l’intrus."),
        ("Ici {a=}", {"a": ("intrus", "hôte", "élu")}, "Ici l’hôte."),
        ("Près {a|de}", {"a": ONE}, "Près de l’ami."),
        ("{n}", {"n": Count(3)}, "3 voisins."),
        ("{n}", {"n": Count(1)}, "1 voisin."),
        ("{n}", {"n": Count(0)}, None),
        ("{n}", {"n": ("ami",)}, None),
        ("{n}", {}, None),
        ("{n:0}", {"n": Count(0)}, "Aucun voisin."),
        ("{n:0}", {"n": Count(3)}, None),
        (
            "Plus {v:plus}",
            {"bureau": ("plus",), "cour": ("plus",)},
            "Plus au bureau et dans la cour.",
        ),
        ("Plus {v:plus}", {"bureau": ("moins",), "cour": ("plus",)}, "Plus dans la cour."),
        ("Plus {v:plus}", {"bureau": ("moins",), "sans": ("plus",), "rue": ("plus",)}, None),
        ("[a: Un / Des] {a}", {"a": ONE}, "Un l’ami."),
        ("[a: Un / Des] {a}", {"a": TWO}, "Des l’ami et l’élu."),
        ("[a-: Un / Des] {a}", {"a": (*TWO, "intrus")}, "Un l’ami, l’élu et l’intrus."),
        ("[n: Un / Des] {a}", {"a": ONE}, "Des l’ami."),
        ("[n: Un / Des] {a}", {"a": TWO, "n": Count(1)}, "Un l’ami et l’élu."),
        ("[n: Un / Des] {a}", {"a": ONE, "n": Count(2)}, "Des l’ami."),
        ("{a} et {n}", {"a": ONE}, None),
        ("Que dire : {a} ?", {"a": ONE}, f"Que dire : l’ami{NARROW}?"),
    ],
)
def test_a_template_is_filled_with_what_is_answered(template, answers, text):
    assert spoken(said(template), **answers) == ([text] if text else [])


AUSSI = said("Aussi {a-}", 2, Lean.POSITIVE)
CES = said("Ces {n}", 2, Lean.ANYTHING)


@pytest.mark.parametrize(
    ("sentences", "answers", "texts"),
    [
        # The variant that says the most; nothing is left to the others, or what it does not say.
        ((said("{a}"), said("{a}, {n}")), {"a": ONE, "n": Count(2)}, ["L’ami, 2 voisins."]),
        ((said("{a+}"), said("{a}")), {"a": (*ONE, "hôte")}, ["L’ami et l’hôte."]),
        (
            (said("{n}"), said("{a+}, {n}"), said("{a-}")),
            {"a": (*ONE, "intrus"), "n": Count(2)},
            ["L’ami, 2 voisins.", "L’intrus."],
        ),
        ((said("{a}, {n}"), said("Seul {a}")), {"a": ONE}, ["Seul l’ami."]),
        # Of equals the first; passages in their order, whatever that of the sentences.
        ((said("Un {a}"), said("Deux {a}")), {"a": ONE}, ["Un l’ami."]),
        ((said("{n}", 2), said("{a}", 1)), {"a": ONE, "n": Count(2)}, ["L’ami.", "2 voisins."]),
        # What leans is taken before what stands alone, where it has something to lean on.
        (
            (said("{a}"), said("Seuls {n}", 2), CES),
            {"a": ONE, "n": Count(2)},
            ["L’ami.", "Ces 2 voisins."],
        ),
        ((said("{a}"), said("Seuls {n}", 2), CES), {"n": Count(2)}, ["Seuls 2 voisins."]),
        ((said("{a}"), CES), {"n": Count(2)}, []),
        (
            (said("{a}"), CES, said("Ces tout {n}", 2, Lean.ANYTHING)),
            {"a": ONE, "n": Count(2)},
            ["L’ami.", "Ces 2 voisins."],
        ),
        # « Aussi » needs something positive before it, wherever that is.
        ((said("{a+}"), AUSSI), {"a": ("ami", "intrus")}, ["L’ami.", "Aussi l’intrus."]),
        ((said("{a=}"), AUSSI), {"a": ("hôte", "intrus")}, ["L’hôte."]),
        (
            (said("{a+}", 0), said("{n}"), AUSSI),
            {"a": ("ami", "intrus"), "n": Count(2)},
            ["L’ami.", "2 voisins.", "Aussi l’intrus."],
        ),
        ((AUSSI,), {"a": ("intrus",)}, []),
        # Leaning is not worth saying nothing.
        ((said("{a}"), said("{n}, {a}", 2), CES), {"a": ONE}, ["L’ami."]),
        # Each answer once, in the passages that follow too.
        (
            (said("{n}"), said("{a}", 2), said("{a}, {n}", 3), said("Et {a}", 4)),
            {"a": ONE, "n": Count(2)},
            ["2 voisins.", "L’ami."],
        ),
    ],
)
def test_of_the_variants_of_a_passage(sentences, answers, texts):
    assert spoken(*sentences, **answers) == texts


@pytest.mark.parametrize(
    ("template", "text", "items"),
    [
        ("ici : {a}", f"Ici{NBSP}:", ("l’ami", "l’élu")),
        ("Ici {n} : {a}", f"Ici 2{NBSP}voisins{NBSP}:", ("l’ami", "l’élu")),
        ("Ici {a} là", "Ici l’ami et l’élu.", ()),  # kept before it was refused
    ],
)
def test_bullets_are_what_the_last_slot_says(template, text, items):
    rows = (said(template, layout=Layout.BULLETS),)
    (passage,) = speaker(rows, {"a": TWO, "n": Count(2)}).passages()
    assert (passage.text, passage.items) == (text, items)


def test_each_writing_has_its_words():
    rows = (said("Ici·e {a}", full="Ici {a}"),)
    assert spoken(*rows, a=ONE) == ["Ici l’ami."]
    assert spoken(*rows, a=ONE, writing=InclusiveWriting.MEDIAN_POINT) == ["Ici·e l’ami·e."]


@pytest.mark.parametrize(
    ("ticked", "polarity"),
    [
        (("hôte",), Polarity.NEUTRAL),
        (("hôte", "ami"), Polarity.POSITIVE),
        (("ami", "intrus"), Polarity.NEGATIVE),
        (("hôte", "intrus"), Polarity.NEGATIVE),
    ],
)
def test_a_sentence_is_as_grave_as_the_gravest_of_its_answers(ticked, polarity):
    (passage,) = speaker((said("{a}"),), {"a": ticked}).passages()
    assert passage.polarity is polarity


@pytest.mark.parametrize(
    ("whole", "parts", "told"),
    [
        (Origin.CORE, (Origin.CORE, Origin.CORE), Origin.CORE),
        (Origin.CORE, (Origin.CORE, Origin.NETWORK), Origin.NETWORK),
        (Origin.CORE, (Origin.SITE, Origin.NETWORK), Origin.SITE),
        (Origin.NETWORK, (Origin.CORE, Origin.NETWORK), Origin.CORE),
        (Origin.NETWORK, (Origin.SITE, Origin.CORE), Origin.SITE),
        (Origin.SITE, (Origin.CORE, Origin.CORE), Origin.CORE),
    ],
)
def test_a_sentence_is_marked_where_it_is_narrower_than_its_effect(whole, parts, told):
    ticks, count, *others = QUESTIONS
    asked = (replace(ticks, origin=parts[0]), replace(count, origin=parts[1]), *others)
    known = replace(effect(said("{a} {n}")), origin=whole, questions=asked)
    answers = ObservationInput(answers={"a": ONE, "n": Count(2)})
    (passage,) = Speaker(known, answers, InclusiveWriting.FULL).passages()
    assert passage.origin is told


def test_what_each_passage_says_is_known_and_what_there_was_to_say():
    row = speaker(
        (said("{n}, {a}"), said("Plus {v:plus}", 2)),
        {"a": (*TWO, "autre"), "n": Count(0), "cour": ("plus",)},
    )
    assert list(row.labels(TICKS)) == [(("a", "ami"), "Case ami"), (("a", "élu"), "Case élu")]
    assert list(row.labels(COUNT)) == [(("n", ""), "Combien ?")]
    assert list(row.labels(QUESTIONS[2])) == []
    assert len(list(row.passages())) == 1
    assert row.told == [{("cour", "plus")}]
    assert row.said == {("cour", "plus")}


@pytest.mark.parametrize(
    ("count", "number", "phrase"),
    [
        (Count(0), "0", "aucun voisin"),
        (Count(0, True, "an"), "environ 0 par an", "aucun voisin"),
        (Count(1), "1", "1 voisin"),
        (Count(2), "2", "2 voisins"),
        (Count(5, True), "environ 5", "environ 5 voisins"),
        (Count(1250, period="an"), f"1{NARROW}250 par an", f"1{NARROW}250 voisins par an"),
    ],
)
def test_numbers_are_said(count, number, phrase):
    assert number_phrase(count).replace(NBSP, " ") == number
    assert count_phrase(COUNT, count).replace(NBSP, " ") == phrase
    assert count_phrase(COUNT, Count(2)) == f"2{NBSP}voisins"


def test_a_zero_agrees_with_its_unit():
    people = replace(COUNT, unit=Unit("personne", "personnes", feminine=True))
    assert count_phrase(people, Count(0)) == "aucune personne"
