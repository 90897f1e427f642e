"""What a publication says otherwise than the one before it, in sentences."""

from collections.abc import Iterator

from observations.composer.language.french import NBSP, with_final_stop
from observations.composer.saying.document import Document, EffectSection, ScaleSection


def changes_between(before: Document, after: Document) -> list[str]:
    """Empty when readers see the same words."""
    return [*_scales(before, after), *_effects(before, after), *_absences(before, after)]


def _scales(before: Document, after: Document) -> Iterator[str]:
    for was, now in zip(before.scales, after.scales, strict=True):
        if (was.intensity, was.keywords) != (now.intensity, now.keywords):
            yield f"{now.title}{NBSP}: l’intensité ou les mots-clés ont changé."


def _effects(before: Document, after: Document) -> Iterator[str]:
    then, today = _by_code(before), _by_code(after)
    for code, now in today.items():
        was = then.get(code)
        if was is None:
            yield f"«{NBSP}{now.title}{NBSP}» est ajouté."
        elif (told := _changed(was, now)) and was != now:
            yield f"«{NBSP}{now.title}{NBSP}»{NBSP}: {with_final_stop(told)}"
    for code, was in then.items():
        if code not in today:
            yield f"«{NBSP}{was.title}{NBSP}» est retiré."


def _by_code(document: Document) -> dict[str, EffectSection]:
    sections: tuple[ScaleSection, ...] = document.scales
    return {effect.code: effect for section in sections for effect in section.effects}


def _changed(was: EffectSection, now: EffectSection) -> str:
    told = []
    if was.passages != now.passages:
        told.append("les phrases ont changé")
    if was.note != now.note:
        told.append("la note a changé" if was.note and now.note else _note_came_or_went(now))
    if was.changes != now.changes:
        told.append("la comparaison avec l’année d’avant a changé")
    if was.series != now.series:
        told.append("les nombres des années d’avant ont changé")
    return ", ".join(told)


def _note_came_or_went(now: EffectSection) -> str:
    return "une note est ajoutée" if now.note else "la note est retirée"


def _absences(before: Document, after: Document) -> Iterator[str]:
    if (before.absences, before.hidden_notes) != (after.absences, after.hidden_notes):
        yield "Ce que le rapport ne dit pas a changé."
