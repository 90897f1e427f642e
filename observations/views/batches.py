"""Long work on the reports of a year: asked for, followed, fetched."""

from pathlib import PurePosixPath
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from observations import queries
from observations.enums import BatchKind, ItemState
from observations.models import Batch
from observations.services import batches
from observations.views.acts import person, telling_refusals
from observations.views.campaign import team_only


@require_POST
def start(request: HttpRequest, year: int) -> HttpResponse:
    """On the ticked sites, or on all when none is."""
    team_only(request)
    kinds = {kind.value: kind for kind in BatchKind}
    kind = kinds.get(request.POST.get("kind", ""))
    if kind is None:
        raise Http404
    with telling_refusals(request):
        batch = batches.start_batch(
            pk=_key(request),
            kind=kind,
            year=year,
            by=person(request),
            sites=request.POST.getlist("sites") or None,
        )
        return redirect("batch", batch.pk)
    return redirect("team_year", year)


def _key(request: HttpRequest) -> UUID:
    """The form's own, so that a form sent twice asks once."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


@require_safe
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, and which sites failed and why. 3 queries besides the person."""
    team_only(request)
    row = get_object_or_404(queries.with_progress(Batch.objects.all()), pk=pk)
    failed = row.items.filter(state=ItemState.FAILED.value).select_related("report__site")
    context = {
        "batch": row,
        "kind": BatchKind(row.kind),
        "failures": list(failed),
        "size": _size(row),
    }
    return render(request, "observations/team/batch.html", context)


def _size(batch: Batch) -> int | None:
    """None when there is no file, or no more."""
    try:
        return batch.file.size if batch.file else None
    except FileNotFoundError:
        return None


@require_safe
def batch_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    team_only(request)
    row = get_object_or_404(Batch.objects.exclude(file=""), pk=pk)
    if row.items.filter(publication__withdrawn_at__isnull=False).exists():
        messages.error(
            request,
            "Un rapport de ce fichier a été retiré depuis. Demandez un nouveau fichier, sans lui.",
        )
        return redirect("batch", pk)
    name = PurePosixPath(str(row.file.name)).name
    try:
        return FileResponse(row.file.open(), as_attachment=True, filename=name)
    except FileNotFoundError:
        messages.error(request, "Ce fichier n’est plus sur le serveur. Demandez-en un nouveau.")
        return redirect("batch", pk)
