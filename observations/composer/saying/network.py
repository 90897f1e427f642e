"""What the reports of a year say together: counts, never judgements."""

from collections import Counter
from dataclasses import dataclass, field

from observations.composer.saying.data import EffectData
from observations.composer.saying.document import Document
from observations.composer.territory import department_of
from observations.enums import Absence, Origin, Scale

OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class EffectCount:
    """In how many reports an effect was observed, and why the others say nothing of it."""

    title: str
    scale: Scale
    observed: int
    absences: tuple[tuple[Absence, int], ...]
    origin: Origin


@dataclass(slots=True)
class NetworkSummary:
    """Fed one report at a time. A site's own effects are not counted: no other site is asked them."""

    reports: int = 0
    departments: set[str] = field(default_factory=set)
    asked: dict[str, EffectData] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        self.reports += 1
        if code := department_of(document.site.postcode):
            self.departments.add(code)
        for effect in document.data:
            if effect.origin is Origin.SITE:
                continue
            self.asked[effect.code] = effect
            told = effect.absence.value if effect.absence else OBSERVED
            self.counts.setdefault(effect.code, Counter())[told] += 1

    def effects(self, scale: Scale) -> list[EffectCount]:
        """Those of a scale, in the order of the questionnaire."""
        return [self._count(effect) for effect in self.asked.values() if effect.scale is scale]

    @property
    def by_scale(self) -> list[tuple[Scale, list[EffectCount]]]:
        return [(scale, self.effects(scale)) for scale in Scale]

    def _count(self, effect: EffectData) -> EffectCount:
        counts = self.counts[effect.code]
        counts = counts + Counter({Absence.NOT_ASKED.value: self.reports - counts.total()})
        absences = tuple((row, counts[row.value]) for row in Absence)
        return EffectCount(effect.title, effect.scale, counts[OBSERVED], absences, effect.origin)
