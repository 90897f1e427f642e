"""Says one effect: fills, agrees, elides, joins and punctuates; invents nothing.

An answer is said once. Within a passage the variant that says the most answers is taken, then
the rest of the passage's variants get their chance with what is still unsaid.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from observations.composer.language import french
from observations.composer.questionnaire.inputs import (
    CategoryInput,
    Count,
    EffectInput,
    Key,
    ObservationInput,
    QuestionInput,
    SentenceInput,
)
from observations.composer.questionnaire.origin import origin_of
from observations.composer.questionnaire.standing import standing_answers
from observations.composer.questionnaire.template import Agreement, Slot, parse, slots, tokens_of
from observations.composer.saying.document import Passage
from observations.enums import (
    InclusiveWriting,
    Layout,
    Lean,
    Origin,
    Period,
    Polarity,
    QuestionKind,
)


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that a slot can say: `key` is what it says, so that it is said once."""

    key: Key
    text: str
    polarity: Polarity


@dataclass
class Speaker:
    """Says the answers of one effect, remembering what it has said."""

    effect: EffectInput
    observation: ObservationInput
    writing: InclusiveWriting
    said: set[Key] = field(default_factory=set)
    told: list[frozenset[Key]] = field(default_factory=list)  # what each passage says

    def __post_init__(self) -> None:
        self.answers = standing_answers(self.effect, self.observation)
        self.questions = {question.code: question for question in self.effect.questions}

    def passages(self) -> Iterator[Passage]:
        spoken: list[Passage] = []
        ordered = sorted(self.effect.sentences, key=lambda sentence: sentence.passage)
        for _, variants in groupby(ordered, key=lambda sentence: sentence.passage):
            candidates = list(variants)
            while fullest := self._fullest(candidates, spoken):
                spoken.append(self._say(fullest))
        yield from spoken

    def labels(self, question: QuestionInput) -> Iterator[tuple[Key, str]]:
        """What there is to say of a question's answer, as the form words it."""
        if isinstance(self.answers.get(question.code), Count):
            yield (question.code, ""), question.label
        for category in self._ticked(question):
            yield (question.code, category.code), category.form_label

    def _fullest(
        self, variants: list[SentenceInput], spoken: list[Passage]
    ) -> SentenceInput | None:
        """The printable variant that says the most; of equals, the one that leans; then the first."""
        best, best_rank = None, (0, 1)  # whatever says nothing ranks no higher
        for sentence in variants:
            if not _leans_safely(sentence, spoken):
                continue
            rank = (self._weight(sentence), int(sentence.leans_on is not Lean.NOTHING))
            if rank > best_rank:
                best, best_rank = sentence, rank
        return best

    def _weight(self, sentence: SentenceInput) -> int:
        """How many answers it would say; 0 when a slot is empty."""
        fillings = [self._items(slot) for slot in slots(parse(sentence.template.short))]
        return sum(map(len, fillings)) if all(fillings) else 0

    def _say(self, sentence: SentenceInput) -> Passage:
        tokens = tokens_of(sentence.template, self.writing)
        fillings = {token: self._items(token) for token in tokens if isinstance(token, Slot)}
        items = [item for filling in fillings.values() for item in filling]
        bullets: tuple[str, ...] = ()
        if sentence.layout is Layout.BULLETS:
            *head, last = tokens
            bullets = tuple(_bullets(fillings[last])) if isinstance(last, Slot) else ()
            tokens = tuple(head)
        text = "".join(self._fill(token, fillings) for token in tokens).rstrip()
        text = french.typography(french.sentence_case(text))
        self.told.append(frozenset(item.key for item in items))
        self.said |= self.told[-1]
        text = text if bullets else french.with_final_stop(text)
        return Passage(text, bullets, _overall(items), self._origin(items))

    def _origin(self, items: list[_Item]) -> Origin:
        """That of the narrowest question said, where it is narrower than the effect's."""
        origins = (origin_of(self.effect, self.questions[item.key[0]]) for item in items)
        narrowest = max(origins, key=lambda origin: origin.rank)
        return Origin.CORE if narrowest is self.effect.origin else narrowest

    def _fill(self, token: str | Slot | Agreement, fillings: dict[Slot, list[_Item]]) -> str:
        if isinstance(token, str):
            return token
        if isinstance(token, Agreement):
            return self._agree(token)
        return french.enumerate_items(_prefixed(token, fillings[token]))

    def _agree(self, agreement: Agreement) -> str:
        answer = self.answers.get(agreement.slot.name)
        if isinstance(answer, Count):
            plural = french.is_plural(answer.value)
        else:
            plural = answer is None or french.is_plural(len(self._items(agreement.slot)))
        return agreement.plural if plural else agreement.singular

    def _items(self, slot: Slot) -> list[_Item]:
        """What the slot would say now: answered, matching, unsaid, not silent."""
        question = self.questions.get(slot.name)
        if question is not None and question.kind is QuestionKind.COUNT:
            found: Iterable[_Item] = self._count(question, slot)
        elif slot.code:
            found = self._subjects(slot)
        else:
            found = self._categories(question, slot.polarity) if question else ()
        return [item for item in found if item.key not in self.said]

    def _count(self, question: QuestionInput, slot: Slot) -> Iterable[_Item]:
        answer = self.answers.get(question.code)
        if isinstance(answer, Count) and (answer.value == 0) == (slot.code == "0"):
            yield _Item((question.code, ""), count_phrase(question, answer), Polarity.NEUTRAL)

    def _subjects(self, slot: Slot) -> Iterable[_Item]:
        for question in self.effect.questions:
            if question.vocabulary == slot.name and question.subject.short:
                for category in self._ticked(question):
                    if category.code == slot.code:
                        subject = question.subject.read(self.writing)
                        yield _Item((question.code, category.code), subject, category.polarity)

    def _categories(self, question: QuestionInput, polarity: Polarity | None) -> Iterable[_Item]:
        for category in self._ticked(question):
            if polarity is None or category.polarity is polarity:
                wording = parse(category.wording.read(self.writing))
                text = "".join(self._fill(token, {}) for token in wording)
                yield _Item((question.code, category.code), text, category.polarity)

    def _ticked(self, question: QuestionInput) -> Iterable[CategoryInput]:
        answer = self.answers.get(question.code, ())
        if isinstance(answer, tuple):
            for category in question.categories:
                if category.code in answer and not category.silent:
                    yield category


