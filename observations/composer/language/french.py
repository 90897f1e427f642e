"""French grammar and typography: small pure functions, no word of any questionnaire."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"

# Words that refuse elision though they start with h (h aspiré), as stems: « halle » covers halle
# and halles. Source: the words so marked in the Trésor de la langue française, for places, things
# and peoples. The second set holds whole words whose longer cousins elide (héros, héroïne).
_ASPIRATED_STEMS = tuple(
    "hach hack hagard haie haillon hain haïr halle hallier halo halte hamac hameau hamburger hampe "
    "hamster hanap hanche hand hangar hanneton hanse hant happ harangu haras harass harcel hardi "
    "harem hareng hargn haricot harnais harp hasard hâte hauban haubert hauss haut havre hâvre "
    "hayon hennir héraut hère hériss hernie héron herse hêtr heurt hibou hideu hiérarch hip-hop "
    "hippie hisse hobby hochet hockey hold holland homard hongr honte hoquet horde hors hotte "
    "houbl houe houille houle houp housse houx hublot huche huée huguenot hurl huron husky "
    "hussard hutte".split()
)
_ASPIRATED_WORDS = frozenset(
    "haka hall halls héros hip hit home hop hot house hub hubs huit hun huns hype".split()
)
_NO_ELISION = ("onz", "ouistiti", "oui", "ululer", "uhlan", "yaourt", "yacht", "yoga", "yourte")
_VOWELS = "aeiouœæ"


def plain(text: str) -> str:
    """Lower case without accents, ligatures opened: for looking words up, never for showing."""
    folded = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in folded if not unicodedata.combining(char))


def elides(text: str) -> bool:
    """Whether « de » becomes « d’ » before this text."""
    word = text.lstrip("«“\"' \u00a0\u202f").lower()
    first = re.split(r"[\s'’.,]", word, maxsplit=1)[0]
    if not first or first.startswith(_NO_ELISION):
        return False
    if first.startswith("h"):
        return not _is_aspirated(first)
    if plain(first)[0] == "y":
        return len(first) == 1 or plain(first)[1] not in _VOWELS
    return plain(first)[0] in _VOWELS


def _is_aspirated(word: str) -> bool:
    return (
        len(word) == 1
        or word in _ASPIRATED_WORDS
        or any(word.startswith(stem) for stem in _ASPIRATED_STEMS)
        or plain(word)[1] not in _VOWELS + "y"  # an acronym: HLM
    )


_ARTICLE = re.compile(r"^(?:(les?)\s+|(la)\s+|(l)\s?['’]\s?)(?=\S)", re.IGNORECASE)


def _contract(text: str, *, le: str, les: str, plain_form: str, elided: str) -> str:
    """Puts a preposition before `text`, melting it with the article when there is one."""
    article = _ARTICLE.match(text)
    if article is None:
        return f"{elided}{text}" if elided and elides(text) else f"{plain_form} {text}"
    rest = text[article.end() :]
    if article[2]:
        return f"{plain_form} la {rest}"
    if article[3]:
        return f"{plain_form} l’{rest}"
    return f"{les if article[1].lower() == 'les' else le} {rest}"


def de(text: str) -> str:
    return _contract(text, le="du", les="des", plain_form="de", elided="d’")


def to(text: str) -> str:
    """« à », melted with the article: au, aux, à la, à l’."""
    return _contract(text, le="au", les="aux", plain_form="à", elided="")


def que(text: str) -> str:
    return f"qu’{text}" if elides(text) else f"que {text}"


PREFIXES: dict[str, Callable[[str], str]] = {"de": de, "à": to, "que": que}

# What a place is called when its name starts with a common noun and no article:
# « Hôtel Pasteur » is spoken of as « l’Hôtel Pasteur ». Masculine, feminine, plural.
_PLACE_NOUNS = {
    "le": "atelier bar bercail bocal bureau café camp campus carré cercle centre château chalet "
    "cloître collège comptoir domaine espace fablab familistère fort foyer garage grenier hangar "
    "hameau hôpital hôtel jardin kiosque laboratoire living lieu lycée magasin manoir marché "
    "monastère moulin musée palais pavillon phare pôle quai relais repaire séchoir studio terrain "
    "théâtre tiers-lieu village",
    "la": "abbaye auberge bibliothèque boutique brasserie cantine caserne chapelle cité "
    "conciergerie coopérative cour école épicerie fabrique ferme filature fonderie forge friche "
    "gare grange guinguette halle laiterie librairie maison manufacture médiathèque mjc papeterie "
    "plateforme poste prison recyclerie ressourcerie résidence scierie station tannerie tour "
    "usine verrerie villa",
    "les": "abattoirs ateliers bains bureaux docks écuries entrepôts forges granges grands halles "
    "jardins magasins moulins serres subsistances usines",
}
_ARTICLE_OF = {
    plain(noun): article for article, nouns in _PLACE_NOUNS.items() for noun in nouns.split()
}


def name_with_de(name: str) -> str:
    """Proposes « du WIP », « des Halles », « de l’Hôtel Pasteur », « d’Arche » for a site's name."""
    name = " ".join(name.split())
    first, _, others = name.partition(" ")
    article = _ARTICLE_OF.get(plain(first)) if others else None
    if article is None or (len(first) > 3 and first.isupper()):
        return de(name)
    if article != "les" and elides(name):
        return f"de l’{name}"
    return de(f"{article} {name}")


