"""Takes away again what was taken away, from a database that has gone back in time."""

from collections.abc import Iterator
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from observations.composer.protecting.removal import still_says
from observations.composer.protecting.sealing import seal
from observations.composer.saying.document import from_json
from observations.enums import FlagOutcome, ReportState
from observations.models import AnnualReport, Flag, Publication, Removal, User
from observations.services import ledger
from observations.services.forgetting import forget


@transaction.atomic
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
    _withdraw(publication, row)
    yield f"{publication} : retirée de nouveau, comme le {row.at:%d/%m/%Y}."


def _withdraw(publication: Publication, row: Removal) -> None:
    publication.withdrawn_at, publication.withdrawn_reason = row.at, row.reason
    publication.withdrawn_by = _by(row)
    publication.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
    AnnualReport.objects.filter(
        pk=publication.report_id, state=ReportState.PUBLISHED.value
    ).exclude(publications__withdrawn_at=None).update(state=ReportState.SUBMITTED.value)


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
        held = {row.effect for row in rows if row.is_held or publication is None}
        gone = [(row.place, row.seal) for row in rows]
        forget(report, gone, held, _by(first))
        yield from _withdraw_what_says(report, gone, first)
        yield f"{report} : un passage retiré attend de nouveau une décision pour être publié."
    asked = {row.seal for row in rows}
    for flag in Flag.objects.filter(publication__code=first.code, outcome=FlagOutcome.OPEN.value):
        if seal(flag.quoted) in asked:
            flag.outcome, flag.reason = FlagOutcome.HIDDEN.value, first.reason
            flag.handled_by, flag.handled_at = _by(first), first.at
            flag.save(update_fields=["outcome", "reason", "handled_by", "handled_at"])


def _withdraw_what_says(
    report: AnnualReport, gone: list[tuple[str, str]], first: Removal
) -> Iterator[str]:
    """A number that only this backup has, under a code that no ledger knows."""
    saying = [
        row
        for row in report.publications.readable().select_related("report__site")
        if still_says(from_json(row.document), gone)
    ]
    ledger.write_down_withdrawn(saying, _by(first), first.reason, first.at)
    for row in saying:
        _withdraw(row, first)
        yield f"{row} : retirée, car elle dit un passage retiré le {first.at:%d/%m/%Y}."


def _by(row: Removal) -> User | None:
    return User.objects.filter(email=row.by).first()


def _reports_of(row: Removal) -> list[AnnualReport]:
    """In a backup made before the publication. Its site may have had another address then; of two
    that it may be, both wait rather than none."""
    is_site = Q(site=row.site_key) | Q(site__slug=row.slug)
    return list(AnnualReport.objects.filter(is_site, year=row.year).select_related("site"))
