"""What is kept of words that were taken away: enough to know them again, not to read them.

A seal is a line of text: for each word that tells something 16 bits of its hash, for each other
four, sentences apart. Some five words of French answer to each, so that nobody reads a seal; but
who guesses the whole text can see that it is that one, which is what a seal is for.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

from observations.composer.protecting.likeness import Lines, Words, told, words_of

_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+")
_BETWEEN = " / "
_WORDLESS = "="  # begins the seal of « … »
_TELLING = 3  # words that make a sentence worth knowing again by itself


def seal(text: str) -> str:
    if not words_of(text).words:
        return _WORDLESS + _hashed(text.strip())
    sentences = (" ".join(sealed(words_of(row)).words) for row in _SENTENCE_END.split(text))
    return _BETWEEN.join(filter(None, sentences))


def is_seal(text: str) -> bool:
    """Whether it was made by `seal`: an empty one would be every text."""
    word = r"[0-9a-f]([0-9a-f]{3})?"
    return bool(re.fullmatch(rf"=[0-9a-f]{{4}}|{word}(( /)? {word})*", text))


def lines_saying(lines: Sequence[str], seals: Iterable[str], *, nearly: bool = False) -> set[int]:
    """Ranks of the lines of a text that say what was sealed; or nearly, or a sentence of it."""
    readings = [
        Lines(sealed(words_of(line, between=between)) for line in lines)
        for between in ("", " ")
        if not between or any(words_of(line) != words_of(line, between=between) for line in lines)
    ]
    ranks = set()
    for row in seals:
        whole, *sentences = read_seal(row)
        for read in readings:
            ranks |= read.same(whole)
            for words in [whole, *sentences] if nearly else ():
                ranks |= read.near(words)
    return ranks


def sealed(words: Words) -> Words:
    """The same, as it can be compared with what was sealed."""
    if not words.words:
        return told(_WORDLESS + _hashed(words.text), (), ())
    tells = {*words.telling}
    hashed = [_hashed(word) for word in words.words]
    return _told([row if rank in tells else row[:1] for rank, row in enumerate(hashed)])


def read_seal(text: str) -> list[Words]:
    """The whole, then its sentences that tell enough, for they may come back one by one or in
    another order."""
    if text.startswith(_WORDLESS):
        return [told(text, (), ())]
    sentences = [_told(row.split()) for row in text.split(_BETWEEN)]
    whole = _told([word for row in sentences for word in row.words])
    parts = [row for row in sentences if len(row.content) >= _TELLING]
    return [whole, *parts] if len(sentences) > 1 else [whole]


def _told(hashed: list[str]) -> Words:
    return told("", hashed, [len(word) > 1 for word in hashed])


@lru_cache(maxsize=10_000)
def _hashed(word: str) -> str:
    """Four hexadecimal digits."""
    return blake2b(word.encode(errors="replace"), digest_size=2).hexdigest()
