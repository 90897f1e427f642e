from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observations.composer.language import french

NAMES = {
    "Le WIP": "du WIP",
    "le wip": "du wip",
    "LE WIP": "du WIP",
    "Les Halles": "des Halles",
    "LES HALLES": "des HALLES",
    "L'Hôtel Pasteur": "de l’Hôtel Pasteur",
    "L’Hôtel Pasteur": "de l’Hôtel Pasteur",
    "Hôtel Pasteur": "de l’Hôtel Pasteur",
    "Arche": "d’Arche",
    "L'Arche": "de l’Arche",
    "La Friche la Belle de Mai": "de la Friche la Belle de Mai",
    "la fabrique du métro": "de la fabrique du métro",
    "Les Grands Voisins": "des Grands Voisins",
    "Grands Voisins": "des Grands Voisins",
    "La Halle aux Cuirs": "de la Halle aux Cuirs",
    "Halle Girondins": "de la Halle Girondins",
    "Hangar Zéro": "du Hangar Zéro",
    "Le Hangar": "du Hangar",
    "Hangar": "de Hangar",
    "Habitat 21": "d’Habitat 21",
    "Harmonie": "d’Harmonie",
    "Havre": "de Havre",
    "Le Havre": "du Havre",
    "Horizon": "d’Horizon",
    "Huit": "de Huit",
    "Huître": "d’Huître",
    "Hub Léo": "de Hub Léo",
    "Le 104": "du 104",
    "104": "de 104",
    "Le CENTQUATRE-PARIS": "du CENTQUATRE-PARIS",
    "8 Fablab": "de 8 Fablab",
    "11 Conti": "de 11 Conti",
    "Onze": "de Onze",
    "ICI Montreuil": "d’ICI Montreuil",
    "SNCF Immobilier": "de SNCF Immobilier",
    "HLM": "de HLM",
    "H": "de H",
    "Ho": "d’Ho",
    "MJC du Laü": "de la MJC du Laü",
    "ENS": "d’ENS",
    "Yes We Camp": "de Yes We Camp",
    "Yourte": "de Yourte",
    "Ydes": "d’Ydes",
    "Y": "d’Y",
    "Ouest": "d’Ouest",
    "Ouistiti": "de Ouistiti",
    "Œuvre": "d’Œuvre",
    "Écluse": "d’Écluse",
    "L'Écluse": "de l’Écluse",
    "École Buissonnière": "de l’École Buissonnière",
    "Usine Vivante": "de l’Usine Vivante",
    "L’Usine à Gaz": "de l’Usine à Gaz",
    "Ateliers Médicis": "des Ateliers Médicis",
    "Atelier des Possibles": "de l’Atelier des Possibles",
    "Maison Forte": "de la Maison Forte",
    "La Maison Forte": "de la Maison Forte",
    "Château de Nanterre": "du Château de Nanterre",
    "Café des Voisins": "du Café des Voisins",
    "Moulin de l'Hydre": "du Moulin de l'Hydre",
    "Tiers-lieu du Vernet": "du Tiers-lieu du Vernet",
    "Jardin des Fées": "du Jardin des Fées",
    "Darwin": "de Darwin",
    "Coco Velten": "de Coco Velten",
    "Mains d'Œuvres": "de Mains d'Œuvres",
    "Chez Daddy": "de Chez Daddy",
    "Au Coin du Feu": "d’Au Coin du Feu",
    "À la bonne heure": "d’À la bonne heure",
    "Lesage": "de Lesage",
    "Lau": "de Lau",
    "Lalanne": "de Lalanne",
    "L'": "de L'",
    "Un Coin de Verdure": "d’Un Coin de Verdure",
    "« Impact »": "d’« Impact »",
    " Hôtel   Pasteur\n": "de l’Hôtel Pasteur",
    "GARE Nord": "de GARE Nord",
    "": "de ",
    "’t Huis": "de ’t Huis",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_name_with_de_contracts_as_spoken(name, expected):
    assert french.name_with_de(name) == expected


def test_enough_names_are_tried():
    assert len(NAMES) >= 60


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a et b"),
        (["a", "b", "c"], "a, b et c"),
        (["a", "b et c"], "a ainsi que b et c"),
        (["a et b", "c"], "a et b ainsi que c"),
        (["a", "acteurs et actrices"], "a ainsi qu’acteurs et actrices"),
        (["a et b", "c", "d"], "a et b, c et d"),
    ],
)
def test_enumerate_items_links_the_last(items, expected):
    assert french.enumerate_items(items) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("petits services", "de petits services"),
        ("espaces", "d’espaces"),
        ("un inconfort", "d’un inconfort"),
        ("hébergement", "d’hébergement"),
        ("le jardin", "du jardin"),
        ("les halles", "des halles"),
    ],
)
def test_de_elides_and_contracts(text, expected):
    assert french.de(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("des bénévoles", "à des bénévoles"),
        ("le lieu", "au lieu"),
        ("les voisins", "aux voisins"),
        ("l’école", "à l’école"),
        ("la gare", "à la gare"),
        ("une voisine", "à une voisine"),
    ],
)
def test_to_contracts_without_eliding(text, expected):
    assert french.to(text) == expected


