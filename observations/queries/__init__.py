"""Reads that cross models, each with its constant number of queries."""

from observations.queries.inputs import (
    edition_effects,
    edition_input,
    effects_of_editions,
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
    "YearCard",
    "campaign",
    "campaign_years",
    "edition_effects",
    "edition_input",
    "effects_of_editions",
    "latest_publications",
    "observation_input",
    "observation_of",
    "observations_of",
    "observations_of_reports",
    "published_reports",
    "report_inputs",
    "scales_of",
    "site_input",
    "year_cards",
]
