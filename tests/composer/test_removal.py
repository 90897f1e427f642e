"""What was taken down is known again when it comes back, and nothing else is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observations.composer.completeness import is_placeholder
from observations.composer.removal import coming_back, is_nearly, is_said
from observations.exchange.bilan import read_bilan
from tests.questionnaire import LE_WIP

NOTES = [
    note for note in read_bilan(LE_WIP.read_bytes()).notes.values() if not is_placeholder(note)
]
PARAGRAPHS = [line for note in NOTES for line in note.splitlines() if line.strip()]


def test_no_paragraph_of_a_real_report_is_taken_for_another():
    """False alarms on real text: each paragraph of Le WIP's notes against every other."""
    pairs = [(one, other) for one in PARAGRAPHS for other in PARAGRAPHS if one != other]
    assert len(pairs) > 50
    assert [pair for pair in pairs if is_nearly(*pair)] == []


@given(st.sampled_from(PARAGRAPHS), st.randoms(use_true_random=False))
def test_real_paragraph_with_a_word_in_five_changed_is_known_again(paragraph, random):
    words = paragraph.split()
    for rank in random.sample(range(len(words)), len(words) // 5):
        words[rank] = random.choice(["autrement", "vraiment", "x", ""])
    if len(words) >= 15:
        assert is_nearly(" ".join(words), paragraph)


@given(st.sampled_from(PARAGRAPHS))
def test_halves_of_a_paragraph_are_known_again(paragraph):
    words = paragraph.split()
    for half in (words[: len(words) // 2], words[len(words) // 2 :]):
        if len(half) >= 10:
            assert is_nearly(" ".join(half), paragraph)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_comes_back_at_its_place(text, removed):
    for found in coming_back(text, [removed, *text.splitlines()]):
        assert text[found.start : found.end] == found.passage
        assert found.passage.strip() == found.passage


def test_few_words_are_known_only_as_they_were():
    assert is_nearly("Merci à Karima Benali.", "Karima Benali")
    assert not is_nearly("Merci à Karima.", "Karima Benali")
    assert not is_nearly("Merci.", "…")


@pytest.mark.parametrize("word", ["partage ", "a", "mot différent et long ", "ligne entière\n"])
def test_longest_note_is_compared_at_once(word):
    note = (word * 50_000)[:50_000]
    start = time.process_time()  # of this process alone: a busy machine changes nothing
    coming_back(note, [note, note[: len(note) // 2], *PARAGRAPHS])
    assert time.process_time() - start < 5


def test_cut_lines_and_words_are_read_through():
    removed = "Karima est passée tous les mardis raconter sa longue maladie à la cuisine."
    assert is_said(
        removed, "… Karima est pas-\nsée tous les mar\u00addis raconter sa longue [Lire la suite]"
    )
    assert not is_said(removed, "Karima est passée tous les mardis.")
    assert is_said("Oui, elle.", "« Oui, elle », dit-il.")
