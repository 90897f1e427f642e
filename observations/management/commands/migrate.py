"""Django's own, but for the words of fields; and what was taken away stays so."""

from typing import Any

from django.core.management.commands import migrate

from observations.management.autodetector import Autodetector
from observations.models import Site
from observations.services.removals import remove_again


class Command(migrate.Command):
    autodetector = Autodetector

    def handle(self, *args: Any, **options: Any) -> None:
        """A database may have gone back in time by other means than `restore`."""
        super().handle(*args, **options)
        if options["app_label"] or options["plan"] or options["check_unapplied"]:
            return  # half of the tables, or nothing to be written
        if Site.objects.exists():
            for sentence in remove_again():
                self.stdout.write(sentence)
