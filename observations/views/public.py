"""What readers get: frozen publications only, without account, cookie or script."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from observations import queries
from observations.composer.language.french import clean_text
from observations.composer.saying.document import from_json
from observations.composer.territory import DEPARTMENTS
from observations.models import Publication
from observations.rendering import cards
from observations.rendering.colophon import colophon_of, public_url
from observations.rendering.html import (
    OtherYear,
    linked_data,
    map_of,
    page_context,
    qr_svg,
)
from observations.views.reports import pdf_response

A_PAGE = 48
_XMLNS = '<svg xmlns="http://www.w3.org/2000/svg" '
PublicView = Callable[..., HttpResponse]

log = logging.getLogger(__name__)


class Withdrawn(Exception):
    """It was published and is not any more."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A publication of a site's year among the others: which is the last, which years there are."""

    publication: Publication
    last: int
    years: tuple[int, ...]


def readable(view: PublicView) -> PublicView:
    """A page of a publication: cacheable, the same for everybody, 410 when it was withdrawn."""

    @login_not_required
    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, slug: str, year: int, **rest: Any) -> HttpResponse:
        try:
            shelf = _shelf(slug, year, rest.get("number"))
        except Withdrawn:
            return gone(request)
        response = view(request, shelf, **rest)
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        if shelf.publication.report.site.is_indexed:
            response["X-Robots-Tag"] = "all"
        return response

    return shown


def _shelf(slug: str, year: int, number: int | None) -> Shelf:
    """1 query."""
    rows = queries.publications_of(slug)
    of_year = [row for row in rows if row.report.year == year]
    if not of_year:
        raise Http404
    kept = [row for row in of_year if row.withdrawn_at is None]
    wanted = [row for row in of_year if row.number == number] if number else of_year[:1]
    if not wanted:
        raise Http404
    if wanted[0] not in kept:
        raise Withdrawn
    years = {row.report.year for row in rows if row.withdrawn_at is None}
    return Shelf(wanted[0], kept[0].number, tuple(sorted(years, reverse=True)))


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "410.html", status=410)


@login_not_required
@require_safe
def public_home(request: HttpRequest) -> HttpResponse:
    """Every published report, the latest first; by words, by department, by year."""
    wanted = {
        name: clean_text(request.GET.get(name, ""))[:80].strip()
        for name in ("q", "departement", "annee")
    }
    rows = queries.published_reports(
        words=wanted["q"],
        department=wanted["departement"] if wanted["departement"] in DEPARTMENTS else "",
        year=int(wanted["annee"]) if wanted["annee"].isdecimal() else None,
    )
    everywhere = queries.published_places()
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "years": sorted({year for _, year in everywhere}, reverse=True),
        "map": map_of([department for department, _ in everywhere]),
        "departments": sorted({code: DEPARTMENTS[code] for code, _ in everywhere if code}.items()),
    }
    return render(request, "observations/report/public_home.html", context)


@gzip_page
@conditional_page
@readable
def public(request: HttpRequest, shelf: Shelf, number: int | None = None) -> HttpResponse:
    """The publication, never the live answers. It is drawn once for each of its addresses."""
    row = shelf.publication
    return HttpResponse(_page(row.code, row.report.site.slug, shelf.last, shelf.years))


@lru_cache(maxsize=256)
def _page(code: str, slug: str, last: int, years: tuple[int, ...]) -> str:
    """A publication never changes: its page only does with the site's address, a later number or
    another year."""
    row = Publication.objects.select_related("report__site").get(code=code)
    year = row.report.year
    url = public_url(slug, year)
    is_last = row.number == last
    document = from_json(row.document)
    context = page_context(
        document,
        colophon_of(row, url),
        pdf_url=_own(row, "public_pdf", is_last),
        qr_url=reverse("public_qr", args=[slug, year]),
        other_years=tuple(
            OtherYear(other, reverse("public", args=[slug, other]))
            for other in years
            if other != year
        ),
    ) | {
        "replaced_by": None if is_last else OtherYear(last, reverse("public", args=[slug, year])),
        "flag_url": reverse("flag", args=[slug, year]),
        "tools": "observations/report/_flag.html",
        "image_url": public_url(slug, year) + "image.png",
        "linked_data": linked_data(document, colophon_of(row, url)),
    }
    return render_to_string("observations/report/page.html", context)


def _own(row: Publication, name: str, is_last: bool) -> str:
    """The address of the last number does not name it."""
    arguments: list[Any] = [row.report.site.slug, row.report.year]
    if is_last:
        return reverse(name, args=arguments)
    return reverse(f"{name}_number", args=[*arguments, row.number])


@readable
def public_pdf(request: HttpRequest, shelf: Shelf, number: int | None = None) -> HttpResponse:
    """The bytes that were stored when the report was published."""
    row = shelf.publication
    suffix = "" if number is None else f"-{number}"
    try:
        with row.pdf.open() as stored:
            content = stored.read()
    except FileNotFoundError:
        log.exception("the PDF of %s is not in the storage", row)
        context = {"page": _own(row, "public", row.number == shelf.last)}
        return render(request, "observations/report/missing.html", context, status=503)
    return pdf_response(content, f"effets-{row.report.site.slug}-{row.report.year}{suffix}.pdf")


@readable
def public_qr(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    report = shelf.publication.report
    source = qr_svg(public_url(report.site.slug, report.year)).replace("<svg ", _XMLNS, 1)
    return HttpResponse(source, content_type="image/svg+xml")


@conditional_page
@readable
def image(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """What a social network shows of a link."""
    return HttpResponse(_image(shelf.publication.code), content_type="image/png")


@lru_cache(maxsize=64)
def _image(code: str) -> bytes:
    return cards.share_image(from_json(Publication.objects.get(code=code).document))


@readable
def badge(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    report = shelf.publication.report
    context = {"label": f"Effets observés {report.year}", "site": report.site.name}
    source = render_to_string("observations/report/badge.svg", context)
    return HttpResponse(source, content_type="image/svg+xml")


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@readable
def card(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    """For a frame on somebody else's page: the only page that may be in one."""
    row = Publication.objects.select_related("report__site").get(pk=shelf.publication.pk)
    report = row.report
    context = {
        "document": from_json(row.document),
        "publication": row,
        "url": public_url(report.site.slug, report.year),
    }
    return HttpResponse(render_to_string("observations/report/card.html", context))


@login_not_required
@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """The link printed on paper, to that very number."""
    row = get_object_or_404(Publication.objects.select_related("report__site"), code=code)
    if row.withdrawn_at is not None:
        return gone(request)
    return redirect("public_number", row.report.site.slug, row.report.year, row.number)
