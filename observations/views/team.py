from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from observations import queries
from observations.access import is_team
from observations.composer.french import clean_text
from observations.enums import ReportState
from observations.exceptions import NotAllowedNow, PdfError
from observations.models.publication import REASON_MAX
from observations.services import publishing, recording
from observations.views.objects import get_report
from observations.views.reports import public_url


@require_safe
def team(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Every site and where its year stands."""
    if not is_team(request.user):
        raise PermissionDenied
    years = queries.campaign_years()
    shown = year or (years[0] if years else timezone.localdate().year)
    sites = queries.campaign(shown)
    published = sum(site.report.state == ReportState.PUBLISHED for site in sites if site.report)
    context = {"year": shown, "years": years, "sites": sites, "published": published}
    return render(request, "observations/team/board.html", context)


@require_POST
def publish(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    report, _ = get_report(request, slug, year, "can_publish")
    try:
        publication = publishing.publish_report(
            report=report,
            by=request.user,  # type: ignore[arg-type]  # signed in: see get_report
            url=public_url(slug, year),
            reason=clean_text(request.POST.get("reason", ""))[:REASON_MAX],
        )
    except (NotAllowedNow, PdfError) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, f"Le rapport {report} est publié (publication n° {publication.number})."
        )
    return redirect("check", slug, year)


@require_POST
def reopen(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Gives the year back to the site."""
    report, _ = get_report(request, slug, year, "can_review")
    try:
        recording.reopen_report(report=report)
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{report} est rendu au lieu, qui peut le reprendre.")
    return redirect("check", slug, year)
