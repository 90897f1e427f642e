"""Help texts are typographic, like the pages: no « is parted from its word."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Field
from django.forms import Field as FormField
from django.http import HttpRequest

from observations.composer.language.french import typography


class TypographicHelp(BaseModelAdmin):
    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **rest: Any
    ) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **rest)
        if field is not None:
            field.help_text = typography(str(field.help_text))
        return field
