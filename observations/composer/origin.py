"""Who asks what: the common core, the network, or one site.

A question of somebody's own effect is theirs; one in a common effect says itself whose it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from observations.composer.inputs import EffectInput, QuestionInput
from observations.composer.template import questions_named
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


def misplaced(effect: Owner, question: Owner, parent: Owner | None = None) -> str:
    """Why this question cannot be asked there, as a French sentence; empty when it can."""
    if effect.site and question.site and effect.site != question.site:
        return "L’effet est propre à un autre lieu."
    asked = max(effect, question, key=lambda row: row.origin.rank)
    if parent is not None and not asked.within(
        max(effect, parent, key=lambda row: row.origin.rank)
    ):
        return "Elle serait posée après une question que certains de ses lieux ne voient pas."
    return ""


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
    known = {question.code for question in questions}
    sentences = (row for row in effect.sentences if questions_named(row.template.short) <= known)
    return replace(effect, questions=questions, sentences=tuple(sentences))
