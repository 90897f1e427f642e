"""Reads that cross models, each with its constant number of queries."""

from observations.queries.history import Sitting, entry_of, sittings, versions_of
from observations.queries.inputs import (
    edition_effects,
    edition_input,
    effects_of_editions,
    last_report,
    last_year_of,
    observation_input,
    observation_of,
    observations_of,
    observations_of_reports,
    report_inputs,
    scales_of,
    site_input,
)
from observations.queries.lists import (
    SiteYear,
    YearCard,
    campaign,
    campaign_years,
    latest_publications,
    published_reports,
    year_cards,
)

__all__ = [
    "SiteYear",
    "Sitting",
    "YearCard",
    "campaign",
    "campaign_years",
    "edition_effects",
    "edition_input",
    "effects_of_editions",
    "entry_of",
    "last_report",
    "last_year_of",
    "latest_publications",
    "observation_input",
    "observation_of",
    "observations_of",
    "observations_of_reports",
    "published_reports",
    "report_inputs",
    "scales_of",
    "site_input",
    "sittings",
    "versions_of",
    "year_cards",
]
