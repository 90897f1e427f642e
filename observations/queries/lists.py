"""What lists show: a person's years, the published reports, the campaign."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from observations.composer.completeness import remaining_titles
from observations.composer.french import enumerate_items
from observations.models import AnnualReport, Site
from observations.queries.inputs import effects_of_editions, observations_of_reports

SHORT_LIST = 3


@dataclass(frozen=True, slots=True)
class YearCard:
    """One year of a site on somebody's home page."""

    report: AnnualReport
    remaining: list[str]

    @property
    def sentence(self) -> str:
        """« Solidarité et Réseau de personnes », or how many when they are many."""
        if len(self.remaining) > SHORT_LIST:
            return f"{len(self.remaining)}\u00a0effets à renseigner"
        return enumerate_items(self.remaining)


def year_cards(reports: Iterable[AnnualReport]) -> list[YearCard]:
    """What remains to record in each report. 9 queries."""
    rows = list(reports)
    effects = effects_of_editions({row.edition for row in rows})
    observations = observations_of_reports(rows)
    return [
        YearCard(
            row, remaining_titles(effects.get(row.edition_id, ()), observations.get(row.pk, {}))
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class SiteYear:
    """A site in the campaign of a year; `recorded` counts its effects that have an observation."""

    site: Site
    report: AnnualReport | None
    recorded: int


def campaign(year: int) -> list[SiteYear]:
    """Every site and its report of that year, if any. 2 queries."""
    reports = AnnualReport.objects.filter(year=year).annotate(recorded=models.Count("observations"))
    by_site = {report.site_id: report for report in reports}
    return [
        SiteYear(site, report := by_site.get(site.pk), report.recorded if report else 0)
        for site in Site.objects.all()
    ]


def campaign_years() -> list[int]:
    """Years that have a report, the latest first. 1 query."""
    years = AnnualReport.objects.order_by("-year").values_list("year", flat=True)
    return list(years.distinct())
