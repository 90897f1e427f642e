"""The campaign of a year: who is where, by when, and who is reminded."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from observations import jobs, queries
from observations.enums import CampaignState, Role
from observations.exceptions import NotAllowedNow
from observations.models import AnnualReport, Membership, Reminder, Site
from observations.queries import CampaignFilter
from observations.services import campaign, recording, reviewing
from observations.services.privacy import decide_all
from observations.services.publishing import publish_report
from tests.conftest import as_read, person

HOME = "https://effets.example/mes-lieux/"


@pytest.fixture
def sites(le_wip, manager) -> dict[str, Site]:
    """Le WIP has filled its year; Arche has nothing; Halles opened later; Moulin closed before."""
    made = {
        slug: Site.objects.create(name=name, name_with_de=f"de {name}", slug=slug, **facts)
        for slug, name, facts in (
            ("arche", "Arche", {"city": "Caen", "postcode": "14000"}),
            ("halles", "Halles", {"opened_on": date(2023, 5, 1), "postcode": "20167"}),
            ("moulin", "Moulin", {"closed_on": date(2021, 5, 1)}),
        )
    }
    return made | {"le-wip": le_wip.site}


def stages(year: int = 2022, **wanted) -> dict[str, str]:
    rows = queries.campaign_sites(year, CampaignFilter(**wanted))
    return {site.slug: queries.stage_of(site).value for site in rows}


def test_each_state_in_the_order_of_the_work(sites, le_wip, manager, reviewer):
    assert stages() == {"arche": "not_started", "le-wip": "started"}
    assert stages(2023) == {
        "arche": "not_started",
        "halles": "not_started",
        "le-wip": "not_started",
    }
    recording.submit_report(report=le_wip, by=manager)
    assert stages()["le-wip"] == "submitted"
    le_wip.refresh_from_db()
    reviewing.mark_reviewed(report=le_wip, by=reviewer)
    assert stages()["le-wip"] == "reviewed"
    reviewing.return_report(report=le_wip, by=reviewer, reason="À compléter.")
    assert stages()["le-wip"] == "returned"
    le_wip.refresh_from_db()
    recording.submit_report(report=le_wip, by=manager)
    assert stages()["le-wip"] == "submitted"  # the new round is not read yet
    le_wip.refresh_from_db()
    decide_all(report=le_wip, by=manager)
    publish_report(report=le_wip, by=reviewer, url=HOME)
    assert stages()["le-wip"] == "published"
    counts = queries.campaign_counts(2022)
    assert list(counts) == list(CampaignState)
    assert counts[CampaignState.PUBLISHED] == counts[CampaignState.NOT_STARTED] == 1


def test_a_year_that_was_only_opened_is_not_begun(sites):
    recording.open_year(site=sites["arche"], year=2022)
    (site,) = queries.campaign_sites(2022, CampaignFilter(words="arche"))
    assert queries.stage_of(site) is CampaignState.NOT_STARTED
    assert (site.recorded, site.asked) == (0, 12)


def test_filters_and_orders(sites, le_wip):
    assert list(stages(words="caen")) == ["arche"]
    assert list(stages(words="14460 wip")) == ["le-wip"]
    assert list(stages(department="14")) == ["arche", "le-wip"]
    assert list(stages(2023, department="2A")) == ["halles"]
    assert list(stages(state=CampaignState.STARTED)) == ["le-wip"]
    assert list(stages(is_awaited=True)) == ["arche", "le-wip"]
    assert list(stages(sort="progression")) == ["arche", "le-wip"]
    assert list(stages(sort="etat")) == ["arche", "le-wip"]
    assert queries.campaign_departments(2023) == ["14", "2A"]


def test_board_shows_filters_and_keeps_its_queries(
    sites, le_wip, signed_in, reviewer, django_assert_num_queries
):
    browser = signed_in(reviewer)
    url = reverse("team_year", args=[2022])
    browser.get(url)
    with django_assert_num_queries(10):
        page = as_read(browser.get(url).content)
    assert "0 rapport publié sur 2 lieux" in page
    assert " sur 12" in page
    for rank in range(120):
        site = Site.objects.create(name=f"Lieu {rank}", name_with_de="de", slug=f"lieu-{rank}")
        AnnualReport.objects.create(site=site, year=2022, edition=le_wip.edition)
    with django_assert_num_queries(10):
        page = browser.get(url).content.decode()
    assert "Page 1 sur 3" in page
    found = browser.get(url, {"q": "Lieu 119", "etat": "x", "tri": "x", "departement": "x"})
    assert "1 lieu." in found.content.decode()
    assert "Aucun lieu ne correspond" in browser.get(url, {"q": "zzz"}).content.decode()
    late = browser.get(url, {"attendus": "1", "page": "99"}).content.decode()
    assert "Page 3 sur 3" in late


def test_board_of_an_empty_network(signed_in, reviewer):
    page = signed_in(reviewer).get(reverse("team")).content.decode()
    assert "Aucun lieu n’est encore inscrit" in page


def test_deadline_is_kept_and_says_who_is_late(sites, signed_in, reviewer):
    browser = signed_in(reviewer)
    url = reverse("deadline", args=[2022])
    told = browser.post(url, {"due_on": "2023-03-31"}, follow=True).content.decode()
    assert queries.deadline_of(2022) == date(2023, 3, 31)
    assert "2 lieux en retard" in told
    for wrong in ("31 mars", "2023-02-31"):
        told = browser.post(url, {"due_on": wrong}, follow=True).content.decode()
        assert "n’a pas été comprise" in told
    later = timezone.localdate() + timedelta(days=9)
    told = as_read(browser.post(url, {"due_on": later.isoformat()}, follow=True).content)
    assert "2 lieux n’ont pas encore transmis" in told
    browser.post(url, {"due_on": ""})
    assert queries.deadline_of(2022) is None


def test_reminder_is_shown_then_sent_once_a_day(sites, signed_in, reviewer, manager, le_wip):
    campaign.set_deadline(year=2022, due_on=date(2023, 3, 31))
    guest = person("guest")
    Membership.objects.create(user=guest, site=le_wip.site, role=Role.READER.value)
    gone = person("gone")
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.create(user=gone, site=le_wip.site, ends_on=yesterday)
    browser = signed_in(reviewer)
    url = reverse("reminders", args=[2022])
    page = browser.get(url).content.decode()
    assert "Il était attendu pour le 31 mars 2023." in page
    assert manager.email in page
    assert "Sans gestionnaire" in page  # Arche
    assert not mail.outbox
    sent = {"sites": ["le-wip", "arche"], "message": "Un café, si vous voulez."}
    told = browser.post(url, sent, follow=True).content.decode()
    assert "1 lieu relancé" in told
    assert jobs.do_next("first")
    assert not jobs.do_next("second")
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == ([manager.email], [reviewer.email])
    assert "Un café, si vous voulez." in message.body
    assert HOME in message.body
    again = browser.post(url, sent, follow=True).content.decode()
    assert "Personne à relancer" in again
    assert "Déjà relancés aujourd’hui" in browser.get(url).content.decode()
    (row,) = queries.recipients(2022, timezone.localdate(), "le-wip")
    assert row.is_done
    Reminder.objects.update(sent_on=yesterday)  # the next day
    browser.post(url, sent)
    jobs.do_next("first")
    assert len(mail.outbox) == 2
    assert Reminder.objects.count() == 2
    board = browser.get(reverse("team_year", args=[2022])).content.decode()
    assert "Relancer" in board


def test_who_has_handed_in_is_not_reminded(sites, le_wip, manager, reviewer):
    recording.submit_report(report=le_wip, by=manager)
    rows = queries.recipients(2022, timezone.localdate())
    assert [row.site.slug for row in rows] == ["arche"]
    with pytest.raises(NotAllowedNow):
        campaign.ask_reminders(rows=rows, year=2022, message="", url=HOME, by=reviewer)


def test_two_people_asking_at_once_send_one_mail(sites, reviewer):
    rows = queries.recipients(2022, timezone.localdate(), "le-wip")
    campaign.ask_reminders(rows=rows, year=2022, message="", url=HOME, by=reviewer)
    with pytest.raises(NotAllowedNow):  # read before the other had written
        campaign.ask_reminders(rows=rows, year=2022, message="", url=HOME, by=reviewer)
    assert campaign.send_waiting_reminders() == 1


def test_mail_that_does_not_leave_is_said_and_not_tried_for_ever(sites, reviewer, monkeypatch):
    rows = queries.recipients(2022, timezone.localdate(), "le-wip")
    campaign.ask_reminders(rows=rows, year=2022, message="", url=HOME, by=reviewer)

    def refuse(*args, **rest):
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert campaign.send_waiting_reminders() == 0
    reminder = Reminder.objects.get()
    assert "n’est pas parti" in reminder.error
    assert reminder.sent_at is None
    assert campaign.send_waiting_reminders() == 0


def test_future_deadline_is_told_in_the_future(sites, le_wip):
    soon = timezone.localdate() + timedelta(days=30)
    assert "Il est attendu pour le" in campaign.reminder_text(le_wip.site, 2022, soon, "", HOME)
    assert "attendu" not in campaign.reminder_text(le_wip.site, 2022, None, "", HOME)


def test_reminder_that_another_worker_is_sending_is_left_to_it(sites, reviewer, monkeypatch):
    rows = queries.recipients(2022, timezone.localdate(), "le-wip")
    campaign.ask_reminders(rows=rows, year=2022, message="", url=HOME, by=reviewer)

    now = timezone.now()

    def lose():
        Reminder.objects.update(sent_at=now)
        return now

    monkeypatch.setattr(campaign.timezone, "now", lose)
    assert campaign.send_waiting_reminders() == 0
    assert not mail.outbox
