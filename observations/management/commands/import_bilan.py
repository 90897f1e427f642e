from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from observations.exceptions import ImportRefused
from observations.exchange.bilan import read_bilan
from observations.exchange.reading import MAX_BYTES
from observations.services.importing import import_bilan


class Command(BaseCommand):
    help = "Imports bilan files (effets-bilan/1), each one whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
        parser.add_argument("--update", action="store_true", help="update sites that exist")

    def handle(self, *, files: list[Path], dry_run: bool, update: bool, **options: object) -> None:
        refused = sum(not self._import(file, dry_run, update) for file in files)
        if refused:
            raise CommandError(f"{refused} fichier(s) refusé(s) sur {len(files)}.")

    def _import(self, file: Path, dry_run: bool, update: bool) -> bool:
        try:
            with file.open("rb") as stream:
                bilan = read_bilan(stream.read(MAX_BYTES + 1))
            import_bilan(bilan=bilan, update=update, dry_run=dry_run)
        except OSError as error:
            self.stderr.write(f"{file} : {error.strerror}")
            return False
        except ImportRefused as error:
            self.stderr.write(f"{file} : refusé, rien n’est changé.")
            for problem in error.problems:
                self.stderr.write(f"  {problem}")
            return False
        done = "peut être importé" if dry_run else "importé"
        self.stdout.write(f"{file} : {bilan.site.name} {bilan.year} {done}.")
        return True
