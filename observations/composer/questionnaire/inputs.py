"""What the composer reads: one site, one year, its questionnaire and its answers, as plain values.

Tuples keep the order in which things are asked and said. Codes key everything.
"""

from dataclasses import dataclass, field

from observations.enums import (
    InclusiveWriting,
    Layout,
    Lean,
    ObservationState,
    Origin,
    Polarity,
    QuestionKind,
    Scale,
    Since,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A report wording with, where people are named, its form in full words."""

    short: str
    full: str = ""

    def read(self, writing: InclusiveWriting) -> str:
        return self.full if writing is InclusiveWriting.FULL and self.full else self.short


@dataclass(frozen=True, slots=True)
class CategoryInput:
    code: str
    form_label: str
    wording: Wording
    polarity: Polarity
    silent: bool = False
    retired: bool = False
    successors: tuple[str, ...] = ()  # codes of what it became, in the same question


@dataclass(frozen=True, slots=True)
class Unit:
    singular: str
    plural: str
    feminine: bool = False


@dataclass(frozen=True, slots=True)
class Parent:
    """The question is asked only after one of these answers."""

    question: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuestionInput:
    code: str
    kind: QuestionKind
    label: str
    polarity: Polarity = Polarity.NEUTRAL  # of the categories that come from a vocabulary
    categories: tuple[CategoryInput, ...] = ()
    vocabulary: str = ""
    subject: Wording = Wording("")
    unit: Unit = Unit("", "")
    parent: Parent | None = None
    help_text: str = ""
    period: str = ""
    carries_over: bool = True  # may be confirmed, item by item, the year after
    origin: Origin = Origin.CORE
    site: str = ""  # whose own it is, by its slug


@dataclass(frozen=True, slots=True)
class SentenceInput:
    """One variant. Sentences of the same passage say the same thing: only one of them prints."""

    passage: int
    template: Wording
    layout: Layout = Layout.INLINE
    leans_on: Lean = Lean.NOTHING


@dataclass(frozen=True, slots=True)
class EffectInput:
    code: str
    scale: Scale
    title: str
    pictogram: str
    not_observed: str
    not_applicable: str
    questions: tuple[QuestionInput, ...]
    sentences: tuple[SentenceInput, ...]
    prompt: str = ""
    help_text: str = ""
    origin: Origin = Origin.CORE
    site: str = ""  # whose own it is, by its slug


@dataclass(frozen=True, slots=True)
class VocabularyInput:
    code: str
    title: str
    categories: tuple[CategoryInput, ...]
    # By category, where it is stated; elsewhere each question gives its own.
    polarities: dict[str, Polarity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EditionInput:
    first_year: int
    title: str
    vocabularies: tuple[VocabularyInput, ...]
    effects: tuple[EffectInput, ...]


@dataclass(frozen=True, slots=True)
class Count:
    value: int
    approximate: bool = False
    period: str = ""


Answer = tuple[str, ...] | Count
Key = tuple[str, str]  # the codes of a question and of a category ("" for a count)


@dataclass(frozen=True, slots=True)
class ObservationInput:
    """`answers` by question code: the ticked category codes, or a count.

    `since`: what became of last year's answers where ticks cannot say it (changed, ended).
    `is_public`, `note_is_public`: whether readers get it, and its note; `public_note`: the note
    as they read it, None when it is the note itself.
    """

    state: ObservationState = ObservationState.OBSERVED
    answers: dict[str, Answer] = field(default_factory=dict)
    note: str = ""
    since: dict[Key, Since] = field(default_factory=dict)
    is_public: bool = True
    note_is_public: bool = True
    public_note: str | None = None


INTENSITY_MIN, INTENSITY_MAX = 1, 5
KEYWORDS_MAX = 5


@dataclass(frozen=True, slots=True)
class ScaleInput:
    intensity: int | None = None  # 1 to 5; None is "not assessed"
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteInput:
    slug: str
    name: str
    name_with_de: str
    city: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page as it is kept: what is said, and what stays inside."""

    said: ObservationInput
    internal_note: str = ""


@dataclass(frozen=True, slots=True)
class Bilan:
    """One report as it travels in a file: a site, a year and what was observed, without the words.

    An answer to a single-choice question is a code, to a multiple-choice one a tuple of codes.
    """

    site: SiteInput
    year: int
    writing: InclusiveWriting
    scales: dict[Scale, ScaleInput]
    states: dict[str, ObservationState]
    notes: dict[str, str]
    answers: dict[str, dict[str, "str | tuple[str, ...] | Count"]]
