"""The rounds of a year, and what changed since the one before."""

from dataclasses import dataclass

from observations.composer.comparing.compare import Difference, differences
from observations.composer.questionnaire.inputs import EffectInput
from observations.enums import ReportState
from observations.models import AnnualReport, Comment, ObservationVersion, Round
from observations.queries.history import entry_of


@dataclass(frozen=True, slots=True)
class EffectChanges:
    """What an effect says otherwise than when the year was last submitted."""

    effect: EffectInput
    changes: list[Difference]


def rounds_of(report: AnnualReport) -> list[Round]:
    """The latest first, with their comments. 2 queries."""
    rows = report.rounds.select_related("submitted_by", "reviewed_by")
    return list(rows.prefetch_related("comments__by", "comments__answered_by"))


def current_round(report: AnnualReport) -> Round | None:
    """1 query."""
    return report.rounds.first()


def comments_on(report: AnnualReport, effect_code: str) -> list[Comment]:
    """Remarks of the last round on this effect. 1 query."""
    rows = Comment.objects.filter(round__report=report, effect=effect_code)
    rows = rows.filter(round=report.rounds.order_by("-number").values("pk")[:1])
    return list(rows.select_related("by", "answered_by"))


def is_open(report: AnnualReport, effect_code: str) -> bool:
    """Whether the site may change this effect: a year may be returned in part. 0 or 1 query."""
    if report.state != ReportState.RETURNED.value:
        return report.is_recordable
    asked = report.rounds.values_list("effects", flat=True).first()
    return not asked or effect_code in asked


def changes_since_round(
    effects: tuple[EffectInput, ...], report: AnnualReport, versions: dict[str, int]
) -> list[EffectChanges]:
    """What was saved after `versions` (by effect code), effect by effect. 1 query."""
    rows = ObservationVersion.objects.filter(observation__report=report)
    by_effect: dict[str, list[ObservationVersion]] = {}
    for row in rows.select_related("observation__effect").order_by("number"):
        by_effect.setdefault(row.observation.effect.code, []).append(row)
    found = []
    for effect in effects:
        saved = by_effect.get(effect.code, [])
        then = next((row for row in saved if row.number == versions.get(effect.code)), None)
        if saved and saved[-1] is not then:
            before = entry_of(then) if then else entry_of(saved[0])
            changes = differences(effect, before, entry_of(saved[-1]))
            if changes or then is None:
                found.append(EffectChanges(effect, changes))
    return found