def number_phrase(count: Count) -> str:
    """« environ 5 par an », « 0 »."""
    about = "environ " if count.approximate else ""
    period = f" {Period(count.period).label}" if count.period else ""
    return f"{about}{french.number(count.value)}{period}"


def count_phrase(question: QuestionInput, count: Count) -> str:
    """« environ 5 nouveaux projets par an », « aucune personne »."""
    unit = question.unit
    if count.value == 0:
        return f"{'aucune' if unit.feminine else 'aucun'} {unit.singular}"
    noun = unit.plural if french.is_plural(count.value) else unit.singular
    about = "environ " if count.approximate else ""
    period = f" {Period(count.period).label}" if count.period else ""
    return f"{about}{french.number(count.value)}{french.NBSP}{noun}{period}"


def _leans_safely(sentence: SentenceInput, spoken: list[Passage]) -> bool:
    if sentence.leans_on is Lean.POSITIVE:
        return any(passage.polarity is Polarity.POSITIVE for passage in spoken)
    return sentence.leans_on is Lean.NOTHING or bool(spoken)


def _prefixed(slot: Slot, items: list[_Item]) -> list[str]:
    if not slot.prefix:
        return [item.text for item in items]
    return [french.PREFIXES[slot.prefix](item.text) for item in items]


def _bullets(items: list[_Item]) -> Iterator[str]:
    for item in items:
        yield french.typography(item.text)


def _overall(items: list[_Item]) -> Polarity:
    polarities = {item.polarity for item in items}
    for polarity in (Polarity.NEGATIVE, Polarity.POSITIVE):
        if polarity in polarities:
            return polarity
    return Polarity.NEUTRAL
