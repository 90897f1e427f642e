"""One rule for whoever writes a year: lock it, look again, write, and say what happened."""

from observations.enums import ReportState
from observations.exceptions import NotAllowedNow
from observations.lifecycle import Act, allows
from observations.models import AnnualReport, User
from observations.services import outbox


def begin(report: AnnualReport, act: Act) -> AnnualReport:
    """Locks the year and looks again. Raises NotAllowedNow."""
    locked = lock_report(report)
    refuse(locked, act)
    return locked


def lock_report(report: AnnualReport) -> AnnualReport:
    """As it is now, with its site and edition; nobody else writes this year until the transaction
    ends."""
    rows = AnnualReport.objects.select_for_update(of=("self",)).select_related("site", "edition")
    return rows.get(pk=report.pk)


def refuse(report: AnnualReport, act: Act) -> None:
    """Raises NotAllowedNow, with the sentence of the act, when the year's state does not allow it."""
    if not allows(act, report.state):
        raise NotAllowedNow(act.otherwise)


def conclude(locked: AnnualReport, act: Act, by: User | None, **about: object) -> None:
    """Moves the year to where the act leads, and tells it; `about`: keys of what it is about."""
    after = act.moves[ReportState(locked.state)]
    if locked.state != after.value:
        locked.state = after.value
        locked.save(update_fields=["state"])
    assert act.event is not None  # who has nothing to tell has nothing to conclude
    outbox.record(act.event, locked, by, **about)
