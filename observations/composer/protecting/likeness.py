"""Whether a text says again what another said: word for word, or nearly."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from math import ceil

from observations.composer.language.french import plain

# A text is nearly another when this share of the words of the shorter one stands in the other, in
# the same order and close together; it is the other when this share of the longer one does.
_NEARLY = 0.6
_THE_SAME = 0.75
_EXCERPT = 4  # words under which a line is in every longer text
_IN_A_ROW = 7  # telling words that two texts do not share by chance
_HALF = 4  # telling words in a row that may be half of a sentence, far from its other half
_FEW = 8  # telling words under which one more or less is another text
_SOFT_HYPHEN = "\xad"  # always in a word
_COMPARED = 2_000_000  # pairs of words; placing each line in more would take seconds
# Words that are in every text and tell nothing of it.
_GRAMMAR = frozenset(
    "a ai ait as au aura aux avaient avait avec avoir avons c ca car ce cela ces cet cette chez ci "
    "comme d dans de des donc dont du elle elles en entre est et etaient etait ete etre eu eux fait "
    "il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne ni nos notre nous on ont "
    "or ou par pas plus pour qu que qui quoi s sa sans se sera ses si soi son sont sous sur t ta te "
    "tes toi ton tres tu un une vos votre vous y".split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is compared. Accents, capitals, points and what nobody sees do not count."""

    text: str
    words: tuple[str, ...]
    telling: tuple[int, ...]  # ranks of the words that tell something
    content: tuple[str, ...]  # these words

    @property
    def is_thin(self) -> bool:
        """« Max. », « Oui. »: such words stand anywhere, they are this text only when alone."""
        return len(self.content) < 2


def words_of(text: str, *, between: str = "") -> Words:
    """`between`: what stands where somebody put what nobody sees, in a word or between two."""
    seen = "".join(_seen(char, between) for char in plain(text))
    every = re.findall(r"[^\W_]+", seen)
    return told(text.strip(), every, [word not in _GRAMMAR for word in every])


def _seen(char: str, between: str) -> str:
    if char == _SOFT_HYPHEN:
        return ""
    return between if unicodedata.category(char) == "Cf" else char


def told(text: str, words: Sequence[str], tells: Sequence[bool]) -> Words:
    """`tells`: of each word whether it tells something."""
    telling = compress(range(len(words)), tells)
    return Words(text, tuple(words), tuple(telling), tuple(compress(words, tells)))


def is_said(words: Words, text: str) -> bool:
    """Whether a page, a file or a table says it, or seven telling words of it in a row; a page may
    cut a paragraph in two, a PDF its lines and its words."""
    if words.is_thin:
        return any(_is_same(words_of(piece), words) for piece in re.split(r'[\n"]', text))
    if len(words.content) > _IN_A_ROW:
        letters = "".join(filter(str.isalnum, plain(text)))
        return any("".join(run) in letters for run in {*_runs(words)})
    joined = (text, re.sub(r"-\n", "", text))
    return any(_has_run(words_of(one).words, words.words) for one in joined)


