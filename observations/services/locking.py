"""The lock that every writer of a year takes before it looks again and writes."""

from observations.models import AnnualReport


def lock_report(report: AnnualReport) -> AnnualReport:
    """As it is now, with its site and edition; nobody else writes this year until the transaction
    ends."""
    rows = AnnualReport.objects.select_for_update(of=("self",)).select_related("site", "edition")
    return rows.get(pk=report.pk)
