"""Who works where is decided by one rule, whoever acts, however a key is spelt, two at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from observations.enums import Role
from observations.exceptions import NotAllowedNow
from observations.models import Membership, Site, User
from observations.services import memberships
from tests.conftest import person
from tests.server import IS_POSTGRES, wait_for
from tests.test_members import link

NEW = "nouvelle@effets.example"
KEPT = "garde au moins un ou une gestionnaire"


def has_active_manager(site: Site) -> bool:
    managers = Membership.objects.current().filter(site=site, role="manager", user__is_active=True)
    return managers.exists()


def invited(site: Site, email: str, role: Role = Role.READER) -> str:
    by = User.objects.get(name="manager")
    memberships.invite(site=site, email=email, role=role, by=by, key=uuid4())
    return link()


def formset(rows: list[Membership], **changes: object) -> dict[str, object]:
    data: dict[str, object] = {
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": len(rows),
    }
    for rank, row in enumerate(rows):
        fields = {"id": row.pk, "user": row.user_id, "site": row.site_id, "role": row.role}
        fields |= changes
        data |= {f"memberships-{rank}-{name}": value for name, value in fields.items()}
    return data


class Admin:
    """What an admin can send; `spelt` writes the key of the row in each address and field."""

    def __init__(self, browser: Client, spelt: Callable[[int], str] = str) -> None:
        self.browser, self.spelt = browser, spelt

    def _post(self, model: str, row: Site | User, act: str, data: dict[str, object]):
        # Not by `reverse`, which would write the key another way.
        key = quote(self.spelt(row.pk))
        return self.browser.post(f"/admin/observations/{model}/{key}/{act}/", data, follow=True)

    def change_site(self, site: Site, **changes: object):
        data = {"name": site.name, "name_with_de": site.name_with_de, "slug": site.slug}
        data |= {"inclusive_writing": site.inclusive_writing}
        data |= formset(list(site.memberships.all()), **changes)
        return self._post("site", site, "change", data)

    def change_person(self, user: User, active: str = "on", email: str = "", **changes: object):
        data = {"email": email or user.email, "name": "Un nom changé"}
        data |= {"is_active": "on"} if active else {}
        data |= {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
        data |= formset(list(user.memberships.all()), **changes)
        return self._post("user", user, "change", data)

    def delete(self, user: User):
        return self._post("user", user, "delete", {"post": "yes"})

    def delete_from_the_list(self, user: User, **more: str):
        data = {"action": "delete_selected", "_selected_action": [self.spelt(user.pk)]}
        return self._act_on_the_list(data | {"post": "yes"} | more)

    def delete_all_from_the_list(self, user: User):
        """One row is named, and « select all » deletes whoever is searched for."""
        data = {"action": "delete_selected", "_selected_action": [self.spelt(user.pk + 1000)]}
        return self._act_on_the_list(data | {"post": "yes", "select_across": "1"}, q=user.email)

    def _act_on_the_list(self, data: dict[str, object], **asked: str):
        url = reverse("admin:observations_user_changelist", query=asked)
        return self.browser.post(url, data, follow=True)


def elsewhere() -> int:
    known, _ = Site.objects.get_or_create(name="Z", name_with_de="de Z", slug="z")
    return known.pk


ACTS = {
    "role, on the site": lambda admin, _, site: admin.change_site(site, role="reader"),
    "date, on the site": lambda admin, _, site: admin.change_site(site, ends_on="31/12/2099"),
    "removal, on the site": lambda admin, _, site: admin.change_site(site, DELETE="on"),
    "role, on the person": lambda admin, who, _: admin.change_person(who, role="contributor"),
    "date, on the person": lambda admin, who, _: admin.change_person(who, ends_on="01/01/2020"),
    "removal, on the person": lambda admin, who, _: admin.change_person(who, DELETE="on"),
    "move, on the person": lambda admin, who, _: admin.change_person(who, site=elsewhere()),
    "deactivation of the person": lambda admin, who, _: admin.change_person(who, active=""),
    "deletion": lambda admin, who, _: admin.delete(who),
    "deletion from the list": lambda admin, who, _: admin.delete_from_the_list(who),
    "deletion of all from the list": lambda admin, who, _: admin.delete_all_from_the_list(who),
}

# All are read as the number: by Python, or first by Django's admin, which has escapes of its own.
NUMBERS: list[Callable[[int], str]] = [
    str,
    lambda key: f" {key}",
    lambda key: f"{key}\t",
    lambda key: f"\N{NO-BREAK SPACE}{key}",
    lambda key: f"+{key}",
    lambda key: f"0{key}",
    lambda key: "".join(chr(ord("\N{FULLWIDTH DIGIT ZERO}") + int(digit)) for digit in str(key)),
]
ESCAPES: list[Callable[[int], str]] = [
    lambda key: f"_0A{key}",
    lambda key: f"_2B{key}",
    lambda key: f"0_5F{key}",
]
NOBODYS: list[Callable[[int], str]] = [lambda key: f"_3{key}", lambda key: f"{key}.0"]


@pytest.mark.parametrize("act", ACTS)
def test_no_act_of_an_admin_leaves_a_site_without_an_active_manager(
    act, signed_in, boss, manager, le_wip
):
    browser = signed_in(boss)
    for spelt in NUMBERS if "list" in act else NUMBERS + ESCAPES + NOBODYS:
        page = ACTS[act](Admin(browser, spelt), manager, le_wip.site).content.decode()
        assert has_active_manager(le_wip.site), spelt(manager.pk)
        assert (KEPT in page) is (spelt not in NOBODYS), spelt(manager.pk)
        assert "succès" not in page
        if "person" in act and KEPT in page:
            assert 'value="Un nom changé"' in page  # what was typed is still there
    manager.refresh_from_db()
    assert manager.is_active
    assert list(manager.memberships.values_list("role", "ends_on")) == [("manager", None)]
    other = person("releve")
    Membership.objects.create(user=other, site=le_wip.site)
    if "site" not in act:  # whose page changes both members
        answer = ACTS[act](Admin(browser), manager, le_wip.site)
        assert KEPT not in answer.content.decode()
        assert not manager.memberships.filter(
            site=le_wip.site, role="manager", ends_on=None, user__is_active=True
        ).exists()


def leave(browser: Client) -> str:
    return browser.post("/lieux/le-wip/quitter/", follow=True).content.decode()


def test_deactivated_manager_counts_for_nobody(signed_in, manager, colleague):
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert KEPT in leave(signed_in(manager))


def test_refusal_says_what_the_site_had(signed_in, manager):
    browser = signed_in(manager)
    assert f"{KEPT} sans date de fin (Le WIP)" in leave(browser)
    Membership.objects.update(ends_on=timezone.localdate() + timedelta(days=30))
    page = leave(browser)
    assert f"{KEPT} (Le WIP)" in page
    assert "date de fin" not in page


# --- what is decided now beats an invitation sent before


def works(url: str) -> bool:
    return Client().get(url).status_code == 200


def test_invitation_of_an_account_that_ends_is_spent(signed_in, boss, manager, le_wip, stranger):
    url = invited(le_wip.site, stranger.email)
    stranger.memberships.all().delete()
    Admin(signed_in(boss)).delete(stranger)
    assert not User.objects.filter(pk=stranger.pk).exists()
    assert not works(url)


@pytest.mark.parametrize("typed", ["stranger@effets.example", "Stranger@EFFETS.example"])
def test_invitation_to_the_former_address_is_spent_however_it_was_typed(
    typed, signed_in, boss, manager, le_wip, stranger
):
    former, own_site = invited(le_wip.site, typed), invited(stranger.memberships.get().site, NEW)
    other = invited(le_wip.site, "autre@effets.example")
    Admin(signed_in(boss)).change_person(stranger, email=NEW)
    stranger.refresh_from_db()
    assert stranger.email == NEW
    assert (works(former), works(own_site), works(other)) == (False, False, True)


def test_person_added_by_an_admin_is_decided_over(signed_in, boss, manager, le_wip):
    """Whatever was decided, that their time is over included."""
    here, there = invited(le_wip.site, NEW.title()), invited(Site.objects.get(pk=elsewhere()), NEW)
    words = {"password1": "une phrase bien longue", "password2": "une phrase bien longue"}
    data = {"email": NEW, "name": "Neuve", "usable_password": "true"} | words
    data |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    data |= {"memberships-0-site": le_wip.site.pk, "memberships-0-role": "reader"}
    data |= {"memberships-0-ends_on": "01/01/2020"}
    signed_in(boss).post(reverse("admin:observations_user_add"), data)
    assert Membership.objects.filter(user__email=NEW, site=le_wip.site).exists()
    assert (works(here), works(there)) == (False, True)


def test_what_nobody_decided_over_stays(signed_in, boss, manager, colleague, le_wip, stranger):
    """A site gained on a person's page has its other people, and their invitations."""
    memberships.end_membership(membership=colleague.memberships.get())
    theirs = invited(le_wip.site, colleague.email)
    own = stranger.memberships.get()
    data = {"email": stranger.email, "name": stranger.name, "is_active": "on"}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    data |= formset([own]) | {"memberships-TOTAL_FORMS": 2, "memberships-1-user": stranger.pk}
    data |= {"memberships-1-site": le_wip.site.pk, "memberships-1-role": "reader"}
    signed_in(boss).post(f"/admin/observations/user/{stranger.pk}/change/", data)
    assert Membership.objects.filter(user=stranger, site=le_wip.site).exists()
    assert works(theirs)


