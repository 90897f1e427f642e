"""The words that readers get instead of a passage, as somebody decided."""

import re
from collections.abc import Iterator

from observations.composer.protecting.likeness import words_of
from observations.composer.protecting.privacy import Decision, Found, find_passages
from observations.enums import PassageKind, PublicChoice

GENERAL = {
    PassageKind.NAME: "une personne",
    PassageKind.MAIL: "une adresse e-mail",
    PassageKind.PHONE: "un numéro de téléphone",
    PassageKind.ADDRESS: "une adresse du quartier",
    PassageKind.AGE: "d’un certain âge",
    PassageKind.HEALTH: "avec un souci de santé",
    PassageKind.RELIGION: "d’une religion",
    PassageKind.ORIGIN: "venue d’ailleurs",
    PassageKind.OPINION: "avec ses opinions",
    PassageKind.OFFENCE: "avec un passé difficile",
    PassageKind.MINOR: "une jeune personne",
    PassageKind.SMALL_GROUP: "des personnes",
    PassageKind.FLAGGED: "[passage retiré]",
}


def public_text(text: str, decisions: dict[tuple[PassageKind, str, str], Decision]) -> str:
    """The text as readers get it; what nobody has decided yet stays as it is."""
    if not decisions:
        return text
    pieces, at = [], 0
    for found in _with_flagged(text, decisions):
        decision = decisions.get(found.key)
        if decision is None or found.start < at:
            continue
        pieces += [text[at : found.start], _said_instead(found, decision)]
        at = found.end
    whole = "".join([*pieces, text[at:]])
    return re.sub(r" {2,}", " ", re.sub(r" +([,.])", r"\1", whole)) if pieces else text


def _with_flagged(
    text: str, decisions: dict[tuple[PassageKind, str, str], Decision]
) -> list[Found]:
    """Paragraphs that a person asked to take away come first, wherever they stand: they hold the
    others. One that somebody has decided to keep is read as any other."""
    flagged = list(_hidden(text, decisions))
    inside = [
        found
        for found in find_passages(text)
        if not any(row.start <= found.start < row.end for row in flagged)
    ]
    return sorted([*flagged, *inside], key=lambda found: (found.start, -found.end))


def _hidden(text: str, decisions: dict[tuple[PassageKind, str, str], Decision]) -> Iterator[Found]:
    """In each paragraph that nobody has decided to keep. A word alone is itself only on its own line."""
    chosen = {
        key: decision.choice for key, decision in decisions.items() if key[0] is PassageKind.FLAGGED
    }
    kept = {passage for (_, passage, _), choice in chosen.items() if choice is PublicChoice.KEEP}
    for start, line in lines_of(text) if chosen else ():
        for kind, passage, sentence in chosen if line not in kept else ():
            if passage in kept or (passage != line and words_of(passage).is_thin):
                continue
            for at in re.finditer(rf"(?<!\w){re.escape(passage)}(?!\w)", line):
                yield Found(kind, start + at.start(), start + at.end(), passage, sentence)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Where each line of a note starts, and its words."""
    start = 0
    for whole in text.splitlines(keepends=True):
        if line := whole.strip():
            yield start + whole.index(line), line
        start += len(whole)


def _said_instead(found: Found, decision: Decision) -> str:
    if decision.choice is PublicChoice.KEEP:
        return found.passage
    if decision.choice is PublicChoice.REMOVE:
        return ""
    if decision.choice is PublicChoice.INITIAL:
        return f"{found.passage.lstrip()[:1].upper()}."
    return decision.replacement or GENERAL[found.kind]
