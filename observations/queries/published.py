"""What readers may know: publications only, never live answers."""

from django.db.models import Count, Max, Q, QuerySet

from observations.composer.territory import department_of, postcode_prefixes
from observations.models import Publication


def publications_of(slug: str) -> list[Publication]:
    """Every number of every year of a site, withdrawn ones too, the last first. 1 query."""
    rows = Publication.objects.filter(report__site__slug=slug).select_related("report__site")
    return list(rows.defer("document", "changes").order_by("-report__year", "-number"))


def readable_publication(slug: str, year: int, number: int | None = None) -> Publication | None:
    """What readers get of a year: its last number, or this one. 1 query."""
    rows = Publication.objects.readable() if number else Publication.objects.latest_of_reports()
    rows = rows.filter(report__site__slug=slug, report__year=year).select_related("report__site")
    return (rows.filter(number=number) if number else rows).first()


def was_published(slug: str, year: int, number: int | None = None) -> bool:
    """Even if it is withdrawn. 1 query."""
    rows = Publication.objects.filter(report__site__slug=slug, report__year=year)
    return (rows.filter(number=number) if number else rows).exists()


def published_reports(
    *, words: str = "", department: str = "", year: int | None = None, slug: str = ""
) -> "QuerySet[Publication]":
    """What readers get of every report, newest year first, without its tree."""
    rows = Publication.objects.latest_of_reports().select_related("report__site")
    for word in words.split():
        rows = rows.filter(
            Q(report__site__name__icontains=word)
            | Q(report__site__city__icontains=word)
            | Q(report__site__postcode__startswith=word)
        )
    if department:
        begins = Q()
        for prefix in postcode_prefixes(department):
            begins |= Q(report__site__postcode__startswith=prefix)
        rows = rows.filter(begins)
    if year is not None:
        rows = rows.filter(report__year=year)
    if slug:
        rows = rows.filter(report__site__slug=slug)
    return rows.defer("document", "changes").order_by("-report__year", "report__site__name", "pk")


def published_state() -> str:
    """Differs as soon as anything is published or withdrawn. 1 query."""
    found = Publication.objects.aggregate(
        count=Count("pk"),
        published=Max("pk"),
        withdrawn=Max("withdrawn_at"),
        gone=Count("withdrawn_at"),
    )
    return " ".join(map(str, found.values()))


def published_places() -> list[tuple[str, int]]:
    """Department and year of every published report. 1 query."""
    rows = Publication.objects.latest_of_reports()
    found = rows.values_list("report__site__postcode", "report__year")
    return [(department_of(postcode), year) for postcode, year in found]


def publication_of_code(code: str) -> tuple[Publication, int] | None:
    """The publication of a printed code, and the last number of its year. 1 or 2 queries."""
    return _with_last(Publication.objects.filter(code=code))


def publication_of_file(sha256: str) -> tuple[Publication, int] | None:
    """The publication whose PDF has these bytes. 1 or 2 queries."""
    return _with_last(Publication.objects.filter(sha256=sha256))


def _with_last(rows: "QuerySet[Publication]") -> tuple[Publication, int] | None:
    found = rows.select_related("report__site").defer("document").order_by("-number").first()
    if found is None:
        return None
    numbers = Publication.objects.filter(report=found.report_id).order_by("-number")
    return found, numbers.values_list("number", flat=True)[0]
