"""Every list, form and preview asks the database as often for three things as for one."""

import pytest
from django.urls import reverse

from observations import queries
from observations.exchange.bilan import read_bilan
from observations.models import AnnualReport, Membership, Site
from observations.services import publishing, recording
from observations.services.importing import import_bilan
from tests.conftest import keep_every_passage
from tests.questionnaire import LE_WIP
from tests.test_admin import REGISTERED, change_url


def more_sites(manager, le_wip) -> None:
    """Two more sites with the same full report."""
    for slug in ("la-deux", "la-trois"):
        content = LE_WIP.read_bytes().replace(b'"le-wip"', f'"{slug}"'.encode())
        import_bilan(bilan=read_bilan(content))
        Membership.objects.create(user=manager, site=Site.objects.get(slug=slug))


def queries_of(django_assert_num_queries, count, act) -> None:
    with django_assert_num_queries(count):
        act()


PAGES = {
    "home": 13,
    "team": 10,
    "year": 21,
    "effect": 22,
    "scales": 5,
    "check": 23,
    "draft": 16,
}


def address(name: str) -> str:
    arguments = {"home": [], "team": [], "effect": ["le-wip", 2022, "lien-social"]}
    return reverse(name, args=arguments.get(name, ["le-wip", 2022]))


@pytest.mark.parametrize("name", PAGES)
def test_page_asks_a_constant_number_of_queries(
    name, django_assert_num_queries, signed_in, manager, reviewer, le_wip
):
    browser = signed_in(reviewer if name == "team" else manager)
    browser.get(address(name))
    with django_assert_num_queries(PAGES[name]):
        assert browser.get(address(name)).status_code == 200
    more_sites(manager, le_wip)
    with django_assert_num_queries(PAGES[name]):
        assert browser.get(address(name)).status_code == 200


def test_public_pages_ask_as_often_for_three_reports_as_for_one(
    django_assert_num_queries, client, le_wip, manager, reviewer
):
    def publish(report: AnnualReport) -> None:
        keep_every_passage(report)
        recording.submit_report(report=report, by=manager)
        report.refresh_from_db()
        publishing.publish_report(report=report, by=reviewer, url="https://effets.example/")

    publish(le_wip)
    # The page: which it is, and its tree, which a process asks for once and these tests each time.
    counts = {"/": 3, reverse("public", args=["le-wip", 2022]): 2, "/le-wip/2022/rapport.pdf": 1}

    def ask() -> None:
        for page, count in counts.items():
            client.get(page)
            with django_assert_num_queries(count):
                client.get(page)

    ask()
    more_sites(manager, le_wip)
    for report in AnnualReport.objects.select_related("site", "edition").exclude(pk=le_wip.pk):
        publish(report)
    ask()


def test_report_inputs_keep_their_word(django_assert_num_queries, le_wip):
    with django_assert_num_queries(12):
        queries.report_inputs(le_wip)
    with django_assert_num_queries(8):
        queries.edition_input(le_wip.edition)
    with django_assert_num_queries(3):
        queries.observation_of(le_wip, "sante")


@pytest.mark.parametrize("model", REGISTERED)
def test_admin_lists_ask_a_constant_number_of_queries(
    model, django_assert_max_num_queries, signed_in, boss, manager, le_wip
):
    browser = signed_in(boss)
    url = reverse(f"admin:observations_{model._meta.model_name}_changelist")
    browser.get(url)
    with django_assert_max_num_queries(14) as first:
        browser.get(url)
    more_sites(manager, le_wip)
    with django_assert_max_num_queries(len(first)):
        browser.get(url)


def test_admin_change_page_does_not_ask_for_each_row(
    django_assert_max_num_queries, signed_in, boss, le_wip
):
    browser = signed_in(boss)
    effect = le_wip.edition.effects.get(code="lien-social")
    browser.get(change_url(effect))
    with django_assert_max_num_queries(30) as first:
        browser.get(change_url(effect))
    for rank in range(3):
        effect.sentences.create(template="Ces {publics}.", passage=9, position=rank)
    with django_assert_max_num_queries(len(first)):
        browser.get(change_url(effect))


def test_flags_ask_as_often_for_three_as_for_one(
    django_assert_num_queries, signed_in, le_wip, manager, reviewer
):
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publication = publishing.publish_report(
        report=le_wip, by=reviewer, url="https://effets.example/"
    )
    browser = signed_in(reviewer)
    for words in ("Une phrase.", "Une autre.", "Une troisième."):
        publication.flags.create(place="sante/n0", quoted=words)
        with django_assert_num_queries(5):
            assert words in browser.get(reverse("flags")).content.decode()
