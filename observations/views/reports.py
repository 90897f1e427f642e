"""The draft of a report, for those who work on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from observations import queries
from observations.composer.compose import compose
from observations.exceptions import PdfBusy, PdfError
from observations.rendering.html import page_context
from observations.rendering.pdf import draft_turn, render_pdf
from observations.views.errors import busy
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
        with draft_turn():
            content = render_pdf(compose(queries.report_inputs(report)))
    except PdfBusy:
        return busy(request)
    except PdfError as error:
        messages.error(request, str(error))
        return redirect("check", slug, year)
    return pdf_response(content, f"brouillon-{slug}-{year}.pdf")


def pdf_response(content: bytes, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=disposition)
