"""What the reports of a year say together: counts, never judgements."""

from collections import Counter
from dataclasses import dataclass, field

from observations.composer.document import Document
from observations.composer.territory import department_of
from observations.enums import Absence, Scale

OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class EffectCount:
    """In how many reports an effect was observed, and why the others say nothing of it."""

    title: str
    scale: Scale
    observed: int
    absences: tuple[tuple[Absence, int], ...]


@dataclass(slots=True)
class NetworkSummary:
    """Fed one report at a time."""

    reports: int = 0
    departments: set[str] = field(default_factory=set)
    titles: dict[str, tuple[str, Scale]] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        self.reports += 1
        if code := department_of(document.site.postcode):
            self.departments.add(code)
        for effect in document.data:
            self.titles[effect.code] = (effect.title, effect.scale)
            told = effect.absence.value if effect.absence else OBSERVED
            self.counts.setdefault(effect.code, Counter())[told] += 1

    def effects(self, scale: Scale) -> list[EffectCount]:
        """Those of a scale, in the order of the questionnaire."""
        return [
            self._count(code, title)
            for code, (title, its_scale) in self.titles.items()
            if its_scale is scale
        ]

    @property
    def by_scale(self) -> list[tuple[Scale, list[EffectCount]]]:
        return [(scale, self.effects(scale)) for scale in Scale]

    def _count(self, code: str, title: str) -> EffectCount:
        counts = self.counts[code] + Counter(
            {Absence.NOT_ASKED.value: self.reports - self.counts[code].total()}
        )
        absences = tuple((row, counts[row.value]) for row in Absence)
        return EffectCount(title, self.titles[code][1], counts[OBSERVED], absences)
