"""Writes the whole of Effets, rows and files, in one archive: `backup effets.tar.gz`."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from observations.services.backup import write_backup


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, **options: Any) -> None:
        target: Path = options["file"]
        partial = target.with_name(target.name + ".partial")
        try:
            with open(partial, "wb", opener=_for_its_owner_only) as out:
                done = write_backup(out)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)  # what a full disk cut
        self.stdout.write(f"{done['rows']} lignes et {done['files']} fichiers dans {target}.")


def _for_its_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
