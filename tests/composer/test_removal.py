"""What was taken down is known again when it comes back, and nothing else is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observations.composer.protecting.likeness import Lines, is_said, words_of
from observations.composer.protecting.removal import coming_back
from observations.composer.protecting.sealing import seal
from observations.composer.questionnaire.completeness import is_placeholder
from observations.exchange.bilan import read_bilan
from tests.questionnaire import LE_WIP

NOTES = [
    note for note in read_bilan(LE_WIP.read_bytes()).notes.values() if not is_placeholder(note)
]
PARAGRAPHS = [line for note in NOTES for line in note.splitlines() if line.strip()]


def is_near(text: str, removed: str) -> bool:
    return bool(Lines([words_of(text)]).near(words_of(removed)))


def test_no_paragraph_of_a_real_report_is_taken_for_another():
    """False alarms on real text: each paragraph of Le WIP's notes against every other."""
    pairs = [(one, other) for one in PARAGRAPHS for other in PARAGRAPHS if one != other]
    assert len(pairs) > 50
    assert [pair for pair in pairs if is_near(*pair)] == []


@given(st.sampled_from(PARAGRAPHS), st.randoms(use_true_random=False))
def test_real_paragraph_with_a_word_in_five_changed_is_known_again(paragraph, random):
    words = paragraph.split()
    for rank in random.sample(range(len(words)), len(words) // 5):
        words[rank] = random.choice(["autrement", "vraiment", "x", ""])
    if len(words) >= 15:
        assert is_near(" ".join(words), paragraph)


@given(st.sampled_from(PARAGRAPHS))
def test_halves_of_a_paragraph_are_known_again(paragraph):
    words = paragraph.split()
    for half in (words[: len(words) // 2], words[len(words) // 2 :]):
        if len(half) >= 10:
            assert is_near(" ".join(half), paragraph)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_comes_back_at_its_place(text, removed):
    for found in coming_back(text, [*map(seal, [removed, *text.splitlines()])]):
        assert text[found.start : found.end] == found.passage
        assert found.passage.strip() == found.passage


def test_few_words_are_known_only_as_they_were():
    assert is_near("Merci à Karima Benali.", "Karima Benali")
    assert not is_near("Merci à Karima.", "Karima Benali")
    assert not is_near("Merci.", "…")


@pytest.mark.parametrize("word", ["partage ", "a", "mot différent et long ", "ligne entière\n"])
def test_longest_note_is_compared_at_once(word):
    note = (word * 50_000)[:50_000]
    start = time.process_time()  # of this process alone: a busy machine changes nothing
    coming_back(note, [*map(seal, [note, note[: len(note) // 2], *PARAGRAPHS])])
    assert time.process_time() - start < 5


def test_cut_lines_and_words_are_read_through():
    removed = words_of("Karima est passée tous les mardis raconter sa longue maladie à la cuisine.")
    assert is_said(
        removed,
        "… Karima est pas-\nsée tous les mar\u00addis raconter sa longue mala-\ndie [Lire la suite]",
    )
    assert not is_said(removed, "Karima est passée tous les mardis.")
    assert is_said(words_of("Oui, elle danse."), "« Oui, elle danse », dit-il.")


KARIMA = "Karima Benali est passée tous les mardis raconter sa longue maladie à la cuisine."
LONG = (
    "Pendant toute cette année, nous avons accueilli avec les enfants du quartier et leurs parents une "
    "suite de rencontres autour du jardin partagé, de la cuisine et des repas du soir, où chacun venait "
    "avec ses voisins raconter comment la vie de l’immeuble avait changé depuis que Karima Benali avait "
    "parlé de sa maladie devant tous."
)


@pytest.mark.parametrize(
    ("removed", "text"),
    [
        ("Le patron du bar vole.", "Le gros patron du bar vole."),
        ("Le patron du bar vole.", "Le patron du café vole."),
        ("Le trésorier boit.", "Le trésorier, il boit."),
        ("Le trésorier boit.", "LE TRESORIER\nBOIT"),
        ("Max.", "Max est venu."),
        ("…", "…"),
        ("Karima Benali", "Kari\u00adma Be\u200bnali"),
        *[(KARIMA, KARIMA.replace(" tous", f"{end}tous").replace(" sa ", f"{end}sa "))
          for end in ("\n", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")],
        (KARIMA, "Karima Benali\nest passée\ntous les mardis\nraconter\nsa longue\nmaladie\nà table"),
        (LONG, LONG[:180]),
        (LONG[:180], LONG),
    ],
)  # fmt: skip
def test_what_was_removed_is_known_again_cut_or_edited(removed, text):
    assert coming_back(f"Avant, tout autre chose.\n{text}", [seal(removed)])
    assert "Avant, tout autre chose." not in [
        found.passage for found in coming_back(f"Avant, tout autre chose.\n{text}", [seal(removed)])
    ]


@pytest.mark.parametrize(
    ("removed", "text"),
    [
        ("Max.", "Le maximum est atteint."),
        ("Bar", "Le club de Barcelone est venu."),
        ("Une note.", "C’est une noter."),
        ("…", "Et puis…"),
        (LONG, "Nous avons accueilli les enfants du quartier."),
        (LONG, "Des repas du soir avec les voisins du quartier."),
        (LONG, "Les parents du quartier : cuisine, jardin partagé."),
    ],
)
def test_everyday_words_do_not_go_with_what_is_removed(removed, text):
    assert not Lines([words_of(text)]).same(words_of(removed))


def test_short_words_of_others_do_not_wait():
    for removed, text in (("Max.", "Le maximum."), ("Bar", "Barcelone"), ("…", "Et puis…")):
        assert not coming_back(text, [seal(removed)])
