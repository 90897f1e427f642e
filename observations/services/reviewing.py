"""Writes what staff and a site say to each other about a year: comments, returns, review."""

from django.db import transaction
from django.utils import timezone

from observations import queries
from observations.exceptions import NotAllowedNow
from observations.lifecycle import ANSWER, REMARK, RETURN, REVIEW
from observations.models import AnnualReport, Comment, Round, User
from observations.services.acting import begin, conclude
from observations.services.publishing import refuse_what_was_not_seen
from observations.services.wording import catch_up


@transaction.atomic
def add_comment(*, report: AnnualReport, effect: str, quoted: str, text: str, by: User) -> Comment:
    """Beside a sentence or a note of a report that was submitted."""
    locked = begin(report, REMARK)
    current = _current(locked)
    if not text:
        raise NotAllowedNow("La remarque est vide.")
    remark = current.comments.create(effect=effect, quoted=quoted, text=text, by=by)
    conclude(locked, REMARK, by, remark=remark.pk)
    return remark


@transaction.atomic
def answer_comment(*, comment: Comment, text: str, by: User) -> None:
    if not text:
        raise NotAllowedNow("La réponse est vide.")
    locked = begin(comment.round.report, ANSWER)
    comment.answer, comment.answered_by, comment.answered_at = text, by, timezone.now()
    comment.save(update_fields=["answer", "answered_by", "answered_at"])
    conclude(locked, ANSWER, by, remark=comment.pk)


@transaction.atomic
def mark_reviewed(*, report: AnnualReport, by: User, seen: str = "") -> Round:
    """Says that somebody has read it over; publishing may be somebody else's.

    `seen`: the fingerprint of the report that they read, empty when nobody says.
    """
    locked = begin(report, REVIEW)
    current = _current(locked)
    refuse_what_was_not_seen(locked, seen)
    current.reviewed_by, current.reviewed_at = by, timezone.now()
    current.save(update_fields=["reviewed_by", "reviewed_at"])
    conclude(locked, REVIEW, by, round=current.number)
    return current


@transaction.atomic
def return_report(
    *, report: AnnualReport, by: User, reason: str, effects: list[str] | None = None
) -> Round | None:
    """Gives the year, or only these effects of it, back to the site. What was published stays."""
    locked = begin(report, RETURN)
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
    conclude(locked, RETURN, by, round=current.number if current else None)
    catch_up(locked)
    return current


def _current(report: AnnualReport) -> Round:
    current = queries.current_round(report)
    if current is None:
        raise NotAllowedNow("Ce rapport n’a pas encore été transmis.")
    return current
