"""What was taken away from readers, so that an older backup does not give it back to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from observations.enums import FlagOutcome, ReportState
from observations.models import AnnualReport, Flag, Publication, User
from observations.services.takedown import Removal, forget


@dataclass(frozen=True, slots=True)
class Withdrawal:
    code: str  # of the publication
    at: datetime
    by: str  # the address of their account, empty when it is gone
    reason: str


@dataclass(frozen=True, slots=True)
class HiddenPassage:
    code: str  # of the publication that it was flagged in
    site: str
    year: int
    removal: Removal
    flag: dict[str, object]  # its fields, without its keys


@dataclass(frozen=True, slots=True)
class Removals:
    withdrawals: tuple[Withdrawal, ...] = ()
    passages: tuple[HiddenPassage, ...] = ()


def removals_now() -> Removals:
    """2 queries."""
    gone = Publication.objects.exclude(withdrawn_at=None).select_related("withdrawn_by")
    hidden = Flag.objects.filter(outcome=FlagOutcome.HIDDEN.value)
    return Removals(
        tuple(
            Withdrawal(
                row.code,
                row.withdrawn_at,
                row.withdrawn_by.email if row.withdrawn_by else "",
                row.withdrawn_reason,
            )
            for row in gone.defer("document", "changes")
            if row.withdrawn_at is not None
        ),
        tuple(map(_hidden, hidden.select_related("publication__report__site"))),
    )


def _hidden(row: Flag) -> HiddenPassage:
    effect, _, part = row.place.partition("/")
    kept = ("place", "quoted", "message", "email", "sent_at", "outcome", "reason", "handled_at")
    return HiddenPassage(
        row.publication.code,
        row.publication.report.site.slug,
        row.publication.report.year,
        Removal(
            effect, part.startswith("n"), row.quoted, "" if part.startswith("n") else row.quoted
        ),
        {name: getattr(row, name) for name in kept},
    )


def remove_again(removals: Removals) -> list[str]:
    """In a database that has just gone back in time. Returns what was done, a sentence each, and
    never the words."""
    return [*_withdraw_again(removals), *_hide_again(removals)]


def _withdraw_again(removals: Removals) -> Iterator[str]:
    for row in removals.withdrawals:
        publication = Publication.objects.readable().filter(code=row.code).first()
        if publication is None:
            continue
        publication.withdrawn_at, publication.withdrawn_reason = row.at, row.reason
        publication.withdrawn_by = User.objects.filter(email=row.by).first()
        publication.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
        AnnualReport.objects.filter(
            pk=publication.report_id, state=ReportState.PUBLISHED.value
        ).exclude(publications__withdrawn_at=None).update(state=ReportState.SUBMITTED.value)
        yield f"{publication} : retirée de nouveau, comme le {row.at:%d/%m/%Y}."


def _hide_again(removals: Removals) -> Iterator[str]:
    for row in removals.passages:
        report = AnnualReport.objects.filter(site__slug=row.site, year=row.year).first()
        if report is None:
            continue
        forget(report, row.removal, None)
        publication = Publication.objects.filter(code=row.code).first()
        if publication is not None:
            known = publication.flags.filter(quoted=row.removal.quoted).first()
            known = known or Flag(publication=publication)
            for name, value in row.flag.items():
                setattr(known, name, value)
            known.save()
        yield f"{report} : un passage retiré attend de nouveau une décision pour être publié."
