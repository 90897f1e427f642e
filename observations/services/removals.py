"""Takes away again what was taken away, from a database that has gone back in time."""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Q

from observations.enums import FlagOutcome, ReportState
from observations.models import AnnualReport, Flag, Publication, Removal, User
from observations.services import ledger
from observations.services.forgetting import forget


def remove_again() -> list[str]:
    """What the ledger's files have and this database has not. Returns what was done, a sentence
    each, and never the words."""
    rows, unreadable = ledger.unknown_here()
    Removal.objects.bulk_create(rows)
    told = [f"{name} ne se lit pas : ce retrait-là n’est pas refait." for name in unreadable]
    whole = [row for row in rows if not row.place]
    told += [sentence for row in whole for sentence in _withdraw_again(row)]
    passages = sorted(
        (row for row in rows if row.place), key=lambda row: (row.at, row.code, row.place)
    )
    for _, one_act in groupby(passages, key=lambda row: (row.at, row.code)):
        told += _hide_again(list(one_act))
    return told


def _withdraw_again(row: Removal) -> Iterator[str]:
    publication = Publication.objects.readable().filter(code=row.code).first()
    if publication is None:
        return
    publication.withdrawn_at, publication.withdrawn_reason = row.at, row.reason
    publication.withdrawn_by = _by(row)
    publication.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
    AnnualReport.objects.filter(
        pk=publication.report_id, state=ReportState.PUBLISHED.value
    ).exclude(publications__withdrawn_at=None).update(state=ReportState.SUBMITTED.value)
    yield f"{publication} : retirée de nouveau, comme le {row.at:%d/%m/%Y}."


def _hide_again(rows: list[Removal]) -> Iterator[str]:
    """What one act took away, in the order of places."""
    first = rows[0]
    publication = Publication.objects.filter(code=first.code).select_related("report").first()
    reports = [publication.report] if publication else _reports_of(first)
    if not reports:
        yield (
            f"{first.slug} {first.year} : un passage avait été retiré de ce rapport, que la "
            "sauvegarde n’a pas. S’il revient, il attendra une décision."
        )
    for report in reports:
        # Before it was published its note may have been worded otherwise: it waits whole.
        forget(report, [(row.place, row.seal) for row in rows], publication is None, _by(first))
        yield f"{report} : un passage retiré attend de nouveau une décision pour être publié."
    still_open = Flag.objects.filter(publication__code=first.code, outcome=FlagOutcome.OPEN.value)
    still_open.filter(place__in=[row.place for row in rows]).update(
        outcome=FlagOutcome.HIDDEN.value,
        reason=first.reason,
        handled_by=_by(first),
        handled_at=first.at,
    )


def _by(row: Removal) -> User | None:
    return User.objects.filter(email=row.by).first()


def _reports_of(row: Removal) -> list[AnnualReport]:
    """In a backup made before the publication. Its site may have had another address then; of two
    that it may be, both wait rather than none."""
    is_site = Q(site=row.site_key) | Q(site__slug=row.slug)
    return list(AnnualReport.objects.filter(is_site, year=row.year).select_related("site"))
