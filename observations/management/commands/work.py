"""Does the background work: batches and reminders asked by the network's staff."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from observations import jobs


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options: Any) -> None:
        # Workers are forked: they would share a pool's connections, and each other's transactions.
        connection.close()
        connection.settings_dict["OPTIONS"].pop("pool", None)
        jobs.keep_schedule()
        connection.close()
        call_command("qcluster")
