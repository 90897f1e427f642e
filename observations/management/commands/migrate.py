"""Django's own, but for the words of fields."""

from django.core.management.commands import migrate

from observations.management.autodetector import Autodetector


class Command(migrate.Command):
    autodetector = Autodetector
