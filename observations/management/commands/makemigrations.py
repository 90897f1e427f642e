"""Django's own, but for the words of fields."""

from django.core.management.commands import makemigrations

from observations.management.autodetector import Autodetector


class Command(makemigrations.Command):
    autodetector = Autodetector
