"""Puts back what `backup` wrote, into a migrated database, all or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from observations.services.backup import BackupError, read_backup


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="of what the database holds")

    def handle(self, **options: Any) -> None:
        try:
            with options["file"].open("rb") as source:
                done = read_backup(source, replace=options["replace"])
        except (BackupError, FileNotFoundError) as error:
            raise CommandError(str(error)) from error
        at = timezone.localtime(done.made_at)
        self.stdout.write(f"{done.rows} lignes et {done.files} fichiers remis en place.")
        if done.removed is None:
            self.stdout.write(
                f"Cette sauvegarde est du {at:%d/%m/%Y à %H:%M}. La base était vide : rien n’y dit "
                "ce qui a été retiré depuis. Retirez-le de nouveau avant d’ouvrir."
            )
        for sentence in done.removed or ():
            self.stdout.write(sentence)
