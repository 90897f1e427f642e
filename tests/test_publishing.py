"""Publishing freezes; the public page and PDF read the frozen copy only."""

import gzip
import hashlib

import pytest
from django.core.management import call_command
from django.urls import reverse

from observations import queries
from observations.composer.saying.document import from_json
from observations.enums import ReportState
from observations.exceptions import NotAllowedNow, PdfError
from observations.models import AnnualReport, Category, Publication, Sentence
from observations.rendering import pdf
from observations.services import publishing, recording, reviewing

URL = "https://effets.example/le-wip/2022/"
PUBLIC = reverse("public", args=["le-wip", 2022])


def test_publication_is_whole(published, reviewer):
    assert published.number == 1
    assert published.published_by == reviewer
    assert hashlib.sha256(published.pdf.read()).hexdigest() == published.sha256
    published.pdf.close()
    assert from_json(published.document).title == "Effets sociaux et urbains du WIP"
    report = AnnualReport.objects.get(pk=published.report_id)
    assert report.state == ReportState.PUBLISHED


def test_reader_gets_the_page_and_the_stored_pdf(published, client):
    page = client.get(PUBLIC)
    text = page.content.decode()
    assert "Effets sociaux et urbains du WIP" in text
    assert "Lire la suite" in text
    assert "Publication n<sup>o</sup>&nbsp;1" in text
    assert published.fingerprint in text
    assert URL in text
    assert page.cookies == {}
    assert client.head(PUBLIC).status_code == 200
    packed = client.get(PUBLIC, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == page.content
    assert len(packed.content) < len(page.content) / 3
    pdf = client.get(reverse("public_pdf", args=["le-wip", 2022]))
    assert hashlib.sha256(pdf.content).hexdigest() == published.sha256
    assert client.get(PUBLIC, headers={"If-None-Match": page["ETag"]}).status_code == 304
    assert "Le WIP, 2022" in client.get("/").content.decode()


def test_frozen_means_frozen(published, client):
    before = client.get(PUBLIC).content, client.get(f"{PUBLIC}rapport.pdf").content
    Category.objects.update(report_wording="CHANGÉ", report_wording_full="CHANGÉ")
    Sentence.objects.update(template="CHANGÉ {effets}")
    published.report.observations.update(note="CHANGÉ")
    assert (client.get(PUBLIC).content, client.get(f"{PUBLIC}rapport.pdf").content) == before


def test_correction_is_the_next_number(published, reviewer, manager, client, signed_in):
    report = published.report
    reviewing.return_report(report=report, by=reviewer, reason="À reprendre.")
    assert client.get(PUBLIC).status_code == 200
    recording.submit_report(report=report, by=manager)
    browser = signed_in(reviewer)
    url = reverse("publish", args=["le-wip", 2022])
    response = browser.post(url, {"reason": "Une faute de frappe."}, follow=True)
    assert "(publication n° 2)" in response.content.decode()
    page = client.get(PUBLIC).content.decode()
    assert "&nbsp;2 du" in page
    assert "Une faute de frappe." in page
    again = browser.post(url, follow=True)
    assert "Seul un rapport transmis peut être publié." in again.content.decode()
    assert Publication.objects.count() == 2


def test_draft_is_not_published(le_wip, reviewer):
    with pytest.raises(NotAllowedNow):
        publishing.publish_report(report=le_wip, by=reviewer, url=URL)


def test_state_that_changes_meanwhile_stops_everything(submitted, reviewer):
    AnnualReport.objects.update(state=ReportState.RETURNED.value)
    with pytest.raises(NotAllowedNow, match="Seul un rapport transmis"):
        publishing.publish_report(report=submitted, by=reviewer, url=URL)
    assert not Publication.objects.exists()


def test_pdf_that_cannot_be_made_publishes_nothing(submitted, reviewer, signed_in, monkeypatch):
    def fail(*_args: object) -> bytes:
        raise PdfError("Le PDF n’a pas pu être fabriqué.")

    monkeypatch.setattr(publishing, "render_pdf", fail)
    url = reverse("publish", args=["le-wip", 2022])
    text = signed_in(reviewer).post(url, follow=True).content.decode()
    assert "Le PDF n’a pas pu être fabriqué." in text
    assert not Publication.objects.exists()
    submitted.refresh_from_db()
    assert submitted.state == ReportState.SUBMITTED


def test_draft_pdf_that_cannot_be_made_says_so(submitted, reviewer, signed_in, monkeypatch):
    monkeypatch.setattr(pdf._process, "_ask", lambda _request: None)
    response = signed_in(reviewer).get(reverse("draft_pdf", args=["le-wip", 2022]), follow=True)
    assert response.redirect_chain == [(reverse("check", args=["le-wip", 2022]), 302)]
    assert "Vos textes sont intacts" in response.content.decode()


def test_only_published_years_are_linked(published, client, edition):
    site = published.report.site
    AnnualReport.objects.create(site=site, year=2023, edition=edition)
    page = client.get(PUBLIC).content.decode()
    assert "Autres années" not in page
    assert client.get(reverse("public", args=["le-wip", 2023])).status_code == 404
    assert [row.report.year for row in queries.published_reports()] == [2022]


def test_public_pages_are_cacheable_and_private_ones_are_not(published, client, signed_in, manager):
    assert "public" in client.get(PUBLIC)["Cache-Control"]
    assert client.get(PUBLIC)["X-Robots-Tag"] == "noindex"
    private = signed_in(manager).get(reverse("year", args=["le-wip", 2022]))
    assert private["Cache-Control"] == "no-store"
    assert "default-src 'none'" in private["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in private["Content-Security-Policy"]


def test_demo_is_only_for_demonstrations(edition, settings, capsys):
    settings.DEMO = False
    call_command("load_demo")
    assert "DEMO=false" in capsys.readouterr().out
    assert not AnnualReport.objects.exists()


def test_demo_fills_an_empty_database_once(edition, client, capsys, settings):
    settings.DEMO = True
    call_command("load_demo")
    call_command("load_demo")
    assert "n’est pas chargée" in capsys.readouterr().out
    assert client.get(PUBLIC).status_code == 200
    login = {"login": "gestionnaire@effets.example", "password": "tiers-lieux"}
    response = client.post("/comptes/login/", login, follow=True)
    assert response.redirect_chain[-1][0] == reverse("home")
    assert "Il reste" in response.content.decode()
