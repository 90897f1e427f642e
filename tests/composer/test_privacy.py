"""What the check finds in French sentences labelled by hand; `scripts/measure_privacy.py` prints
recall and precision by kind."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observations.composer.protecting.privacy import (
    Decision,
    Found,
    find_passages,
    undecided,
)
from observations.composer.protecting.redaction import public_text
from observations.enums import PassageKind, PublicChoice

NOTE_MAX = 50_000
SENTENCES = Path(__file__).parent / "privacy_sentences.txt"


def labelled() -> list[tuple[str, list[tuple[PassageKind, str]]]]:
    rows = []
    for line in SENTENCES.read_text().splitlines():
        if line.startswith("#"):
            continue
        text, _, labels = line.partition(" =>")
        pairs = (label.strip().partition("=") for label in labels.split(";") if label.strip())
        rows.append((text, [(PassageKind(kind), passage) for kind, _, passage in pairs]))
    return rows


def measure() -> dict[PassageKind, tuple[int, int, int]]:
    """By kind: found and labelled, labelled, found. A passage is found when a reader's eye would
    land on it: same kind, one holding the other."""
    hits: Counter[PassageKind] = Counter()
    wanted: Counter[PassageKind] = Counter()
    told: Counter[PassageKind] = Counter()
    for text, labels in labelled():
        found = find_passages(text)
        wanted.update(kind for kind, _ in labels)
        told.update(row.kind for row in found)
        for kind, passage in labels:
            hits[kind] += any(
                row.kind is kind and (passage in row.passage or row.passage in passage)
                for row in found
            )
    return {kind: (hits[kind], wanted[kind], told[kind]) for kind in PassageKind if wanted[kind]}


def test_enough_is_found_and_little_is_cried_for_nothing():
    assert len(labelled()) >= 150
    rows = measure()
    for kind, (hits, wanted, told) in rows.items():
        assert hits / wanted >= 0.85, kind
        assert hits / told >= 0.75, kind
    total = [sum(column) for column in zip(*rows.values(), strict=True)]
    assert total[0] / total[1] >= 0.93
    assert total[0] / total[2] >= 0.9


def test_decisions_make_the_public_text():
    text = "Karim, 34 ans, et Mme Dupont dînent. Karim chante."
    found = find_passages(text)
    assert [row.passage for row in found] == ["Karim", "34 ans", "Mme Dupont", "Karim"]
    choices = [
        Decision(PublicChoice.INITIAL),
        Decision(PublicChoice.REWORD, "jeune"),
        Decision(PublicChoice.GENERALISE),
        Decision(PublicChoice.KEEP),
    ]
    decisions = {row.key: choice for row, choice in zip(found, choices, strict=True)}
    assert public_text(text, decisions) == "K., jeune, et une personne dînent. Karim chante."
    assert undecided(text, decisions) == []
    changed = text.replace("chante", "danse")
    assert [row.sentence for row in undecided(changed, decisions)] == ["Karim danse."]
    removed = dict.fromkeys(decisions, Decision(PublicChoice.REMOVE))
    assert public_text(text, removed) == ",, et dînent. chante."


def test_passage_that_a_person_asked_to_take_away_goes_whole():
    text = "Avant. Karim habite ici. Après."
    key = (PassageKind.FLAGGED, "Karim habite ici.", "Karim habite ici.")
    decisions = {key: Decision(PublicChoice.GENERALISE)}
    assert public_text(text, decisions) == "Avant. [passage retiré] Après."


@given(st.text(max_size=300))
def test_any_text_is_read_and_kept(text):
    found: list[Found] = find_passages(text)
    assert all(text[row.start : row.end] == row.passage for row in found)
    keep = {row.key: Decision(PublicChoice.KEEP) for row in found}
    if not found:
        assert public_text(text, keep) == text


@pytest.mark.parametrize("word", ["a", "A", "Karim danse. ", "Jean-", "x@y-", "1 rue ", "a.b"])
def test_longest_note_is_read_at_once(word):
    """Without bounds in the patterns, 50,000 letters in a row took half a minute."""
    start = time.process_time()
    find_passages((word * NOTE_MAX)[:NOTE_MAX])
    assert time.process_time() - start < 3


def test_of_two_passages_that_begin_alike_the_longer_goes_and_what_nobody_decided_stays():
    line = "Karim habite ici. Zoé aussi."
    decisions = {
        (PassageKind.FLAGGED, words, words): Decision(PublicChoice.GENERALISE)
        for words in ("Karim habite ici.", line)
    }
    assert public_text(f"{line}\nPaul chante.", decisions) == "[passage retiré]\nPaul chante."
