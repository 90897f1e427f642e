"""The report in plain words, for a terminal or a mail."""

from collections.abc import Iterator

from observations.composer.language.french import NBSP
from observations.composer.saying.document import Document, EffectSection, ScaleSection


def render_text(document: Document) -> str:
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield document.title.upper()
    yield str(document.year)
    if document.is_empty:
        yield from ("", "Aucun effet n’a été renseigné pour cette année.")
    for section in document.scales:
        if section.effects or section.intensity or section.keywords:
            yield from _scale(section)


def _scale(section: ScaleSection) -> Iterator[str]:
    yield from ("", section.title.upper())
    if section.intensity is not None:
        yield f"Intensité{NBSP}: {section.intensity} sur 5"
    if section.keywords:
        yield f"Mots-clés{NBSP}: {', '.join(section.keywords)}"
    for effect in section.effects:
        yield from _effect(effect)


def _effect(effect: EffectSection) -> Iterator[str]:
    yield from ("", effect.title.upper())
    if mark := effect.origin.mark:
        yield f"Effet {mark}"
    for passage in effect.passages:
        mark = passage.origin.mark
        yield f"Question {mark}{NBSP}: {passage.text}" if mark else passage.text
        yield from (f"- {item}" for item in passage.items)
    if effect.note:
        *first, last = effect.note
        opened = f"«{NBSP}{effect.note[0]}"
        if first:
            yield from (opened, *first[1:], f"{last}{NBSP}»")
        else:
            yield f"{opened}{NBSP}»"
    if effect.changes:
        yield from (f"{title}{NBSP}: {labels}" for title, labels in effect.changes.told)
        yield from effect.changes.notes
    for series in effect.series:
        told = " ; ".join(f"{point.year}, {point.said}" for point in series.points)
        yield f"{series.title}{NBSP}: {told}"
