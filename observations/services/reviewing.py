"""Writes what staff and a site say to each other about a year: comments, returns, review."""

from django.db import transaction
from django.utils import timezone

from observations import queries
from observations.enums import ReportState
from observations.exceptions import NotAllowedNow
from observations.models import AnnualReport, Comment, Round, User
from observations.services.locking import lock_report
from observations.services.publishing import refuse_what_was_not_seen
from observations.services.wording import catch_up

_IN_THEIR_HANDS = (ReportState.DRAFT.value, ReportState.RETURNED.value)


@transaction.atomic
def add_comment(*, report: AnnualReport, effect: str, quoted: str, text: str, by: User) -> Comment:
    """Beside a sentence or a note of a report that was handed in."""
    current = _current(report)
    if not text:
        raise NotAllowedNow("La remarque est vide.")
    return Comment.objects.create(round=current, effect=effect, quoted=quoted, text=text, by=by)


@transaction.atomic
def answer_comment(*, comment: Comment, text: str, by: User) -> None:
    if not text:
        raise NotAllowedNow("La réponse est vide.")
    comment.answer, comment.answered_by, comment.answered_at = text, by, timezone.now()
    comment.save(update_fields=["answer", "answered_by", "answered_at"])


@transaction.atomic
def mark_reviewed(*, report: AnnualReport, by: User, seen: str = "") -> Round:
    """Says that somebody has read it over; publishing may be somebody else's.

    `seen`: the fingerprint of the report that they read, empty when nobody says.
    """
    locked = lock_report(report)
    current = _current(locked)
    if locked.state != ReportState.SUBMITTED.value:
        raise NotAllowedNow("Seul un rapport transmis se relit.")
    refuse_what_was_not_seen(locked, seen)
    current.reviewed_by, current.reviewed_at = by, timezone.now()
    current.save(update_fields=["reviewed_by", "reviewed_at"])
    return current


@transaction.atomic
def return_report(
    *, report: AnnualReport, by: User, reason: str, effects: list[str] | None = None
) -> Round | None:
    """Gives the year, or only these effects of it, back to the site. What was published stays."""
    locked = lock_report(report)
    if locked.state in _IN_THEIR_HANDS:
        raise NotAllowedNow("Ce rapport est déjà entre les mains du lieu.")
    if not reason:
        raise NotAllowedNow("Dites au lieu pourquoi vous lui rendez son rapport.")
    current = queries.current_round(locked)
    if current is not None:
        current.reviewed_by, current.reviewed_at = by, timezone.now()
        current.returned_at, current.reason = timezone.now(), reason
        current.effects = effects or []
        current.save(
            update_fields=["reviewed_by", "reviewed_at", "returned_at", "reason", "effects"]
        )
    locked.state = ReportState.RETURNED.value
    locked.save(update_fields=["state"])
    catch_up(locked)
    return current


def _current(report: AnnualReport) -> Round:
    current = queries.current_round(report)
    if current is None:
        raise NotAllowedNow("Ce rapport n’a pas encore été transmis.")
    return current
