"""`/donnees/`: published answers as tables, and how to read them by program. Open to everybody."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from observations import queries
from observations.composer.language.french import clean_text
from observations.composer.saying.table import COLUMNS
from observations.exchange.tables import KINDS, kept_table

_FORMAT = 1  # of the tables: another one has other ETags
_YEAR_LENGTH_MAX = 9  # « 02022 » is 2022


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
    """The file of what is published now: made when it is first asked for, then kept.

    Only what is published has a file: a year or a site of which nothing is has none.
    """
    if kind not in KINDS:
        raise Http404
    year, slug = _year(request.GET.get("annee", "")), clean_text(request.GET.get("lieu", ""))
    rows = queries.published_reports(year=year, slug=slug)
    if (year or slug) and not rows.exists():
        raise Http404
    wanted = f"{_FORMAT} {queries.published_state()} {year or ''} {slug}"
    name = kept_table(kind, rows, sha256(wanted.encode()).hexdigest())
    return FileResponse(
        default_storage.open(name),
        as_attachment=True,
        filename="-".join(filter(None, ("effets", str(year or ""), slug))) + f".{kind}",
        content_type=KINDS[kind],
    )


def _year(text: str) -> int | None:
    """None when every year is asked for; 404 for what is no year."""
    if not text:
        return None
    if not text.isdecimal() or len(text) > _YEAR_LENGTH_MAX or not int(text):
        raise Http404
    return int(text)
