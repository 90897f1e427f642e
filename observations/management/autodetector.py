"""Names and help are of the code, not of the database: changing one makes no migration."""

from typing import Any

from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector

_WORDS = {"help_text", "verbose_name", "choices"}


class Autodetector(MigrationAutodetector):
    def deep_deconstruct(self, obj: Any) -> Any:
        """What two fields are compared by."""
        found = super().deep_deconstruct(obj)
        if not isinstance(obj, models.Field):
            return found
        path, arguments, options = found
        kept = {name: value for name, value in options.items() if name not in _WORDS}
        return path, arguments, kept