def test_a_thousand_people_are_deleted_at_once(signed_in, boss, manager, le_wip):
    url = invited(le_wip.site, "p999@effets.example")
    people = [User(email=f"p{rank}@effets.example", name="Lot") for rank in range(1200)]
    User.objects.bulk_create(people)
    data = {"action": "delete_selected", "_selected_action": ["1"], "select_across": "1"}
    url_of_list = reverse("admin:observations_user_changelist", query={"q": "Lot"})
    signed_in(boss).post(url_of_list, data | {"post": "yes"})
    assert not User.objects.filter(name="Lot").exists()
    assert not works(url)


# --- two at once

only_postgres = pytest.mark.skipif(not IS_POSTGRES, reason="SQLite lets one write at a time")


def test_what_is_decided_before_the_lock_is_seen(manager, le_wip, stranger, monkeypatch):
    """A site without a manager is given its first one, while an admin's act on them waits."""
    site, lock = le_wip.site, memberships._lock_sites
    Membership.objects.create(user=person("releve"), site=stranger.memberships.get().site)
    Membership.objects.filter(site=site).delete()

    def meanwhile(*of: int) -> None:
        monkeypatch.setattr(memberships, "_lock_sites", lock)
        make_only_manager(stranger, site)
        lock(*of)

    monkeypatch.setattr(memberships, "_lock_sites", meanwhile)
    with pytest.raises(NotAllowedNow, match=KEPT), memberships.deciding_members():
        User.objects.filter(pk=stranger.pk).update(is_active=False)
    stranger.refresh_from_db()
    assert stranger.is_active


