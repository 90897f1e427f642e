"""What the commands about one report share."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from observations.models import AnnualReport


def add_report_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("site", help="the site's slug, such as le-wip")
    parser.add_argument("year", type=int)


def get_report(site: str, year: int) -> AnnualReport:
    reports = AnnualReport.objects.select_related("site", "edition")
    report = reports.filter(site__slug=site, year=year).first()
    if report is None:
        raise CommandError(f"Aucun rapport de « {site} » pour {year}.")
    return report
