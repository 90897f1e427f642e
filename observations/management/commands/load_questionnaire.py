from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from observations.exceptions import ImportRefused
from observations.exchange.questionnaire import read_questionnaire
from observations.models import Edition
from observations.services.editions import create_edition


class Command(BaseCommand):
    help = "Loads an edition of the questionnaire, unless its first year has one already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            edition = read_questionnaire(file.read_bytes())
        except ImportRefused as error:
            raise CommandError(str(error)) from None
        if Edition.objects.filter(first_year=edition.first_year).exists():
            self.stdout.write(f"L’édition {edition.first_year} existe déjà : rien n’est changé.")
            return
        create_edition(edition=edition)
        self.stdout.write(f"Édition {edition.first_year} : {len(edition.effects)} effets.")
