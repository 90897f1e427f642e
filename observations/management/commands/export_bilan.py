from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from observations import queries
from observations.exchange.bilan import write_bilan
from observations.management.reports import add_report_arguments, get_report


class Command(BaseCommand):
    help = "Writes the bilan file (effets-bilan/1) of a site's year on the standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_report_arguments(parser)

    def handle(self, *, site: str, year: int, **options: object) -> None:
        inputs = queries.report_inputs(get_report(site, year))
        self.stdout.write(write_bilan(inputs).decode(), ending="")
