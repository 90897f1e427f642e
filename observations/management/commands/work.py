"""Does the background work: batches asked by the network's staff."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from observations import jobs


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options: Any) -> None:
        jobs.keep_schedule()
        call_command("qcluster")
