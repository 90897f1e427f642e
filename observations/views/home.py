from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from observations import queries
from observations.access import access_of, is_team
from observations.exceptions import NotAllowedNow
from observations.lifecycle import RECORD
from observations.models import AnnualReport, Membership
from observations.services import recording
from observations.views.objects import get_site


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A person's sites, each with its years and what remains."""
    memberships = Membership.objects.current().filter(user=request.user.pk).select_related("site")
    memberships = memberships.order_by("site__name")
    sites = [membership.site for membership in memberships]
    if not sites and is_team(request.user):
        return redirect("team")
    reports = AnnualReport.objects.filter(site__in=sites).select_related("site", "edition")
    cards = queries.year_cards(reports.order_by("-year"))
    year = timezone.localdate().year
    places = [
        {
            "site": site,
            "cards": (mine := [card for card in cards if card.report.site_id == site.pk]),
            "new_years": _missing_years(year, {card.report.year for card in mine})
            if access_of(membership).can_record
            else [],
        }
        for membership, site in zip(memberships, sites, strict=True)
    ]
    return render(request, "observations/recording/home.html", {"places": places})


def _missing_years(this_year: int, known: set[int]) -> list[int]:
    return [year for year in (this_year, this_year - 1) if year not in known]


@require_POST
def start_year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    site, _ = get_site(request, slug, RECORD.right)
    if not timezone.localdate().year - 1 <= year <= timezone.localdate().year:
        messages.error(request, "On ne commence que l’année en cours ou la précédente.")
        return redirect("home")
    try:
        recording.open_year(site=site, year=year)
    except NotAllowedNow as error:
        messages.error(request, str(error))
        return redirect("home")
    return redirect("year", slug, year)
