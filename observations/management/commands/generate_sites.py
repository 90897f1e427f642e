"""Fills a database with third places that do not exist, to measure and to try a whole campaign."""

import json
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from observations import queries
from observations.composer.questionnaire.inputs import EffectInput, SiteInput
from observations.composer.questionnaire.origin import asked_at
from observations.enums import BatchKind
from observations.exchange.generator import (
    generated_bilan,
    generated_sites,
    read_words,
)
from observations.models import AnnualReport, Edition, Membership, Site, User
from observations.services import batches, reviewing
from observations.services.importing import import_bilan
from observations.services.privacy import decide_all
from observations.services.recording import submit_report

# In the last year, of ten sites: not begun, half way, filled, submitted, read over.
_LAST_YEAR = (None, 0.5, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
_NOT_SUBMITTED = 4
_NOT_READ = 6


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sites", type=int, default=500)
        parser.add_argument("--years", type=int, nargs="+", default=[2023, 2024, 2025])
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--publish", action="store_true", help="publish all but the last year")

    def handle(self, **options: Any) -> None:
        words = read_words(json.loads((settings.BASE_DIR / "fixtures/generator.json").read_text()))
        years, seed = sorted(options["years"]), options["seed"]
        team, _ = User.objects.get_or_create(
            email="relecture@effets.example",
            defaults={"name": "Dominique Leroy", "in_network_team": True},
        )
        effects = {year: _effects_of(year) for year in years}
        for rank, site in enumerate(generated_sites(words, options["sites"], seed)):
            with transaction.atomic():
                for year in years:
                    is_last = year == years[-1]
                    progress = _LAST_YEAR[rank % 10] if is_last else 1.0
                    if progress is not None:
                        bilan = generated_bilan(
                            words, effects[year], site, year, seed, progress=progress
                        )
                        import_bilan(bilan=bilan, update=True)
                        submitted = not is_last or rank % 10 >= _NOT_SUBMITTED
                        read = not is_last or rank % 10 >= _NOT_READ
                        _submit(site, year, team, submitted=submitted, read=read)
            if rank % 50 == 49:
                self.stdout.write(f"{rank + 1} lieux")
        if options["publish"]:
            for year in years[:-1]:
                batch = batches.start_batch(pk=uuid4(), kind=BatchKind.PUBLISH, year=year, by=team)
                batches.work_on(batch.pk, "generate_sites")
                self.stdout.write(f"{year} : publié")


def _effects_of(year: int) -> tuple[EffectInput, ...]:
    edition = Edition.objects.for_year(year)
    assert edition is not None, "load a questionnaire first"
    return asked_at(queries.edition_effects(edition), "")


def _submit(site: SiteInput, year: int, team: User, *, submitted: bool, read: bool) -> None:
    row = Site.objects.get(slug=site.slug)
    person, is_new = User.objects.get_or_create(
        email=f"{site.slug}@effets.example", defaults={"name": site.name}
    )
    if is_new:
        Membership.objects.create(user=person, site=row)
    report = AnnualReport.objects.select_related("site", "edition").get(site=row, year=year)
    if submitted:
        submit_report(report=report, by=person)
    if read:
        report.refresh_from_db()
        decide_all(report=report, by=team)
        reviewing.mark_reviewed(report=report, by=team)
