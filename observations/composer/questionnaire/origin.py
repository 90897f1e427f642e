"""Who asks what: the common core, the network, or one site.

A question of somebody's own effect is theirs; one in a common effect says itself whose it is.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from observations.composer.questionnaire.inputs import EffectInput, QuestionInput, SentenceInput
from observations.composer.questionnaire.template import named
from observations.enums import Origin

Effects = tuple[EffectInput, ...]


def origin_of(effect: EffectInput, question: QuestionInput) -> Origin:
    """The narrower of the two."""
    return max(effect.origin, question.origin, key=lambda origin: origin.rank)


class Owner(NamedTuple):
    """Who asks something; `site`: its slug, where it is a site's own."""

    origin: Origin
    site: str = ""

    def within(self, other: "Owner") -> bool:
        """Whether whoever is asked this is asked the other too."""
        return other.origin.rank <= self.origin.rank and other.site in ("", self.site)


def misplaced(effect: EffectInput) -> Iterator[tuple[str, str]]:
    """The questions that cannot be asked there: their code, and why, as a French sentence."""
    theirs = Owner(effect.origin, effect.site)
    owners = {row.code: Owner(row.origin, row.site) for row in effect.questions}
    asked = {code: max(theirs, own, key=_width) for code, own in owners.items()}
    for question in effect.questions:
        own, parent = owners[question.code], question.parent
        if theirs.site and own.site and theirs.site != own.site:
            yield question.code, "L’effet est propre à un autre lieu."
        elif (
            parent
            and parent.question in asked
            and not asked[question.code].within(asked[parent.question])
        ):
            yield question.code, _UNSEEN


_UNSEEN = "Elle serait posée après une question que certains de ses lieux ne voient pas."


def _width(owner: Owner) -> int:
    return owner.origin.rank


def asked_at(effects: Iterable[EffectInput], site: str) -> Effects:
    """What this site is asked, by its slug: all but the other sites' own."""
    return _only(effects, lambda row: row.origin is not Origin.SITE or row.site == site)


def common_core(effects: Iterable[EffectInput]) -> Effects:
    """What is asked everywhere, in every network."""
    return _only(effects, lambda row: row.origin is Origin.CORE)


def _only(
    effects: Iterable[EffectInput], is_asked: Callable[[EffectInput | QuestionInput], bool]
) -> Effects:
    return tuple(_narrowed(effect, is_asked) for effect in effects if is_asked(effect))


def _narrowed(effect: EffectInput, is_asked: Callable[[QuestionInput], bool]) -> EffectInput:
    """Without the questions that are not asked, nor the sentences that would say them."""
    questions = tuple(filter(is_asked, effect.questions))
    codes = {question.code for question in questions}
    vocabularies = {question.vocabulary for question in questions}

    def is_sayable(sentence: SentenceInput) -> bool:
        about, shared = named(sentence.template)
        return about <= codes and shared <= vocabularies

    sentences = tuple(filter(is_sayable, effect.sentences))
    return replace(effect, questions=questions, sentences=sentences)
