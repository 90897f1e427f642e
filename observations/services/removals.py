"""What was taken away from readers, so that an older backup does not give it back to them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from observations.composer.removal import is_note
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
    site: int  # its key, for a site whose address has changed since
    slug: str
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
    kept = (
        "place", "quoted", "message", "email", "sent_at", "outcome", "reason", "removed", "handled_at"
    )  # fmt: skip
    report, words = row.publication.report, [text for _, text in row.removed]
    place = row.removed[-1][0] if row.removed else row.place
    return HiddenPassage(
        row.publication.code,
        report.site_id,
        report.site.slug,
        report.year,
        Removal(place.partition("/")[0], is_note(place), tuple(words), not is_note(place)),
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
        publication = Publication.objects.filter(code=row.code).select_related("report").first()
        reports = [publication.report] if publication else list(_reports_of(row))
        if not reports:
            yield (
                f"{row.slug} {row.year} : un passage avait été retiré de ce rapport, que la "
                "sauvegarde n’a pas. S’il revient, retirez-le de nouveau."
            )
        for report in reports:
            # Before it was published its note may have been worded otherwise: it waits whole.
            forget(
                report,
                replace(row.removal, holds_back=publication is None or row.removal.holds_back),
                None,
            )
            yield f"{report} : un passage retiré attend de nouveau une décision pour être publié."
        if publication is not None:
            known = publication.flags.filter(
                quoted=row.flag["quoted"], place=row.flag["place"]
            ).first()
            known = known or Flag(publication=publication)
            for name, value in row.flag.items():
                setattr(known, name, value)
            known.save()


def _reports_of(row: HiddenPassage) -> QuerySet[AnnualReport]:
    """In a backup made before the publication. Its site may have had another address then; of two
    that it may be, both wait rather than none."""
    is_site = Q(site=row.site) | Q(site__slug=row.slug)
    return AnnualReport.objects.filter(is_site, year=row.year).select_related("site")
