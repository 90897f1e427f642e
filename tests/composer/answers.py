"""Every way to answer an effect, and what must be true of everything the composer then says."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations, product
from math import prod

from observations.composer.questionnaire.inputs import (
    Answer,
    Count,
    EffectInput,
    ObservationInput,
    QuestionInput,
    Wording,
)
from observations.composer.questionnaire.standing import standing_answers
from observations.composer.saying.document import Passage
from observations.enums import Polarity, QuestionKind

ALL_BELOW = 20_000
COUNTS = (0, 1, 2, 10, 1250)


def choices(question: QuestionInput) -> list[Answer]:
    codes = [category.code for category in question.categories]
    if question.kind is QuestionKind.COUNT:
        plain = [Count(value, period=question.period) for value in COUNTS]
        return [(), *plain, *(replace(count, approximate=True) for count in plain)]
    if question.kind is QuestionKind.SINGLE:
        return [(), *((code,) for code in codes)]
    return list(chain.from_iterable(combinations(codes, n) for n in range(len(codes) + 1)))


def all_answers(effect: EffectInput) -> Iterator[ObservationInput]:
    """Every subset where they are few; else all pairs of ticks and 2,000 random ones."""
    options = [choices(question) for question in effect.questions]
    codes = [question.code for question in effect.questions]
    if prod(map(len, options)) < ALL_BELOW:
        picked = product(*options)
    else:
        picked = chain(_pairs(options), _random(options))
    for values in picked:
        yield ObservationInput(answers=dict(zip(codes, values, strict=True)))


def _pairs(options: list[list[Answer]]) -> Iterator[tuple[Answer, ...]]:
    for (i, first), (j, second) in combinations(enumerate(options), 2):
        for a, b in product(first, second):
            values: list[Answer] = [()] * len(options)
            values[i], values[j] = a, b
            yield tuple(values)


def _random(options: list[list[Answer]]) -> Iterator[tuple[Answer, ...]]:
    chance = random.Random(20261123)
    for _ in range(2000):
        yield tuple(chance.choice(values) for values in options)


MARK = re.compile(r"⟦([^⟧]+)⟧")

# The answer that a sentence's own words say, as a reader understands them, where the slot only says
# of what (« {parite:plus} ») or how many. The first that is found; any other number is « some ».
SAID_BY_WORDS = (
    (re.compile(r"\bplus nombreuses que\b"), "plus"),
    (re.compile(r"\ben nombre égal\b"), "autant"),
    (re.compile(r"\bmoins nombreuses que\b"), "moins"),
    (re.compile(r"\bn’(a|ont)\b"), "0"),
)

# What the words before a slot promise, where another slot of the effect says the opposite.
PROMISES = {
    "sante": {
        "ont dit ou semblé": r"effets\.(meilleure-sante|relations|confiance)",
        "ont (aussi )?fait part": r"effets\.(inconfort|stress-conflits)",
    },
    "inclusion": {
        "Il a été observé": r"appartenance\.(groupe|federees)",
        "peu(t|vent) (cependant )?se sentir exclus?": r"exclues\.",
    },
    "entretien": {
        "a permis d’améliorer": r"ameliorations\.",
        "a (aussi )?entraîné": r"degradations\.",
    },
}


def marked(effect: EffectInput) -> EffectInput:
    """The effect with every wording replaced by the codes of the question and of the answer that it
    says; the subject of a question, and a unit, by the question's alone (see SAID_BY_WORDS)."""
    return replace(
        effect,
        questions=tuple(
            replace(
                question,
                subject=Wording(f"⟦{question.code}⟧" if question.subject.short else ""),
                categories=tuple(
                    replace(
                        category,
                        wording=Wording(f"⟦{question.code}.{category.code}⟧"),
                    )
                    for category in question.categories
                ),
                unit=replace(
                    question.unit, singular=f"⟦{question.code}⟧", plural=f"⟦{question.code}⟧"
                ),
            )
            for question in effect.questions
        ),
    )


def expected_marks(effect: EffectInput, observation: ObservationInput) -> Counter[str]:
    """What must be said, each exactly once."""
    by_code = {question.code: question for question in effect.questions}
    expected: Counter[str] = Counter()
    for code, answer in standing_answers(effect, observation).items():
        question = by_code[code]
        if isinstance(answer, Count):
            expected[f"{code}.{'some' if answer.value else '0'}"] += 1
            continue
        for category in question.categories:
            if category.code in answer and not category.silent:
                expected[f"{code}.{category.code}"] += 1
    return expected


def said_marks(passages: tuple[Passage, ...]) -> Counter[str]:
    return Counter(mark for passage in passages for mark in marks_of(passage))


def marks_of(passage: Passage) -> list[str]:
    """The question and the answer of each thing that it says."""
    by_words = (code for words, code in SAID_BY_WORDS if words.search(passage.text))
    answer = next(by_words, "some")
    marks = MARK.findall(whole(passage))
    return [mark if "." in mark else f"{mark}.{answer}" for mark in marks]


def whole(passage: Passage) -> str:
    return " ".join([passage.text, *passage.items])


def polarities(effect: EffectInput) -> dict[str, Polarity]:
    return {
        f"{question.code}.{category.code}": category.polarity
        for question in effect.questions
        for category in question.categories
    }


NBSP, NARROW = "\u00a0", "\u202f"
FAULTS = {
    "two spaces": re.compile(r"[ \u00a0\u202f]{2}"),
    "space before a comma or a stop": re.compile(r"\s[,.…)]"),
    "doubled mark": re.compile(r"([,;:.])\s*[,;:.]"),
    "dangling mark": re.compile(r"\(\s*\)|\(\s|[,;(]$"),
    "doubled word": re.compile(r"\b(\w+) \1\b", re.IGNORECASE),
    "dangling link": re.compile(r"\b(et|ou|de|à|par|d’|l’|qu’)\s*[.,:;]"),
    "template left over": re.compile(r"[{}\[\]|]"),
    "straight apostrophe or quotes": re.compile(r"['\"]"),
    "three dots": re.compile(r"\.\.\."),
    "breakable space before a mark": re.compile(r" [:;!?»]|« "),
    "missing space before a mark": re.compile(r"[^\u00a0\s]:(\s|$)|[^\u202f\s][;!?]"),
    "contraction": re.compile(r"\b(de|à) (le|les)\b", re.IGNORECASE),
    "elision": re.compile(r"\b(de|que|le|la|ne|se) [aeiouyéèêâîôû]", re.IGNORECASE),
    "breakable number": re.compile(r"\d [\da-zé]"),
}


def faults(passage: Passage) -> list[str]:
    """The names of what is wrong with the sentence or its items."""
    found = [
        name
        for name, fault in FAULTS.items()
        for text in (passage.text, *passage.items)
        if fault.search(text)
    ]
    first = passage.text[0]
    if not (first.isdigit() or first.isupper()):
        found.append("first letter")
    ending = r"\S\u00a0:$" if passage.items else r"[.…]$"
    if not re.search(ending, passage.text):
        found.append("final stop")
    if any(
        not item.strip() or item != item.strip() or item.endswith((".", ",", ":", ";"))
        for item in passage.items
    ):
        found.append("item")
    return found
