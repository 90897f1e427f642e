"""Where a category is used, and until when what was done to it may be undone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Model

from observations.enums import ReportState
from observations.models import (
    AnnualReport,
    Category,
    Edition,
    Effect,
    Publication,
    Question,
    Sentence,
    Vocabulary,
)


@dataclass(frozen=True, slots=True)
class Usage:
    """How many reports tick a category, by where they are."""

    published: int = 0
    submitted: int = 0
    drafts: int = 0

    def __bool__(self) -> bool:
        return bool(self.published or self.submitted or self.drafts)

    def __str__(self) -> str:
        counts = (
            (self.published, "rapport publié", "rapports publiés"),
            (self.submitted, "rapport transmis", "rapports transmis"),
            (self.drafts, "brouillon", "brouillons"),
        )
        told = [f"{count} {many if count > 1 else one}" for count, one, many in counts if count]
        if not told:
            return "Aucun rapport ne la coche."
        *head, last = told
        first = f"{', '.join(head)} et " if head else ""
        return f"Cochée dans {first}{last}."


def usage_of(category: Category) -> Usage:
    """1 query."""
    rows = AnnualReport.objects.filter(observations__answers__ticks__category=category)
    states = rows.values_list("state").annotate(Count("pk", distinct=True)).order_by()
    found: dict[str, int] = dict(states)
    published, submitted = ReportState.PUBLISHED.value, ReportState.SUBMITTED.value
    return Usage(found.pop(published, 0), found.pop(submitted, 0), sum(found.values()))


def edition_of(row: Model | None) -> Edition:
    """The edition that a row of the questionnaire belongs to. No query when its homes are read."""
    match row:
        case Edition():
            return row
        case Effect() | Vocabulary():
            return row.edition
        case Question() | Sentence():
            return row.effect.edition
        case Category():
            return edition_of(row.vocabulary or row.question)
    raise TypeError(f"{row!r} belongs to no edition")


def last_published_at(edition: Edition) -> datetime | None:
    """When the last report recorded in this edition was published. 1 query."""
    rows = Publication.objects.filter(report__edition=edition)
    last: datetime | None = rows.aggregate(last=Max("published_at"))["last"]
    return last
