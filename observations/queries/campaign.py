"""The campaign of a year: every site that takes part, and where its report stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from observations.composer.territory import department_of, postcode_prefixes
from observations.enums import CampaignState, ReportState, Role
from observations.models import (
    AnnualReport,
    Batch,
    Campaign,
    Membership,
    Observation,
    Reminder,
    Round,
    Site,
)

AWAITED = (
    CampaignState.NOT_STARTED,
    CampaignState.STARTED,
    CampaignState.RETURNED,
)
SORTS = {
    "lieu": ("name", "pk"),
    "etat": ("step", "name", "pk"),
    "progression": ("recorded", "name", "pk"),
    "departement": ("postcode", "name", "pk"),
}


@dataclass(frozen=True, slots=True)
class CampaignFilter:
    words: str = ""
    department: str = ""
    state: CampaignState | None = None
    is_awaited: bool = False  # not submitted
    sort: str = "lieu"

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.department or self.state or self.is_awaited)


def campaign_sites(year: int, wanted: CampaignFilter) -> QuerySet[Site]:
    """Sites open that year, each with `stage` (a CampaignState's value), `recorded` (effects that
    have an observation) and `asked` (effects of its questionnaire). 1 query when read."""
    rows = _with_stage(year)
    for word in wanted.words.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(city__icontains=word) | Q(postcode__startswith=word)
        )
    if wanted.department:
        begins = Q()
        for prefix in postcode_prefixes(wanted.department):
            begins |= Q(postcode__startswith=prefix)
        rows = rows.filter(begins)
    if wanted.state is not None:
        rows = rows.filter(Q(stage=wanted.state.value))
    if wanted.is_awaited:
        rows = rows.filter(Q(stage__in=[state.value for state in AWAITED]))
    return rows.annotate(asked=_asked()).order_by(*SORTS[wanted.sort])


def _with_stage(year: int) -> QuerySet[Site]:
    this_year = FilteredRelation("reports", condition=Q(reports__year=year))
    rounds = Round.objects.filter(report=OuterRef("this__pk")).order_by("-number")
    observations = Observation.objects.filter(report=OuterRef("this__pk")).order_by()
    counted = observations.values("report").annotate(count=Count("pk")).values("count")
    states = ReportState
    return (
        Site.objects.filter(Q(opened_on=None) | Q(opened_on__year__lte=year))
        .filter(Q(closed_on=None) | Q(closed_on__year__gte=year))
        .annotate(
            this=this_year,
            recorded=Coalesce(Subquery(counted), 0),
            read_at=Subquery(rounds.values("reviewed_at")[:1]),
        )
        .annotate(
            stage=_case(
                (Q(this__state=states.PUBLISHED.value), CampaignState.PUBLISHED),
                (Q(this__state=states.RETURNED.value), CampaignState.RETURNED),
                (
                    Q(this__state=states.SUBMITTED.value, read_at__isnull=False),
                    CampaignState.REVIEWED,
                ),
                (Q(this__state=states.SUBMITTED.value), CampaignState.SUBMITTED),
                (Q(recorded__gt=0), CampaignState.STARTED),
            )
        )
        .annotate(step=Case(*_steps()))
    )


def _case(*rows: tuple[Q, CampaignState]) -> Case:
    cases = [When(condition, then=Value(state.value)) for condition, state in rows]
    default = Value(CampaignState.NOT_STARTED.value)
    return Case(*cases, default=default, output_field=CharField())


def _steps() -> list[When]:
    return [When(stage=state.value, then=Value(rank)) for rank, state in enumerate(CampaignState)]


def _asked() -> Coalesce:
    reports = AnnualReport.objects.filter(pk=OuterRef("this__pk")).order_by()
    effects = Count(
        "edition__effects",
        filter=Q(edition__effects__site=None) | Q(edition__effects__site=F("site")),
    )
    return Coalesce(Subquery(reports.annotate(count=effects).values("count")), 0)


def stage_of(site: Site) -> CampaignState:
    """Of a site read by `campaign_sites`."""
    return CampaignState(site.stage)  # type: ignore[attr-defined]  # annotated


def campaign_counts(year: int) -> dict[CampaignState, int]:
    """How many sites stand where, in the order of the work. 1 query."""
    rows = _with_stage(year).order_by().values("stage")  # type: ignore[misc]  # annotated
    found = dict(rows.annotate(count=Count("pk")).values_list("stage", "count"))
    return {state: found.get(state.value, 0) for state in CampaignState}


def campaign_departments(year: int) -> list[str]:
    """Codes of those that have a site in it. 1 query."""
    postcodes = _with_stage(year).order_by().values_list("postcode", flat=True).distinct()
    return sorted({department_of(postcode) for postcode in postcodes} - {""})


def campaign_years() -> list[int]:
    """Years that have a report, the latest first. 1 query."""
    years = AnnualReport.objects.order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def deadline_of(year: int) -> date | None:
    """1 query."""
    return Campaign.objects.filter(year=year).values_list("due_on", flat=True).first()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A site that has not submitted: whom to write to, and whether it was done today."""

    site: Site
    emails: list[str]
    is_done: bool


def recipients(year: int, today: date, slug: str = "") -> list[Recipient]:
    """Every site that is awaited, or this one of them. 3 queries."""
    sites = campaign_sites(year, CampaignFilter(is_awaited=True))
    rows = list(sites.filter(slug=slug) if slug else sites)
    people = Membership.objects.current().filter(site__in=rows, role=Role.MANAGER.value)
    emails: dict[int, list[str]] = {}
    for site, email in people.order_by("pk").values_list("site", "user__email"):
        emails.setdefault(site, []).append(email)
    done = set(
        Reminder.objects.filter(year=year, sent_on=today, site__in=rows).values_list(
            "site", flat=True
        )
    )
    return [Recipient(site, emails.get(site.pk, []), site.pk in done) for site in rows]


def last_reminders(sites: list[Site], year: int) -> dict[int, Reminder]:
    """The last of each site, by its key. 1 query."""
    rows = Reminder.objects.filter(site__in=sites, year=year).order_by("sent_on")
    return {row.site_id: row for row in rows.defer("text")}


def batches_of(year: int) -> list[Batch]:
    """The latest, each with `total`, `settled` and `failed`. 1 query."""
    return list(with_progress(Batch.objects.filter(year=year))[:5])


def with_progress(rows: QuerySet[Batch]) -> QuerySet[Batch]:
    return rows.select_related("asked_by").annotate(
        total=Count("items"),
        settled=Count("items", filter=Q(items__state__in=("done", "failed"))),
        failed=Count("items", filter=Q(items__state="failed")),
    )
