"""A site's years side by side: what its answers say next to the year before's, and its counts.

Comparison goes by code and lineage, with what readers were given of the other years.
"""

from observations.composer.language import french
from observations.composer.questionnaire.inputs import (
    Answer,
    CategoryInput,
    Count,
    EffectInput,
    ObservationInput,
    QuestionInput,
)
from observations.composer.questionnaire.lineage import Followed, follow, follow_codes
from observations.composer.questionnaire.standing import observed_answers
from observations.composer.saying.data import (
    EffectData,
    QuestionData,
    effect_data,
    observation_of_data,
)
from observations.composer.saying.document import Changes, Point, Series
from observations.composer.saying.speaker import number_phrase
from observations.enums import Absence, ObservationState, QuestionKind, Since

Past = dict[int, dict[str, EffectData]]  # by year, then by effect code
BAR_MAX = 20


def changes_since(
    effect: EffectInput, before: EffectData, now: ObservationInput, year: int
) -> Changes | None:
    """None when there is nothing to say. What nobody has looked at is neither continued nor ended;
    what a question first says is not new when it had no answer the year before. Merged categories
    are compared as one, with a note; split ones are not."""
    said = observation_of_data(before)
    if said is None:
        return None
    followed = follow(effect, said)
    told = _Comparison(effect, followed, now)
    asked = {question.code: question for question in before.questions}
    for question in effect.questions:
        told.compare(question, asked.pop(question.code, None))
    told.gone += [row.label for row in asked.values() if row.choices or row.count]
    lists = (told.new, told.continued, told.ended, followed.notes, told.unasked, told.gone)
    if not any(lists):
        return None
    return Changes(year, *(tuple(map(french.typography, labels)) for labels in lists))


class _Comparison:
    """The lists of `Changes`, filled question after question."""

    def __init__(self, effect: EffectInput, followed: Followed, now: ObservationInput) -> None:
        self.apart, self.now = followed.apart, now
        self.then = observed_answers(effect, followed.said)
        self.today = observed_answers(effect, now)
        self.new: list[str] = []
        self.continued: list[str] = []
        self.ended: list[str] = []
        self.unasked: list[str] = []
        self.gone: list[str] = []

    def compare(self, question: QuestionInput, asked: QuestionData | None) -> None:
        was, known = self.then.get(question.code, ()), self.today.get(question.code, ())
        if asked is None:
            self.unasked += [question.label] if _says(question, known) else []
            return
        if isinstance(was, Count) or isinstance(known, Count) or was == ():
            return
        offered = None if asked.offered is None else follow_codes(question, asked.offered)
        for row in question.categories:
            if row.silent or row.code in self.apart.get(question.code, ()):
                continue
            if row.code not in known:
                if row.code in was:
                    self._tell_untold(question, row)
            elif row.code in was:
                self.continued.append(row.form_label)
            else:
                is_new = offered is None or row.code in offered
                (self.new if is_new else self.unasked).append(row.form_label)

    def _tell_untold(self, question: QuestionInput, row: CategoryInput) -> None:
        """Said the year before, and not this year."""
        if (
            self.now.state is ObservationState.NOT_OBSERVED
            or self.now.since.get((question.code, row.code)) is Since.ENDED
        ):
            self.ended.append(row.form_label)
        elif row.retired:
            self.gone.append(row.form_label)


def _says(question: QuestionInput, answer: Answer) -> bool:
    if isinstance(answer, Count):
        return True
    return any(row.code in answer and not row.silent for row in question.categories)


def series_of(
    effect: EffectInput, now: ObservationInput, year: int, past: Past
) -> tuple[Series, ...]:
    """The counts of an effect that two years at least have given."""
    years = {then: effects.get(effect.code) for then, effects in sorted(past.items())}
    years[year] = effect_data(effect, now)
    counted = (row for row in effect.questions if row.kind is QuestionKind.COUNT)
    found = (_series(question, years) for question in counted)
    return tuple(row for row in found if sum(point.bar is not None for point in row.points) > 1)


def _series(question: QuestionInput, years: dict[int, EffectData | None]) -> Series:
    answers = [(year, *_answer(question.code, data)) for year, data in years.items()]
    counts = [count for _, count, _, _ in answers if count is not None]
    ways = {(count.period, unit) for _, count, unit, _ in answers if count is not None}
    most = max((count.value for count in counts), default=0)
    return Series(
        title=f"Nombre {french.PREFIXES['de'](question.unit.plural)}",
        points=tuple(
            Point(year, _in_words(count, absence), None if count is None else _bar(count, most))
            for year, count, _, absence in answers
        ),
        is_comparable=len(ways) < 2,
    )


def _answer(code: str, data: EffectData | None) -> tuple[Count | None, str, Absence | None]:
    """The count, its unit, or why there is none."""
    rows = data.questions if data else ()
    row = next((row for row in rows if row.code == code), None)
    return (row.count, row.unit, row.absence) if row else (None, "", Absence.NOT_ASKED)


def _in_words(count: Count | None, absence: Absence | None) -> str:
    if count is not None:
        return number_phrase(count)
    return absence.label if absence else ""


def _bar(count: Count, most: int) -> int:
    """0 to BAR_MAX; whatever is not zero shows."""
    return max(1, round(BAR_MAX * count.value / most)) if count.value else 0
