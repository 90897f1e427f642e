"""What a person asked to take down: out of a frozen report, and known again when it comes back."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from observations.composer.language.french import plain
from observations.composer.protecting.likeness import Lines, is_said, words_of
from observations.composer.protecting.privacy import Found
from observations.composer.protecting.redaction import lines_of
from observations.composer.protecting.sealing import lines_saying, read_seal, seal, sealed
from observations.composer.questionnaire.inputs import EffectInput, Key
from observations.composer.saying.data import EffectData, QuestionData, observation_of_data
from observations.composer.saying.document import AbsentEffects, Document, EffectSection
from observations.composer.saying.speaker import Speaker
from observations.enums import Absence, InclusiveWriting, PassageKind

_LONG = 7  # telling words
PASSAGE_REMOVED = "[Passage retiré à la demande d’une personne.]"


def coming_back(text: str, seals: Collection[str], exact: Collection[str] = ()) -> list[Found]:
    """The paragraphs of a note that say what was taken down, or nearly: each waits for a decision.

    `exact`: seals of composed sentences, whose words are everybody's: nearly they are not known.
    """
    lines = list(lines_of(text))
    words = [line for _, line in lines]
    near = lines_saying(words, seals, nearly=True) if seals else set()
    near |= lines_saying(words, exact) if exact else set()
    return [
        Found(PassageKind.FLAGGED, start, start + len(line), line, line)
        for rank, (start, line) in enumerate(lines)
        if rank in near
    ]


def sentences_again(section: EffectSection, removals: Iterable[tuple[str, str]]) -> list[str]:
    """Its composed sentences that say what was taken down of this effect, or of any note.

    `removals`: places and seals, of its year: another year says its own.
    """
    seals = [row for place, row in removals if is_note(place) or effect_of(place) == section.code]
    told = [text for place, text in passages_of(section) if not is_note(place)]
    told = [text for text in told if text != PASSAGE_REMOVED]
    return [text for text in told if any(says_sentence(row, text) for row in seals)]


def says_sentence(row: str, text: str) -> bool:
    """Whether what was sealed says a composed sentence, or the sentence it; a few words of a note
    may stand in any sentence."""
    removed, sentence = read_seal(row)[0], sealed(words_of(text))
    is_long = len(removed.content) >= _LONG
    return bool(Lines([removed]).same(sentence) or (is_long and Lines([sentence]).same(removed)))


def still_says(document: Document, removals: Collection[tuple[str, str]]) -> bool:
    """Whether a number says what was taken down."""
    seals = [row for _, row in removals]
    return any(
        lines_saying(section.note, seals) or sentences_again(section, removals)
        for section in sections_of(document)
    )


def says_again(
    document: Document,
    seals: Collection[str],
    of_year: Collection[tuple[str, str]],
    decided: Mapping[str, Iterable[str]],
) -> list[str]:
    """Titles of what a report that is about to be published says of what was taken down; keywords,
    which nobody decides one by one, may not say it nearly either.

    `of_year`: places and seals of what was, in this year; `decided`: by effect code, the words that
    somebody wants public all the same.
    """
    titles = []
    for section in sections_of(document):
        wanted = [*decided.get(section.code, ())]
        kept = lines_saying(section.note, map(seal, wanted))
        again = {*sentences_again(section, of_year)} - {*wanted}
        if again or lines_saying(section.note, seals) - kept:
            titles.append(section.title)
    for scale in document.scales:
        if coming_back("\n".join(scale.keywords), seals):
            titles.append(f"{scale.title} (mots-clés)")
    return titles


def without_note(document: Document, removed: str) -> Document:
    """The same report; no note says this paragraph in any effect."""

    def redacted(section: EffectSection) -> EffectSection:
        gone = Lines(map(words_of, section.note)).same(words_of(removed))
        note = (PASSAGE_REMOVED if rank in gone else text for rank, text in enumerate(section.note))
        return replace(section, note=tuple(note))

    return _with_sections(document, {row.code: redacted(row) for row in sections_of(document)})


def without_sentence(
    document: Document, code: str, text: str, answers: frozenset[Key] | None
) -> Document:
    """The same report without this sentence of this effect, and without the answers that it says,
    wherever else they stand; None: nobody can tell which, and the effect goes whole."""
    section = next(row for row in sections_of(document) if row.code == code)
    if answers is None:
        return _without_effect(document, section)
    passages = (
        replace(row, text=PASSAGE_REMOVED, items=()) if row.text == text else row
        for row in section.passages
    )
    told = replace(section, passages=tuple(passages), changes=None, series=())
    data = tuple(
        _without_answers(row, answers) if row.code == code else row for row in document.data
    )
    return replace(_with_sections(document, {code: told}), data=data)


def answers_of_sentence(effect: EffectInput, told: EffectData, text: str) -> frozenset[Key] | None:
    """What a frozen sentence says, as it was composed; None when it is not found again."""
    observation = observation_of_data(told)
    if observation is None:
        return None
    for writing in InclusiveWriting:
        speaker = Speaker(effect, observation, writing)
        for passage, keys in zip(speaker.passages(), speaker.told, strict=True):
            if passage.text == text:
                return keys
    return None


def sections_of(document: Document) -> Iterator[EffectSection]:
    return (effect for scale in document.scales for effect in scale.effects)


def passages_of(section: EffectSection) -> list[tuple[str, str]]:
    """Where each passage of an effect is, and what it says."""
    told = [(f"{section.code}/p{rank}", row.text) for rank, row in enumerate(section.passages)]
    return told + [(f"{section.code}/n{rank}", text) for rank, text in enumerate(section.note)]


def generic_words(document: Document) -> str:
    """What a report says whatever its notes: sentences, titles, labels."""
    told = [text for row in sections_of(document) for place, text in passages_of(row)
            if not is_note(place)]  # fmt: skip
    labels = [label for effect in document.data for row in effect.questions
              for label in (row.label, *(label for _, label in row.choices))]  # fmt: skip
    return "\n".join([*told, *labels, *(effect.title for effect in document.data)])


def is_generic(text: str, generic: str) -> bool:
    """A few words of a note that everything says do not tell that the note is still read."""
    words = words_of(text)
    return len(words.content) < _LONG and not words.is_thin and is_said(words, generic)


def lists_of(document: Document, gone: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """What stands in bullets under the sentences that go: a note may copy it without them."""
    return [
        (place, ", ".join(row.items))
        for section in sections_of(document)
        for rank, row in enumerate(section.passages)
        if row.items and ((place := f"{section.code}/p{rank}"), row.text) in gone
    ]


def effect_of(place: str) -> str:
    """Its code."""
    return place.partition("/")[0]


def is_note(place: str) -> bool:
    return place.rpartition("/")[2].startswith("n")


def nearest_first(passages: list[tuple[str, str]], quoted: str) -> list[tuple[str, str]]:
    """The same, those whose words are nearest to these first."""

    def likeness(passage: tuple[str, str]) -> float:
        return SequenceMatcher(None, plain(passage[1]).split(), plain(quoted).split()).ratio()

    return sorted(passages, key=likeness, reverse=True)


def _with_sections(document: Document, changed: dict[str, EffectSection]) -> Document:
    scales = (
        replace(scale, effects=tuple(changed.get(row.code, row) for row in scale.effects))
        for scale in document.scales
    )
    return replace(document, scales=tuple(scales))


def _without_effect(document: Document, section: EffectSection) -> Document:
    scales = (
        replace(scale, effects=tuple(row for row in scale.effects if row.code != section.code))
        for scale in document.scales
    )
    titles: dict[Absence, tuple[str, ...]] = {
        row.absence: tuple(title for title in row.titles if title != section.title)
        for row in document.absences
    }
    titles[Absence.NOT_PUBLISHED] = (*titles.get(Absence.NOT_PUBLISHED, ()), section.title)
    data = (
        replace(
            row,
            absence=Absence.NOT_PUBLISHED,
            questions=tuple(map(_unanswered, row.questions)),
        )
        if row.code == section.code
        else row
        for row in document.data
    )
    return replace(
        document,
        scales=tuple(scales),
        absences=tuple(
            AbsentEffects(absence, titles[absence]) for absence in Absence if titles.get(absence)
        ),
        data=tuple(data),
    )


def _without_answers(effect: EffectData, answers: frozenset[Key]) -> EffectData:
    questions = []
    for row in effect.questions:
        choices = tuple(pair for pair in row.choices if (row.code, pair[0]) not in answers)
        count = None if (row.code, "") in answers else row.count
        if (choices, count) == (row.choices, row.count):
            questions.append(row)
        elif choices or count:
            questions.append(replace(row, choices=choices, count=count))
        else:
            questions.append(_unanswered(row))
    return replace(effect, questions=tuple(questions))


def _unanswered(question: QuestionData) -> QuestionData:
    return replace(question, absence=Absence.NOT_PUBLISHED, choices=(), count=None)
