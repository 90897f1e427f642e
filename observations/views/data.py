"""`/donnees/`: published answers as tables, and how to read them by program. Open to everybody."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from observations import queries
from observations.composer.french import clean_text
from observations.composer.table import COLUMNS
from observations.exchange.tables import FOLDER, KINDS, published_rows, write_table

_FORMAT = 1  # of the tables: another one has other ETags


def open_data(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Readable by every page and program, kept no longer than it is true."""

    @wraps(view)
    def shown(*args: Any, **rest: Any) -> HttpResponseBase:
        response = view(*args, **rest)
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return shown


def published_etag(request: HttpRequest, *args: Any, **rest: Any) -> str:
    """Changes whenever what is published does. 1 query."""
    state = f"{_FORMAT} {queries.published_state()} {request.get_full_path()}"
    return f'"{sha256(state.encode()).hexdigest()[:32]}"'


@login_not_required
@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    years = sorted({year for _, year in queries.published_places()}, reverse=True)
    context = {"columns": COLUMNS.items(), "years": years, "site_url": settings.SITE_URL}
    return render(request, "observations/report/data.html", context)


@login_not_required
@require_safe
@open_data
@condition(etag_func=published_etag)
def table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The file of what is published now: made when it is first asked for, then kept."""
    if kind not in KINDS:
        raise Http404
    year = request.GET.get("annee", "")
    slug = clean_text(request.GET.get("lieu", ""))[:80]
    rows = queries.published_reports(year=int(year) if year.isdecimal() else None, slug=slug)
    wanted = f"{_FORMAT} {queries.published_state()} {year} {slug}"
    name = f"{FOLDER}/{sha256(wanted.encode()).hexdigest()}.{kind}"
    if not default_storage.exists(name):
        with TemporaryFile() as out:
            write_table(kind, published_rows(rows), out)
            name = default_storage.save(name, File(out))
    return FileResponse(
        default_storage.open(name),
        as_attachment=True,
        filename="-".join(filter(None, ("effets", year, slug))) + f".{kind}",
        content_type=KINDS[kind],
    )
