from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from observations.exchange.bilan import read_bilan
from observations.models import AnnualReport, Membership, Site, User
from observations.services.accounts import prove_address
from observations.services.importing import import_bilan
from observations.services.privacy import decide_all
from observations.services.publishing import publish_report
from observations.services.recording import submit_report

FOLDER = Path("fixtures/demo")
PASSWORD = "tiers-lieux"  # noqa: S105  # shown on the demonstration's sign-in page


class Command(BaseCommand):
    help = "Fills an empty database with Le WIP, one published year, one draft, and three people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.SITE_URL, help="printed in the PDF")

    def handle(self, *, url: str, **options: object) -> None:
        if not settings.DEMO:
            self.stdout.write("DEMO=false : la démonstration n’est pas chargée.")
            return
        if Site.objects.exists() or User.objects.exists():
            self.stdout.write("La base n’est pas vide : la démonstration n’est pas chargée.")
            return
        manager = User.objects.create_user(
            "gestionnaire@effets.example", PASSWORD, name="Camille Petit"
        )
        team = User.objects.create_user(
            "equipe@effets.example", PASSWORD, name="Noé Martin", in_network_team=True
        )
        for user in (manager, team):
            prove_address(user=user)
        User.objects.create_superuser("admin@effets.example", PASSWORD, name="Inès Morel")
        for name in ("le-wip.bilan.json", "le-wip-2025.bilan.json"):
            content = (settings.BASE_DIR / FOLDER / name).read_bytes()
            import_bilan(bilan=read_bilan(content), update=True)
        site = Site.objects.get()
        Membership.objects.create(user=manager, site=site)
        report = AnnualReport.objects.select_related("site", "edition").get(site=site, year=2022)
        submit_report(report=report, by=manager)
        report.refresh_from_db()
        decide_all(report=report, by=manager)
        publish_report(report=report, by=team, url=f"{url}/{site.slug}/{report.year}/")
        self.stdout.write("Démonstration chargée : Le WIP, publié pour 2022, en cours pour 2025.")
