from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from observations import queries
from observations.access import is_team
from observations.enums import ReportState


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