class Lines:
    """The lines of a text, ready to be compared with many others."""

    def __init__(self, lines: Iterable[Words]) -> None:
        self._lines = list(lines)
        self._words = [
            (word, rank) for rank, line in enumerate(self._lines) for word in line.content
        ]
        self._ranks: dict[str, list[int]] = {}  # of a word: the lines that have it, as often
        self._halves: dict[tuple[str, ...], set[int]] = {}
        for word, rank in self._words:
            self._ranks.setdefault(word, []).append(rank)
        for rank, line in enumerate(self._lines):
            for half in _halves(line):
                self._halves.setdefault(half, set()).add(rank)
        # Where a word starts matters to few words only, and many may be joined by what nobody sees.
        self._joined = {joint: self._join(joint) for joint in ("", " ")}

    def _join(self, joint: str) -> tuple[str, list[int]]:
        """All the words of the text, and where each line ends in it."""
        texts = ["".join(f"{joint}{word}" for word in line.words) for line in self._lines]
        return "".join(texts) + joint, list(accumulate(map(len, texts)))

    def same(self, other: Words) -> set[int]:
        """Ranks of those that say the other, alone or in a row, or hardly anything else."""
        if other.is_thin:
            return {rank for rank, line in enumerate(self._lines) if _is_same(line, other)}
        found = {rank for rank in self._shared(other) if _is_same(self._lines[rank], other)}
        joint = "" if len(other.content) > _IN_A_ROW else " "
        whole, ends = self._joined[joint]
        for run in {*_runs(other)}:
            sought = "".join(f"{joint}{word}" for word in run)
            at = whole.find(sought + joint)
            while at >= 0:
                found |= set(range(bisect_right(ends, at), bisect_left(ends, at + len(sought)) + 1))
                at = whole.find(sought + joint, at + 1)
        return found

    def near(self, other: Words) -> set[int]:
        """Ranks of those that say the other again, or nearly, or a part of it; it may be cut into
        lines that each say little, or in two halves that stand anywhere."""
        if other.is_thin:
            return {rank for rank, line in enumerate(self._lines) if _has_thin(line, other)}
        found = set(self._parts(other))
        if len(other.content) >= 2 * _HALF:
            found |= {rank for half in _halves(other) for rank in self._halves.get(half, ())}
        counts = Counter(other.content)
        held = sum(min(many, len(self._ranks.get(word, ()))) for word, many in counts.items())
        if held >= _least(other.content):
            for stretch in _stretches([word for word, _ in self._words], other.content):
                among = self._words[stretch.start : stretch.stop]
                found |= {rank for word, rank in among if word in counts}
        return found

    def _shared(self, other: Words) -> Counter[int]:
        """How many words each line has of the other, of the lines that have any."""
        return Counter(rank for word in {*other.content} for rank in self._ranks.get(word, ()))

    def _parts(self, other: Words) -> Iterator[int]:
        """Those that are an excerpt; of very long texts, those that have its words in any order."""
        is_long = len(self._words) * len(other.content) > _COMPARED
        for rank, shared in self._shared(other).items():
            line = self._lines[rank]
            if len(line.content) < _EXCERPT or shared < _NEARLY * len(line.content):
                continue
            if is_long or any(_stretches(other.content, line.content)):
                yield rank


def _is_same(line: Words, other: Words) -> bool:
    if other.is_thin:
        return line.words == other.words if other.words else line.text == other.text
    shortest, longest = sorted([len(line.content), len(other.content)])
    least = longest if longest < _FEW else _THE_SAME * longest
    return shortest >= least and _in_order(line.content, other.content)[-1] >= least


def _runs(words: Words) -> Iterator[tuple[str, ...]]:
    """Its words, or those around each seven of its telling words in a row."""
    if len(words.telling) <= _IN_A_ROW:
        yield words.words
        return
    for first, last in zip(words.telling, words.telling[_IN_A_ROW - 1 :], strict=False):
        yield words.words[first : last + 1]


def _halves(words: Words) -> Iterator[tuple[str, ...]]:
    return zip(*(words.content[first:] for first in range(_HALF)), strict=False)


def _has_run(held: tuple[str, ...], run: tuple[str, ...]) -> bool:
    return f" {' '.join(run)} " in f" {' '.join(held)} "


def _has_thin(line: Words, other: Words) -> bool:
    """In the same words, or in a line that says little else."""
    if not other.words:
        return line.text == other.text
    is_whole = _has_run(line.words, other.words)
    is_short = len(line.content) <= _EXCERPT
    return is_whole or (is_short and _has_any(line.content, other.content))


def _has_any(words: Collection[str], others: Collection[str]) -> bool:
    return any(word in words for word in others)


def _least(sought: Sequence[str]) -> int:
    return ceil(_NEARLY * len(sought))


def _stretches(held: Sequence[str], sought: Sequence[str]) -> Iterator[range]:
    """Where the first has most words of the second, in the same order, among as many others."""
    least = _least(sought)
    if (Counter(held) & Counter(sought)).total() < least:
        return
    width, step = 2 * len(sought) + 2, max(len(sought) // 2, 1)
    for start in range(0, max(len(held) - width, 0) + step, step):
        window = held[start : start + width]
        counts = _in_order(sought, window)
        if counts and counts[-1] >= least:
            end = counts.index(counts[-1]) + 1
            back = _in_order(sought[::-1], window[:end][::-1])
            yield range(start + end - back.index(back[-1]) - 1, start + end)


def _in_order(sought: Sequence[str], held: Sequence[str]) -> list[int]:
    """How many words of the first each beginning of the second has, in the same order: the length
    of their longest common subsequence, a bit for each word (Hyyrö, 2004)."""
    places: dict[str, int] = {}
    for rank, word in enumerate(sought):
        places[word] = places.get(word, 0) | 1 << rank
    every = (1 << len(sought)) - 1
    row, counts = every, []
    for word in held:
        common = row & places.get(word, 0)
        row = ((row + common) | (row - common)) & every
        counts.append(len(sought) - row.bit_count())
    return counts
