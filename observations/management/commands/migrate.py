"""Django's own, but for the words of fields; and what was taken away stays so."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection

from observations.management.autodetector import Autodetector
from observations.models import Removal, Site
from observations.services.removals import remove_again


class Command(migrate.Command):
    autodetector = Autodetector

    def handle(self, *args: Any, **options: Any) -> None:
        """A database may have gone back in time by other means than `restore`."""
        super().handle(*args, **options)
        tables = connection.introspection.table_names()
        if {Removal._meta.db_table, Site._meta.db_table} <= {*tables} and Site.objects.exists():
            for sentence in remove_again():
                self.stdout.write(sentence)
