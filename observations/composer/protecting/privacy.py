"""What a note may tell about a person, and the words that readers get instead.

Local and simple: INSEE's first names, patterns, and words by kind. It warns, it never decides.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from observations.enums import PassageKind, PublicChoice

_WORDS = Path(__file__).parent / "words"
MAJORITY = 18


@dataclass(frozen=True, slots=True)
class Found:
    """A passage of a text, in its sentence."""

    kind: PassageKind
    start: int
    end: int
    passage: str
    sentence: str

    @property
    def name(self) -> str:
        """A short name for this key in a form."""
        return sha256("\0".join(self.key).encode(errors="replace")).hexdigest()[:16]

    @property
    def key(self) -> tuple[PassageKind, str, str]:
        """Asked once for the same words in the same sentence."""
        return (self.kind, self.passage, self.sentence)


@dataclass(frozen=True, slots=True)
class Decision:
    choice: PublicChoice
    replacement: str = ""


def find_passages(text: str) -> list[Found]:
    """In the order of the text; of two that overlap the longer stays."""
    folded = _fold(text)
    spans = [span for detector in _DETECTORS for span in detector(text, folded)]
    kept: list[Span] = []
    taken = bytearray(len(text))
    for start, end, kind in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if 1 not in taken[start:end]:
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, kind))
    sentences = _sentences(text)
    starts = [start for start, _ in sentences]
    return [
        Found(kind, start, end, text[start:end], sentences[bisect_right(starts, start) - 1][1])
        for start, end, kind in sorted(kept)
    ]


def undecided(text: str, decisions: dict[tuple[PassageKind, str, str], Decision]) -> list[Found]:
    return [found for found in find_passages(text) if found.key not in decisions]


def pieces_of(text: str, passages: list[Found]) -> list[tuple[str, Found | None]]:
    """The whole text in pieces, each with the passage that it is, if any."""
    pieces: list[tuple[str, Found | None]] = []
    at = 0
    for found in passages:
        pieces += [(text[at : found.start], None), (found.passage, found)]
        at = found.end
    return [piece for piece in [*pieces, (text[at:], None)] if piece[0]]


def _fold(text: str) -> str:
    """Lower case, without accents, straight apostrophes, as long as the text."""
    letters = (unicodedata.normalize("NFD", char)[0] for char in text)
    folded = "".join(char.lower() if len(char.lower()) == 1 else char for char in letters)
    return folded.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")


def _sentences(text: str) -> list[tuple[int, str]]:
    """Where each sentence starts, and its words."""
    starts = [0, *(found.end() for found in re.finditer(r"[.!?…](?:\s+|$)|\n+", text))]
    ends = [*starts[1:], len(text)]
    return [(start, text[start:end].strip()) for start, end in zip(starts, ends, strict=True)]


Span = tuple[int, int, PassageKind]


def _pattern(kind: PassageKind, pattern: str) -> Callable[[str, str], Iterator[Span]]:
    compiled = re.compile(pattern)

    def detect(_text: str, folded: str) -> Iterator[Span]:
        for found in compiled.finditer(folded):
            yield found.start(), found.end(), kind

    return detect


_STREET = (
    r"\b\d{1,4}(?: ?(?:bis|ter|quater))?,? (?:rue|avenue|av\.|boulevard|bd|impasse|allee|chemin|"
    r"place|quai|cours|square|passage|route|sente|villa|residence|venelle)\b"
    r"(?: (?:de la|de l'|des|du|de|d'|la|le|les))?[ ']?[\w'-]+(?: [a-z-]+(?=,| \d{5}))?(?:,? \d{5} [\w-]+)?"
)
_AGE = (
    r"(?:age[es]* (?:de|d'environ|d'a peine) )?(?<!\d)(?<!depuis )(?<!pendant )(?<!il y a )(?<!dans )"
    r"(?<!durant )(?<!apres )(?<!sur )(?<!en )(?<!les )(?<!ces )(?<!nos )(?<!des )"
    r"\b(\d{1,3}) ans\b(?! (?:apres|plus tard|d'existence|d'activite|d'ancienne|de |que |et plus))"
)


def _ages(text: str, folded: str) -> Iterator[Span]:
    for found in re.finditer(_AGE, folded):
        minor = int(found[1]) < MAJORITY
        yield found.start(), found.end(), PassageKind.MINOR if minor else PassageKind.AGE


_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_NAME = rf"{_CAPITAL}[\w’'-]{{0,40}}\w|{_CAPITAL}\."
_SURNAME = re.compile(rf"(?: (?:de |du |d’|d'|Le |La |El |Ben |Da |Van )?(?:{_NAME}))")
_CIVILITY = re.compile(
    rf"\b(?:M\.|MM\.|Mme|Mlle|Mr|Dr|Madame|Monsieur|Mademoiselle|Docteur|Maître)[  ]"
    rf"(?:{_NAME})(?:[ -](?:{_NAME}))*"
)
_NAME_THEN_AGE = re.compile(rf"(?<![\w’'-])({_NAME})(?=(?:,| \(|, \() ?\d{{1,3}} ans)")
_PLACES = frozenset(
    "rue place avenue boulevard salle ecole college lycee square hotel hopital centre theatre espace"
    " quartier parc fondation association festival stade gymnase mediatheque bibliotheque cite"
    " residence maison saint sainte tour halle halles pont port quai metro gare station cafe bar"
    " restaurant compagnie cinema musee universite groupe institut prix impasse allee"
    " faubourg mairie ville commune village hameau friche usine eglise chapelle saison".split()
)
_SMALL = frozenset("de du des d la le les l".split())
_NOT_NAMES = frozenset(
    "france paris marseille nice valence lorraine provence bretagne vienne chine asie"
    " angers orient occident noel paques toussaint victoire esperance ocean"
    " avril mai juin ete printemps ange grace soleil lune aube desire modeste juste bienvenu"
    " olive prune cerise fleur jasmin melodie harmonie lys capucine "
    " brune rousse blonde reine roi prince cesar constant vital fortune parfait merci tour tours"
    " ville bourg rennes lille brest lyon milan rome roman savoie corse israel roland garros europe"
    " eden leader lac mont lot ain allier coeur bruit alice-guy ces les des une son ses par"
    " elle lui tous tout mon ton abba sans sous dans avant avec vers pour mais ou donc ni car"
    " charlemagne candide felicite gentille mars may lys net paz salut solidaire"
    " sol tim tom vivre yes celui cet cela ici nos vos leur leurs".split()
)


@cache
def _first_names() -> tuple[frozenset[str], frozenset[str]]:
    """The common ones, and all."""
    common, rare = (_WORDS / "first_names.txt").read_text().splitlines()
    often = frozenset(common.split()) - _NOT_NAMES
    return often, often | (frozenset(rare.split()) - _NOT_NAMES)


def _names(text: str, folded: str) -> Iterator[Span]:
    for found in _CIVILITY.finditer(text):
        yield found.start(), found.end(), PassageKind.NAME
    for found in _NAME_THEN_AGE.finditer(text):
        yield found.start(1), found.end(1), PassageKind.NAME
    often, known = _first_names()
    for found in re.finditer(rf"\b{_CAPITAL}[\w]*(?:-{_CAPITAL}?\w+)*", text):
        word = folded[found.start() : found.end()]
        names = often if _opens_sentence(text, found.start()) else known
        if not (word in names or (word.split("-")[0] in names and "-" in word)):
            continue
        if _is_place(folded, found.start()):
            continue
        surname = _SURNAME.match(text, found.end())
        yield found.start(), surname.end() if surname else found.end(), PassageKind.NAME


def _opens_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 40) : at].rstrip(' \u00a0\u202f\t«"(-–—•')
    return not before or before[-1] in ".!?…\n:"


def _is_place(folded: str, at: int) -> bool:
    """« rue Victor Hugo », « l’école de la Marne » : a place, not somebody."""
    before = re.split(r"[ '\n-]+", folded[max(0, at - 40) : at].rstrip(" '-"))
    known = _first_names()[1]
    while before and (before[-1] in _SMALL or before[-1] in known):
        before.pop()
    return bool(before) and before[-1] in _PLACES


@cache
def _sensitive() -> list[tuple[PassageKind, re.Pattern[str]]]:
    found = []
    for line in (_WORDS / "sensitive.txt").read_text().splitlines():
        kind, colon, terms = line.partition(": ")
        if colon and not line.startswith("#"):
            stems = (re.escape(term).replace(r"\*", r"[\w·-]*") for term in terms.split(", "))
            joined = "|".join(sorted(stems, key=len, reverse=True))
            found.append((PassageKind(kind), re.compile(rf"(?<![\w-])(?:{joined})(?!\w)")))
    return found


def _by_words(_text: str, folded: str) -> Iterator[Span]:
    for kind, pattern in _sensitive():
        for found in pattern.finditer(folded):
            yield found.start(), found.end(), kind


_PEOPLE = (
    r"personnes?|femmes?|hommes?|familles?|habitante?s?|benevoles?|salarie(?:e?s?)|jeunes?|mamans?|"
    r"papas?|meres?|peres?|soeurs?|freres?|voisine?s?|couples?|artistes?|retraite(?:e?s?)|"
    r"etudiante?s?|stagiaires?|residente?s?|locataires?|participante?s?|amies?|amis|enfants?|"
    r"filles?|garcons?|eleves?|beneficiaires?|usagers?|usageres?|collegues?|adherente?s?"
)
_DETECTORS: tuple[Callable[[str, str], Iterable[Span]], ...] = (
    _pattern(
        PassageKind.MAIL,
        r"(?<![\w.+-])[\w.+-]{1,64} ?(?:@|\(at\)|\[at\]|arobase) ?[\w-]+(?:\.| point )[\w.-]*\w",
    ),
    _pattern(
        PassageKind.PHONE,
        r"(?<!\d)(?:(?:\+|00)33 ?(?:\(0\))?[ .-]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)",
    ),
    _pattern(PassageKind.ADDRESS, _STREET),
    _ages,
    _pattern(
        PassageKind.AGE,
        r"\b(?:quinquagenaires?|sexagenaires?|septuagenaires?|octogenaires?|nonagenaires?|centenaires?|"
        r"la (?:vingtaine|trentaine|quarantaine|cinquantaine|soixantaine))\b",
    ),
    _pattern(
        PassageKind.SMALL_GROUP,
        rf"\b(?:deux|trois|quatre|cinq|[2-5]) (?:jeunes |autres |anciens |anciennes |petits )?(?:{_PEOPLE})\b",
    ),
    _names,
    _by_words,
)