def test_que_elides_before_a_vowel_only():
    assert french.que("aucune") == "qu’aucune"
    assert french.que("certaines") == "que certaines"


@pytest.mark.parametrize(("count", "plural"), [(0, False), (1, False), (2, True), (10, True)])
def test_is_plural_from_two_on(count, plural):
    assert french.is_plural(count) is plural


def test_number_groups_thousands_with_a_narrow_space():
    assert french.number(999) == "999"
    assert french.number(1250) == "1\u202f250"


def test_typography_is_french():
    assert french.typography("l'un : « a » ; b ! c ? d...") == (
        "l’un\u00a0: «\u00a0a\u00a0»\u202f; b\u202f! c\u202f? d…"
    )
    assert french.typography("entre: a") == "entre\u00a0: a"
    assert french.typography("à 14:32, http://a.b") == "à 14:32, http://a.b"


def test_typography_is_stable():
    once = french.typography("l'un : « a » ; b ! c ? d...")
    assert french.typography(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Élève", "eleve"),
        ("ŒUVRE et œufs", "oeuvre et oeufs"),
        ("Æquo, nævus", "aequo, naevus"),
        ("l’an 2000", "l’an 2000"),
    ],
)
def test_plain_is_for_looking_up(text, expected):
    assert french.plain(text) == expected


@pytest.mark.parametrize(
    ("text", "cased"), [("", ""), ("a", "A"), ("été à Dax", "Été à Dax"), ("1 an", "1 an")]
)
def test_sentence_case_raises_one_letter(text, cased):
    assert french.sentence_case(text) == cased


@pytest.mark.parametrize("mark", ".…!?")
def test_final_stop_is_added_where_none_is(mark):
    assert french.with_final_stop("Oui") == "Oui."
    assert french.with_final_stop(f"Oui{mark}") == f"Oui{mark}"


def test_clean_text_drops_what_no_reader_can_see():
    assert french.clean_text("a\x00b\x07c\ud800d\r\ne\rf\u0301 ") == "abcd\ne\nf\u0301"
    assert french.clean_text("a\u0378b\u202a\u202b\u202c\u202d\u202ec") == "abc"  # unassigned, bidi
    assert french.clean_text("a\u2066\u2067\u2068\u2069b") == "ab"
    assert french.clean_text("e\u0301") == "é"


def test_paragraphs_keep_every_word():
    assert french.paragraphs("un  deux\n\n\ntrois :\tquatre\n") == (
        "un deux",
        "trois\u00a0: quatre",
    )
    assert french.paragraphs(" \n ") == ()


def test_excerpt_cuts_at_a_sentence_end():
    note = ("Un mot. " * 30 + "Le point de M. Petit compte. " + "Fin ! " * 30).strip()
    shown, rest = french.excerpt((note,), 265)
    assert shown == (("Un mot. " * 30).strip(),)
    assert rest[0].startswith("Le point de M. Petit compte.")


def test_excerpt_shows_a_short_note_whole():
    assert french.excerpt(("Un. Deux.",)) == (("Un. Deux.",), ())
    assert french.excerpt(("x" * 1000,)) == (("x" * 1000,), ())


def test_excerpt_is_as_long_as_it_may_be():
    """Every length against notes of equal sentences: the most that fits, and one at least."""
    for size, count, length in product(range(3, 7), range(1, 9), range(1, 41)):
        sentence = "a" * (size - 2) + ". "
        note = (sentence * count).strip()
        shown, rest = french.excerpt((note,), length)
        assert " ".join((*shown, *rest)) == note
        assert bool(rest) == (count > 1 and len(note) > length * 4 // 3)
        if rest:
            assert len(shown[0]) + 1 == max(size, length // size * size)


def test_excerpt_is_of_220_characters():
    for size, length in ((20, 220), (13, 208)):  # 221 would hold one more of these
        (shown,), _ = french.excerpt((("a" * (size - 2) + ". ") * 40,))
        assert len(shown) + 1 == length
    assert french.excerpt(()) == ((), ())


def test_excerpt_can_cut_between_paragraphs():
    note = ("a" * 290, "b" * 290 + ". Fin.")
    assert french.excerpt(note, 300) == ((note[0], "b" * 290 + "."), ("Fin.",))
    assert french.excerpt(("a" * 300, "b. " * 100), 300) == (("a" * 300,), ("b. " * 100,))


notes = st.lists(
    st.text(st.sampled_from("abé .!?…»M,;\u00a0"), min_size=1).map(str.strip).filter(bool),
    min_size=1,
)


@given(notes, st.integers(1, 60))
def test_excerpt_loses_nothing_and_cuts_only_at_sentence_ends(note, length):
    shown, rest = french.excerpt(note, length)
    assert "".join("".join((*shown, *rest)).split()) == "".join("".join(note).split())
    if rest and len(shown) + len(rest) > len(note):
        assert shown[-1].rstrip('»”" \u00a0').endswith((".", "!", "?", "…"))


@given(st.text())
def test_clean_text_is_stable_and_encodable(text):
    once = french.clean_text(text)
    assert french.clean_text(once) == once
    once.encode()
