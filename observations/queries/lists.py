"""What the list of a person's years shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from observations.composer.language.french import enumerate_items
from observations.composer.questionnaire.completeness import remaining_titles
from observations.models import AnnualReport
from observations.queries.inputs import observations_of_reports
from observations.queries.questionnaire import asked_of_reports

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
    asked = asked_of_reports(rows)
    observations = observations_of_reports(rows)
    return [
        YearCard(row, remaining_titles(asked[row.pk], observations.get(row.pk, {}))) for row in rows
    ]