def enumerate_items(items: Sequence[str]) -> str:
    """« a, b et c »; « ainsi que » where a second « et » would be misread."""
    if len(items) < 2:
        return "".join(items)
    *firsts, last = items
    joined = ", ".join(firsts)
    is_misread = " et " in last or " et " in firsts[-1]
    return f"{joined} ainsi {que(last)}" if is_misread else f"{joined} et {last}"


def is_plural(number: int) -> bool:
    """French is plural from two on: « 0 personne », « 1 personne », « 2 personnes »."""
    return abs(number) >= 2


def number(value: int) -> str:
    return f"{value:,}".replace(",", NARROW_NBSP)


def sentence_case(text: str) -> str:
    """Capitalises the first letter, if the text starts with a letter."""
    return text[:1].upper() + text[1:]


def with_final_stop(text: str) -> str:
    return text if text.endswith((".", "…", "!", "?")) else f"{text}."


def with_spaces(text: str) -> str:
    """Makes the spaces that French wants unbreakable; adds and removes no other character."""
    text = re.sub(r"(?<=\S) (?=[;!?])", NARROW_NBSP, text)
    text = re.sub(r"(?<=\S) (?=:)", NBSP, text)
    return re.sub(r"(?<=«) | (?=»)", NBSP, text)


def with_apostrophes(text: str) -> str:
    return re.sub(r"(?<=\w)'(?=\w)", "’", text)


def typography(text: str) -> str:
    """Typographic apostrophes, ellipses and spaces, for the sentences we write ourselves."""
    text = with_apostrophes(text).replace("...", "…")
    text = re.sub(r"(?<=[^\W\d_]|\))(?=[:;!?](?:\s|$))", " ", text)
    return with_spaces(text)


def clean_text(text: str) -> str:
    """NFC, one kind of newline, and no character that XML, a terminal or a database refuses.

    Whatever ends a line elsewhere (Word's soft return, U+2028…) ends one here. Bidirectional
    overrides go too: they show a text in another order than it is written.
    """
    text = "\n".join(text.splitlines())
    kept = (char for char in text if char in "\n\t" or not _is_refused(char))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_refused(char: str) -> bool:
    return char in _BIDI_OVERRIDES or unicodedata.category(char) in ("Cc", "Cs", "Cn")


_BIDI_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def paragraphs(note: str) -> tuple[str, ...]:
    """The paragraphs of a note, in its own words."""
    lines = (" ".join(line.split()) for line in clean_text(note).split("\n"))
    return tuple(with_spaces(line) for line in lines if line)


_SENTENCE_END = re.compile(r"(?<!\b[A-ZÀ-Ý])(?<!\bMme)(?<!\bex)(?<!\bcf)[.!?…]+[»”\"\u00a0]*\s+")
EXCERPT_LENGTH = 220


def excerpt(
    note: Sequence[str], length: int = EXCERPT_LENGTH
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cuts paragraphs at a sentence end near `length` characters: (shown, unfolded).

    Nothing is lost and nothing is cut mid-sentence: a note shorter than a third more than
    `length`, or without a sentence end, is shown whole.
    """
    ends = list(accumulate(map(len, note)))
    if not ends or ends[-1] <= length * 4 // 3:
        return tuple(note), ()
    index = bisect_left(ends, length)
    paragraph = note[index]
    cut = _sentence_end(paragraph, length - ends[index] + len(paragraph))
    tail = paragraph[cut:]
    rest = (tail, *note[index + 1 :]) if tail else tuple(note[index + 1 :])
    return (*note[:index], paragraph[:cut].rstrip()), rest


def _sentence_end(paragraph: str, room: int) -> int:
    """The last sentence end within `room`, else the first one after it, else the whole."""
    ends = [match.end() for match in _SENTENCE_END.finditer(paragraph)]
    before = [end for end in ends if end <= room]
    return max(before) if before else min(ends, default=len(paragraph))