def make_only_manager(user: User, site: Site, *others: User) -> None:
    token = invited(site, user.email, Role.MANAGER).split("/")[2]
    memberships.accept_invitation(token=token, user=user)
    for other in others:
        memberships.end_membership(membership=other.memberships.get(site=site))


def in_its_own_connection(act: Callable[[], object]) -> object:
    try:
        return act()
    finally:
        connections.close_all()


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None


@only_postgres
@pytest.mark.django_db(transaction=True)
def test_two_acts_at_once_leave_a_manager(manager, colleague, le_wip, stranger, boss, signed_in):
    Membership.objects.create(user=person("releve"), site=stranger.memberships.get().site)
    admin = Admin(signed_in(boss))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make_only_manager(stranger, le_wip.site, manager, colleague)
            act = pool.submit(
                in_its_own_connection, lambda: admin.change_person(stranger, active="")
            )
            wait_for(lambda: act.done() or somebody_waits_for_a_lock())
        page = act.result(timeout=10).content.decode()
    assert has_active_manager(le_wip.site)
    assert KEPT in page


@only_postgres
@pytest.mark.django_db(transaction=True)
def test_site_made_while_one_waits_is_locked_too(manager, le_wip):
    entered, is_over = Event(), Event()

    def decide() -> None:
        with memberships.deciding_members():
            entered.set()
            is_over.wait(10)

    with ThreadPoolExecutor(1) as pool:
        with memberships.deciding_members():
            act = pool.submit(in_its_own_connection, decide)
            wait_for(lambda: entered.is_set() or somebody_waits_for_a_lock())
            assert not entered.is_set()
            made = elsewhere()
        assert entered.wait(10)
        with pytest.raises(DatabaseError), transaction.atomic():
            Site.objects.select_for_update(nowait=True).get(pk=made)
        is_over.set()
        act.result(timeout=10)
