"""Rows as text, exactly."""

from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder


class Exact(DjangoJSONEncoder):
    """Dates to the microsecond: Django's own stop at the millisecond."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)
