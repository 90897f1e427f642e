from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from observations import queries
from observations.composer.compose import compose
from observations.composer.document import from_json
from observations.exceptions import PdfError
from observations.models import Publication
from observations.rendering.html import OtherYear, page_context, qr_svg
from observations.rendering.pdf import render_pdf
from observations.services.publishing import colophon_of
from observations.views.objects import get_report


@require_safe
def draft(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The report as it would be published now."""
    report, _ = get_report(request, slug, year)
    document = compose(queries.report_inputs(report))
    pdf_url = reverse("draft_pdf", args=[slug, year])
    context = page_context(document, pdf_url=pdf_url)
    return render(request, "observations/report/page.html", context)


@require_safe
def draft_pdf(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year)
    try:
        content = render_pdf(compose(queries.report_inputs(report)))
    except PdfError as error:
        messages.error(request, str(error))
        return redirect("check", slug, year)
    return _pdf(content, f"brouillon-{slug}-{year}.pdf")


@login_not_required
@require_safe
def public_home(request: HttpRequest) -> HttpResponse:
    """Every published report, the latest first."""
    context = {"publications": queries.published_reports()}
    return render(request, "observations/report/public_home.html", context)


@login_not_required
@gzip_page
@conditional_page
@require_safe
def public(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """What a reader gets: the latest publication, never the live answers."""
    publication, years = _published(slug, year)
    url = public_url(slug, year)
    context = page_context(
        from_json(publication.document),
        colophon_of(publication, url),
        pdf_url=reverse("public_pdf", args=[slug, year]),
        qr_url=reverse("public_qr", args=[slug, year]),
        other_years=tuple(
            OtherYear(other, reverse("public", args=[slug, other]))
            for other in years
            if other != year
        ),
    )
    return _public(render(request, "observations/report/page.html", context))


@login_not_required
@require_safe
def public_pdf(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The bytes that were stored when the report was published."""
    publication, _ = _published(slug, year)
    name = f"effets-{slug}-{year}.pdf"
    with publication.pdf.open() as stored:
        return _public(_pdf(stored.read(), name))


@login_not_required
@require_safe
def public_qr(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    _published(slug, year)
    source = qr_svg(public_url(slug, year)).replace("<svg ", _XMLNS, 1)
    return _public(HttpResponse(source, content_type="image/svg+xml"))


_XMLNS = '<svg xmlns="http://www.w3.org/2000/svg" '


def public_url(slug: str, year: int) -> str:
    return settings.SITE_URL + reverse("public", args=[slug, year])


def _published(slug: str, year: int) -> tuple[Publication, list[int]]:
    """The latest publication of that year, and every published year of the site."""
    latest = queries.latest_publications(slug)
    by_year = {publication.report.year: publication for publication in latest}
    if year not in by_year:
        raise Http404
    return by_year[year], sorted(by_year, reverse=True)


def _pdf(content: bytes, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)


def _public(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response
