from typing import Any

from django import template

from observations.composer.language import french
from observations.composer.questionnaire.inputs import INTENSITY_MAX
from observations.composer.saying.document import Document, ScaleSection
from observations.enums import Absence

register = template.Library()


@register.filter
def excerpt(note: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    shown, rest = french.excerpt(note)
    return {"shown": shown, "rest": rest}


@register.filter
def whole_note(note: tuple[str, ...]) -> str:
    return "\n".join(note)


@register.filter
def absence_label(absence: str) -> str:
    return Absence(absence).label


@register.filter
def enumerate_titles(titles: tuple[str, ...]) -> str:
    return french.enumerate_items([f"«{french.NBSP}{title}{french.NBSP}»" for title in titles])


@register.filter
def enumerate_words(words: tuple[str, ...]) -> str:
    return french.enumerate_items(words)


@register.filter
def intensity_sentence(section: ScaleSection) -> str:
    if section.intensity is None:
        return "Intensité non évaluée"
    words = ("très faible", "faible", "moyenne", "forte", "très forte")
    return f"Intensité {words[section.intensity - 1]} ({section.intensity} sur {INTENSITY_MAX})"


@register.filter
def hidden_sentence(document: Document) -> str:
    """« 2 observations et 1 note ne sont pas publiées. »"""
    counts = (
        (document.hidden_observations, "observation"),
        (document.hidden_notes, "note"),
    )
    told = [f"{n}{french.NBSP}{word}{'s' if n > 1 else ''}" for n, word in counts if n]
    several = document.hidden_observations + document.hidden_notes > 1
    verb = "ne sont pas publiées" if several else "n’est pas publiée"
    return f"{french.enumerate_items(told)} {verb}, à la demande du lieu."


@register.simple_tag
def intensity_discs(intensity: int | None) -> list[dict[str, Any]]:
    """Five discs that grow; those up to the intensity are full."""
    radii = (3, 4.5, 6, 7.5, 9)
    return [
        {"x": 10 + 21 * index, "radius": radius, "full": index < (intensity or 0)}
        for index, radius in enumerate(radii)
    ]


@register.filter
def of_passage(remarks: dict[str, list[Any]], effect: str) -> list[Any]:
    return remarks.get(effect, []) if remarks else []


@register.filter
def get_title(titles: dict[str, str], code: str) -> str:
    return titles.get(code, code)


@register.filter
def titles_of(codes: list[str], titles: dict[str, str]) -> str:
    return enumerate_titles(tuple(titles.get(code, code) for code in codes))
