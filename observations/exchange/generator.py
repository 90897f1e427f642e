"""Third places that do not exist, for measuring and trying: the same seed gives the same words."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from observations.composer.language.french import name_with_de, plain
from observations.composer.questionnaire.inputs import (
    Answer,
    Bilan,
    Count,
    EffectInput,
    QuestionInput,
    ScaleInput,
    SiteInput,
)
from observations.composer.questionnaire.standing import is_asked, parents_first
from observations.enums import InclusiveWriting, ObservationState, QuestionKind, Scale
from observations.exchange.bilan import BilanAnswer

_STATES = (
    ObservationState.OBSERVED,
    ObservationState.NOT_OBSERVED,
    ObservationState.NOT_APPLICABLE,
)
_STATE_WEIGHTS = (85, 10, 5)


@dataclass(frozen=True, slots=True)
class Words:
    """What names and notes are made of; see `fixtures/generator.json`."""

    kinds: list[str]
    complements: list[str]
    cities: list[list[str]]
    keywords: list[str]
    openings: list[str]
    notes: dict[str, list[str]]
    closings: list[str]


def read_words(data: dict[str, Any]) -> Words:
    return Words(**data)


def generated_sites(words: Words, count: int, seed: int) -> Iterator[SiteInput]:
    random = Random(f"{seed} sites")  # noqa: S311  # nothing secret
    for rank in range(count):
        name = f"{random.choice(words.kinds)} {random.choice(words.complements)}"
        city, postcode = random.choice(words.cities)
        slug = "-".join(plain(name).replace("’", " ").replace("'", " ").split())
        yield SiteInput(f"{slug}-{rank + 1}", name, name_with_de(name), city, postcode)


def generated_bilan(
    words: Words,
    effects: tuple[EffectInput, ...],
    site: SiteInput,
    year: int,
    seed: int,
    *,
    progress: float = 1.0,
) -> Bilan:
    """`progress`: how much of the questionnaire is filled, from 0 to 1."""
    random = Random(f"{seed} {site.slug} {year}")  # noqa: S311
    told = effects[: round(len(effects) * progress)]
    seen = {effect.code: _observation(random, words, effect) for effect in told}
    return Bilan(
        site=site,
        year=year,
        writing=random.choice(list(InclusiveWriting)),
        scales={scale: _scale(random, words) for scale in Scale} if progress == 1 else {},
        states={code: state for code, (state, _, _) in seen.items()},
        notes={code: note for code, (_, note, _) in seen.items()},
        answers={code: answers for code, (_, _, answers) in seen.items()},
    )


def _scale(random: Random, words: Words) -> ScaleInput:
    return ScaleInput(
        random.randint(1, 5), tuple(random.sample(words.keywords, random.randint(1, 4)))
    )


def _observation(
    random: Random, words: Words, effect: EffectInput
) -> tuple[ObservationState, str, dict[str, BilanAnswer]]:
    state = random.choices(_STATES, _STATE_WEIGHTS)[0]
    if state is not ObservationState.OBSERVED:
        return state, "", {}
    return state, _note(random, words, effect.code), _answers(random, effect)


def _note(random: Random, words: Words, effect: str) -> str:
    scenes = words.notes.get(effect, [])
    told = random.sample(scenes, min(len(scenes), random.choice((0, 1, 1, 2, 3))))
    if not told:
        return ""
    openings = random.sample(words.openings, len(told))
    parts = [f"{opening} {scene}" for opening, scene in zip(openings, told, strict=True)]
    return " ".join([*parts, random.choice(words.closings)]).strip()


def _answers(random: Random, effect: EffectInput) -> dict[str, BilanAnswer]:
    answers: dict[str, BilanAnswer] = {}
    standing: dict[str, Answer] = {}
    for question in parents_first(effect):
        if not is_asked(question, standing) or (answers and random.random() < 0.1):
            continue
        answers[question.code] = answer = _answer(random, question)
        standing[question.code] = (answer,) if isinstance(answer, str) else answer
    return answers


def _answer(random: Random, question: QuestionInput) -> BilanAnswer:
    if question.kind is QuestionKind.COUNT:
        return Count(random.randint(1, 60), random.random() < 0.4, question.period)
    codes = [category.code for category in question.categories]
    if question.kind is QuestionKind.SINGLE:
        return random.choice(codes)
    chosen = set(random.sample(codes, random.randint(1, min(len(codes), 5))))
    return tuple(code for code in codes if code in chosen)
