"""The campaign of a year, for the network's staff: who is where, by when, and who is reminded."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from observations import queries
from observations.access import is_team
from observations.composer.language.french import clean_text
from observations.composer.territory import DEPARTMENTS
from observations.enums import BatchKind, CampaignState
from observations.queries import CampaignFilter
from observations.services import campaign
from observations.views.acts import person, telling_refusals, words

A_PAGE = 50
_SORT_LABELS = {
    "lieu": "Lieu",
    "etat": "État",
    "progression": "Progression",
    "departement": "Département",
}


def team_only(request: HttpRequest) -> None:
    if not is_team(request.user):
        raise PermissionDenied


@require_safe
def board(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Every site and where its year stands. 10 queries."""
    team_only(request)
    years = queries.campaign_years()
    shown = year or (years[0] if years else timezone.localdate().year)
    wanted = _wanted(request)
    page = Paginator(queries.campaign_sites(shown, wanted), A_PAGE).get_page(
        request.GET.get("page")
    )
    counts = queries.campaign_counts(shown)
    due_on = queries.deadline_of(shown)
    last = queries.last_reminders(list(page), shown)
    departments = queries.campaign_departments(shown)
    context = {
        "year": shown,
        "years": years,
        "wanted": wanted,
        "page": page,
        "rows": [(site, queries.stage_of(site), last.get(site.pk)) for site in page],
        "counts": counts,
        "total": sum(counts.values()),
        "published": counts[CampaignState.PUBLISHED],
        "awaited": sum(counts[state] for state in queries.AWAITED),
        "due_on": due_on,
        "is_late": due_on is not None and due_on < timezone.localdate(),
        "states": list(CampaignState),
        "awaited_states": queries.AWAITED,
        "kinds": list(BatchKind),
        "key": uuid4(),
        "departments": [(code, DEPARTMENTS.get(code, code)) for code in departments],
        "sorts": _SORT_LABELS.items(),
        "batches": queries.batches_of(shown),
    }
    return render(request, "observations/team/board.html", context)


def _wanted(request: HttpRequest) -> CampaignFilter:
    given = {name: clean_text(str(value))[:80].strip() for name, value in request.GET.items()}
    states = {state.value: state for state in CampaignState}
    return CampaignFilter(
        words=given.get("q", ""),
        department=given.get("departement", "") if given.get("departement") in DEPARTMENTS else "",
        state=states.get(given.get("etat", "")),
        is_awaited=given.get("attendus") == "1",
        sort=given["tri"] if given.get("tri") in queries.SORTS else "lieu",
    )


@require_POST
def deadline(request: HttpRequest, year: int) -> HttpResponse:
    team_only(request)
    typed = request.POST.get("due_on", "")
    due_on = _date(typed)
    if typed and due_on is None:
        messages.error(request, "La date n’a pas été comprise : écrivez-la comme 2026-03-31.")
    else:
        campaign.set_deadline(year=year, due_on=due_on)
        messages.success(request, "La date limite est enregistrée.")
    return redirect("team_year", year)


def _date(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, year: int) -> HttpResponse:
    """Who would get which mail; then sends it to them."""
    team_only(request)
    slug = clean_text(request.GET.get("lieu", ""))
    rows = queries.recipients(year, timezone.localdate(), slug)
    message = words(request, "message")
    if request.method == "POST":
        chosen = set(request.POST.getlist("sites"))
        with telling_refusals(request):
            asked = campaign.ask_reminders(
                rows=[row for row in rows if row.site.slug in chosen],
                year=year,
                message=message,
                url=_home(),
                by=person(request),
            )
            s = "s" if len(asked) > 1 else ""
            messages.success(request, f"{len(asked)} lieu{'x' if s else ''} relancé{s}.")
        return redirect("team_year", year)
    ready = [row for row in rows if row.emails and not row.is_done]
    due_on = queries.deadline_of(year)
    context = {
        "year": year,
        "ready": ready,
        "done": [row for row in rows if row.is_done],
        "unreachable": [row for row in rows if not row.emails],
        "sample": campaign.reminder_text(ready[0].site, year, due_on, "", _home()) if ready else "",
    }
    return render(request, "observations/team/reminders.html", context)


def _home() -> str:
    """From there one goes on with a year, or begins it."""
    return settings.SITE_URL + reverse("home")
