"""Long work over many reports. Workers share it: an item is claimed, then done or failed.

A worker that dies leaves its claim, which is free again after LEASE. Nothing is done twice.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from tempfile import TemporaryFile
from uuid import UUID

from django.core.files import File
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from observations.enums import BatchKind, ItemState, ReportState
from observations.exceptions import EffetsError, NotAllowedNow
from observations.models import AnnualReport, Batch, BatchItem, Publication, Round, User
from observations.rendering.colophon import public_url
from observations.services.assembling import Assembly, Volume, Zip
from observations.services.publishing import publish_report

LEASE = timedelta(seconds=60)  # longer than the slowest PDF
KEPT = timedelta(days=7)
UNEXPECTED = "Erreur inattendue, notée dans le journal du serveur : réessayez, ou prévenez-nous."
_UNDONE = (ItemState.WAITING.value, ItemState.CLAIMED.value)
_STEP = 20  # items between two signs of life
_ASSEMBLIES: dict[str, type[Assembly]] = {BatchKind.ZIP.value: Zip, BatchKind.VOLUME.value: Volume}

log = logging.getLogger(__name__)


@transaction.atomic
def start_batch(
    *, pk: UUID, kind: BatchKind, year: int, by: User, sites: Iterable[str] | None = None
) -> Batch:
    """The same `pk` is the same batch. `sites`: slugs, None for all. Raises NotAllowedNow."""
    batch, is_new = Batch.objects.get_or_create(
        pk=pk, defaults={"kind": kind.value, "year": year, "asked_by": by}
    )
    if not is_new:
        return batch
    if kind is BatchKind.PUBLISH:
        items = [BatchItem(batch=batch, report=row) for row in reports_to_publish(year, sites)]
    else:
        found = Publication.objects.latest_of_reports().filter(report__year=year)
        if sites is not None:
            found = found.filter(report__site__slug__in=list(sites))
        pairs = found.order_by("report__site__name", "pk").values_list("pk", "report_id")
        items = [BatchItem(batch=batch, publication_id=pk, report_id=own) for pk, own in pairs]
    if not items:
        raise NotAllowedNow(
            "Aucun rapport relu n’attend d’être publié."
            if kind is BatchKind.PUBLISH
            else "Aucun de ces rapports n’est publié."
        )
    BatchItem.objects.bulk_create(items, batch_size=500)
    return batch


def reports_to_publish(
    year: int, sites: Iterable[str] | None = None
) -> models.QuerySet[AnnualReport]:
    """Handed in and read over."""
    rounds = Round.objects.filter(report=OuterRef("pk")).order_by("-number")
    rows = AnnualReport.objects.filter(year=year, state=ReportState.SUBMITTED.value)
    rows = rows.alias(read_at=Subquery(rounds.values("reviewed_at")[:1]))
    rows = rows.filter(read_at__isnull=False)
    if sites is not None:
        rows = rows.filter(site__slug__in=list(sites))
    return rows.order_by("site__name")


def work_on(pk: UUID, worker: str, is_over: Callable[[], bool] = lambda: False) -> None:
    """Does what is left of a batch, beside whoever else is at it, until it is over."""
    batch = Batch.objects.select_related("asked_by").filter(pk=pk, finished_at=None).first()
    if batch is None:
        return
    if batch.kind != BatchKind.PUBLISH.value:
        _assemble(batch)
        return
    while not is_over() and (item := claim_item(batch, worker)) is not None:
        _settle(batch, item)
    if not batch.items.filter(state__in=_UNDONE).exists():
        Batch.objects.filter(pk=pk, finished_at=None).update(finished_at=timezone.now())


@transaction.atomic
def claim_item(batch: Batch, worker: str) -> BatchItem | None:
    """The next one that nobody does, or whose worker gave no sign for a while."""
    now = timezone.now()
    rows = batch.items.filter(_is_free()).select_for_update(skip_locked=True, of=("self",))
    item = rows.select_related("report__site", "report__edition").first()
    if item is not None:
        item.state, item.claimed_at, item.worker = ItemState.CLAIMED.value, now, worker
        item.save(update_fields=["state", "claimed_at", "worker"])
        Batch.objects.filter(pk=batch.pk).update(claimed_at=now)
    return item


def _settle(batch: Batch, item: BatchItem) -> None:
    try:
        item.publication = _publish(batch, item.report)
        item.state, item.error = ItemState.DONE.value, ""
    except EffetsError as error:
        item.state, item.error = ItemState.FAILED.value, str(error)
    except Exception:
        log.exception("batch %s, report %s", batch.pk, item.report_id)
        item.state, item.error = ItemState.FAILED.value, UNEXPECTED
    # Whose lease ended meanwhile says nothing: another does it, or has.
    batch.items.filter(pk=item.pk, worker=item.worker, claimed_at=item.claimed_at).update(
        publication=item.publication, state=item.state, error=item.error
    )


def _publish(batch: Batch, report: AnnualReport) -> Publication:
    if report.state == ReportState.PUBLISHED.value:  # by a worker that died before saying so
        last = report.publications.latest("number")
        if last.published_at >= batch.asked_at:
            return last
    if batch.asked_by is None:
        raise NotAllowedNow("La personne qui l’a demandé n’a plus de compte.")
    url = public_url(report.site.slug, report.year)
    return publish_report(report=report, by=batch.asked_by, url=url, must_be_reviewed=True)


def _assemble(batch: Batch) -> None:
    """One worker makes the file from stored bytes, from the start if another died at it."""
    if not Batch.objects.filter(_is_quiet(), pk=batch.pk).update(claimed_at=timezone.now()):
        return
    batch.items.update(state=ItemState.WAITING.value, error="")
    with TemporaryFile() as out:
        assembly = _ASSEMBLIES[batch.kind](batch.year, out)
        done = _add_all(batch, assembly)
        if done:
            name = assembly.finish()
            out.seek(0)
            batch.sha256 = hashlib.file_digest(out, "sha256").hexdigest()
            batch.file.save(name, File(out), save=False)
    batch.finished_at = timezone.now()
    batch.save(update_fields=["file", "sha256", "finished_at"])


def _add_all(batch: Batch, assembly: Assembly) -> int:
    """How many reports are in the file; those that are not say why."""
    done: list[int] = []
    pairs = list(batch.items.values_list("pk", "publication_id"))
    for rank, (pk, publication_pk) in enumerate(pairs, 1):
        if error := _added(assembly, publication_pk):
            BatchItem.objects.filter(pk=pk).update(state=ItemState.FAILED.value, error=error)
        else:
            done.append(pk)
        if rank % _STEP == 0 or rank == len(pairs):
            tail = BatchItem.objects.filter(pk__in=done[-_STEP:])
            tail.update(state=ItemState.DONE.value)
            Batch.objects.filter(pk=batch.pk).update(claimed_at=timezone.now())
    return len(done)


def _added(assembly: Assembly, pk: int) -> str:
    """Why this publication is not in the file; empty when it is."""
    publication = Publication.objects.select_related("report__site").get(pk=pk)
    if publication.withdrawn_at is not None:
        return "Ce rapport vient d’être retiré."
    try:
        with publication.pdf.open() as file:
            content = file.read()
    except OSError:
        return "Le PDF de cette publication manque dans le stockage : restaurez-le."
    if hashlib.sha256(content).hexdigest() != publication.sha256:
        return "Le PDF n’est plus celui qui a été publié : restaurez-le."
    try:
        assembly.add(publication, content)
    except Exception:
        log.exception("publication %s", pk)
        return UNEXPECTED
    return ""


def next_to_do() -> UUID | None:
    """The oldest batch that a worker can help: one that publishes and has a free report, or none
    left; a file that nobody gives a sign of making. 1 query."""
    own = BatchItem.objects.filter(batch=OuterRef("pk"))
    shared = Q(kind=BatchKind.PUBLISH.value) & (
        Exists(own.filter(_is_free())) | ~Exists(own.filter(state__in=_UNDONE))
    )
    quiet = ~Q(kind=BatchKind.PUBLISH.value) & _is_quiet()
    rows = Batch.objects.filter(shared | quiet, finished_at=None).order_by("asked_at")
    return rows.values_list("pk", flat=True).first()


def _is_free() -> Q:
    """An item that nobody does, or whose worker gave no sign for a while."""
    return Q(state=ItemState.WAITING.value) | Q(
        state=ItemState.CLAIMED.value, claimed_at__lt=timezone.now() - LEASE
    )


def _is_quiet() -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - LEASE)


def forget_old_batches() -> int:
    """Deletes what is older than a week, files first."""
    old = list(Batch.objects.filter(asked_at__lt=timezone.now() - KEPT))
    for batch in old:
        batch.file.delete(save=False)
        batch.delete()
    return len(old)
