"""A report with its years side by side, questions of its own, and a site told what was added."""

import pytest
from playwright.sync_api import expect

from observations.exchange.bilan import read_bilan
from observations.models import AnnualReport, Effect
from observations.services.importing import import_bilan
from observations.services.publishing import publish_report
from observations.services.recording import submit_report
from tests.browser.test_pages import html_errors, violations
from tests.conftest import keep_every_passage
from tests.questionnaire import LE_WIP
from tests.test_own_questions import add_question, say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("/le-wip/2023/", "/lieux/le-wip/2022/", "/lieux/le-wip/2022/effets/sante/")


@pytest.fixture
def next_year(published, manager, reviewer) -> AnnualReport:
    """2023, published after 2022, which is given back."""
    add_question(Effect.objects.get(code="sante"), origin="site", site=published.site)
    add_question(Effect.objects.get(code="reseau"), origin="network")
    raw = LE_WIP.read_bytes().replace(b'"year": 2022', b'"year": 2023')
    import_bilan(bilan=read_bilan(raw), update=True)
    report = AnnualReport.objects.select_related("site", "edition").get(year=2023)
    say(report, "sante", manager, compost=("ateliers",))
    keep_every_passage(report)
    submit_report(report=report, by=manager)
    report.refresh_from_db()
    publish_report(report=report, by=reviewer, url="https://effets.example/le-wip/2023/")
    return report


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_years_and_own_questions_read_well_everywhere(
    scheme, next_year, manager, open_page, tmp_path
):
    page = open_page(manager, color_scheme=scheme)
    sources = {}
    for url in PAGES:
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            sources[url] = page.goto(url).text()
            assert violations(page) == [], url
            room = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert room <= 0, (url, width)
    page.goto(PAGES[0])
    assert page.locator(".series").count() == 2
    expect(page.get_by_text("Question propre au lieu")).to_be_visible()
    page.goto(PAGES[2])
    expect(page.get_by_role("note")).to_contain_text("Nouvelle question")
    assert html_errors(sources, tmp_path) == []
