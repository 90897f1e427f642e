"""An account belongs to whoever proved its address; what an admin or its owner changes moves it whole."""

import re
import time
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_test_migrations.migrator import Migrator

from observations.enums import Role
from observations.exceptions import NotAllowedNow
from observations.models import Membership, Site, User
from observations.services import accounts, memberships
from tests.conftest import PASSWORD
from tests.test_members import totp_code

ADDRESS = "/comptes/email/"
CONFIRM = "/comptes/confirm-email/"
FREE = "future@effets.example"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def unproved(db) -> User:
    """An admin gave this account and its password; nobody has shown that the address is theirs."""
    return User.objects.create_user(FREE, PASSWORD, name="Lou")


def sign_in(email: str, password: str = PASSWORD) -> Client:
    browser = Client()
    browser.post("/comptes/login/", {"login": email, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/comptes/2fa/").status_code == 200


def code() -> str:
    (found,) = re.findall(r"^\s*([A-Z0-9-]{6,})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    return found


def sign_in_by_code(email: str) -> Client:
    browser = Client()
    browser.post("/comptes/login/code/", {"email": email})
    browser.post("/comptes/login/code/confirm/", {"code": code()})
    return browser


def invited(site, email: str, by: User) -> str:
    memberships.invite(site=site, email=email, role=Role.READER, by=by, key=uuid4())
    (link,) = re.findall(r"(/invitation/[\w-]+/)", str(mail.outbox[-1].body))
    return link


def test_address_of_somebody_else_brings_nothing(le_wip, stranger, manager, client):
    attacker = sign_in(stranger.email)
    for act in ("action_add", "action_primary", "action_send"):
        attacker.post(ADDRESS, {"email": FREE, act: ""})
    stranger.refresh_from_db()
    assert stranger.email == "stranger@effets.example"
    link = invited(le_wip.site, FREE, manager)
    assert "avec une autre adresse" in attacker.get(link).content.decode()
    assert "Créer mon compte" in client.get(link).content.decode()
    client.post(link, {"name": "Lou", "password": "une phrase bien longue"})
    assert attacker.get("/lieux/le-wip/2022/").status_code == 404
    assert is_in(sign_in(FREE, "une phrase bien longue"))


def answers_to(path: str, form: dict, browser: Client) -> tuple:
    cache.clear()
    first = browser.post(path, form)
    page = browser.get(first.get("Location", path)).content.decode()
    page = re.sub(r'[\w.-]+@[\w.-]+|name="csrfmiddlewaretoken" value="\w+"', "", page)
    return first.status_code, first.get("Location"), page, len(mail.outbox)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (ADDRESS, "email"),
        ("/comptes/login/", "login"),
        ("/comptes/login/code/", "email"),
        ("/comptes/password/reset/", "email"),
        ("/comptes/signup/", "email"),
    ],
)
def test_nothing_tells_whether_an_address_has_an_account(path, field, stranger, manager):
    found = []
    for address in (manager.email, FREE):
        mail.outbox.clear()
        browser = sign_in(stranger.email) if path == ADDRESS else Client()
        form = {field: address, "password": "faux", "action_add": "", "name": "x"}
        found.append(answers_to(path, form, browser))
    assert found[0] == found[1]


def test_owner_changes_address_by_the_code(manager):
    here, elsewhere = sign_in(manager.email), sign_in(manager.email)
    page = here.get(ADDRESS).content.decode()
    assert "confirmée" in page
    answer = here.post(ADDRESS, {"email": FREE, "action_add": ""}, follow=True)
    assert f"vient de partir vers {FREE}" in answer.content.decode()
    assert mail.outbox[-1].to == [FREE]
    assert "ABCDEF" not in code()
    assert here.post(CONFIRM, {"code": "AAA-AAA"}).status_code == 200
    manager.refresh_from_db()
    assert manager.email == "manager@effets.example"
    done = here.post(CONFIRM, {"code": code()}, follow=True).content.decode()
    assert f"L’adresse {FREE} est confirmée." in done
    manager.refresh_from_db()
    assert manager.email == FREE
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        (FREE, True, True)
    ]
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert not is_in(sign_in("manager@effets.example"))
    assert is_in(sign_in(FREE))
    told = mail.outbox[-1]
    assert (told.to, "L’ancienne n’ouvre plus rien" in str(told.body)) == (
        ["manager@effets.example"],
        True,
    )


def test_invitations_to_the_address_that_its_owner_left_are_spent(le_wip, manager, stranger):
    former = invited(le_wip.site, stranger.email.title(), manager)
    other = invited(le_wip.site, "autre@effets.example", manager)
    browser = sign_in(stranger.email)
    browser.post(ADDRESS, {"email": FREE, "action_add": ""})
    assert Client().get(former).status_code == 200
    browser.post(CONFIRM, {"code": code()})
    stranger.refresh_from_db()
    assert stranger.email == FREE
    assert [Client().get(link).status_code for link in (former, other)] == [410, 200]


def test_second_click_leads_to_the_code_that_was_sent(le_wip, manager, unproved):
    link = invited(le_wip.site, FREE, manager)
    mail.outbox.clear()
    here, elsewhere = sign_in(FREE), sign_in(FREE)
    assert here.post(ADDRESS, {"email": FREE, "action_send": ""})["Location"] == CONFIRM
    again = here.post(ADDRESS, {"email": FREE, "action_send": ""})
    assert (again.status_code, again["Location"]) == (302, CONFIRM)
    page = here.get(CONFIRM).content.decode()
    assert "Un code est déjà parti" in page
    assert here.post(link)["Location"] == f"{CONFIRM}?next={link}"
    # Another browser asked for it: nothing can be typed here.
    for asked, form in ((ADDRESS, {"email": FREE, "action_send": ""}), (link, {})):
        page = elsewhere.post(asked, form, follow=True)
        assert page.redirect_chain == [(asked, 302)]
        assert "Un code est déjà parti" in page.content.decode()
    assert len(mail.outbox) == 1
    assert here.post(CONFIRM, {"code": code(), "next": link})["Location"] == link


def test_too_many_asks_elsewhere_stay_a_page(manager):
    browser = sign_in(manager.email)
    form = {"email": FREE, "action_add": ""}
    browser.post(ADDRESS, form)
    for _ in range(11):
        answer = browser.post("/comptes/reauthenticate/", {"password": "faux"})
    assert answer.status_code == 429
    assert "Cela vient d’être demandé" in answer.content.decode()


def test_mailbox_of_another_account_changes_nothing(manager, stranger):
    browser = sign_in(stranger.email)
    browser.post(ADDRESS, {"email": manager.email, "action_add": ""})
    EmailAddress.objects.filter(user=manager).delete()  # as an account from before has none
    page = browser.post(CONFIRM, {"code": code()}, follow=True).content.decode()
    assert "Un autre utilisateur utilise déjà cette adresse" in page
    stranger.refresh_from_db()
    assert stranger.email == "stranger@effets.example"


def test_invitation_waits_for_a_proved_address(le_wip, manager, unproved):
    link = invited(le_wip.site, FREE, manager)
    browser, elsewhere = sign_in(FREE), sign_in(FREE)
    asked = browser.post(link)
    assert asked["Location"] == f"{CONFIRM}?next={link}"
    assert not Membership.objects.filter(user=unproved).exists()
    with pytest.raises(NotAllowedNow, match="Confirmez d’abord"):
        memberships.accept_invitation(token=link.split("/")[2], user=unproved)
    page = browser.get(asked["Location"]).content.decode()
    assert f'name="next" value="{link}"' in page
    assert browser.post(CONFIRM, {"code": code(), "next": link})["Location"] == link
    assert "Bienvenue" in browser.post(link, follow=True).content.decode()
    assert browser.get("/lieux/le-wip/2022/").status_code == 200
    assert not is_in(elsewhere)
    assert is_in(sign_in(FREE))  # who proved it from inside keeps the password


def test_claiming_by_a_code_ends_what_opened_the_account_before(unproved):
    before = sign_in(FREE)
    TOTP.activate(unproved, SECRET)
    half_way = sign_in(FREE)
    owner = sign_in_by_code(FREE)
    assert "ce qui ouvrait ce compte avant" in owner.get("/mes-lieux/").content.decode()
    assert not is_in(before)
    half_way.post("/comptes/2fa/authenticate/", {"code": totp_code(SECRET)})
    assert not is_in(half_way)
    assert not is_in(sign_in(FREE))
    assert not Authenticator.objects.exists()
    assert accounts.is_proved(unproved)
    again = sign_in_by_code(FREE)
    assert "avant ne l’ouvre" not in again.get("/mes-lieux/").content.decode()
    assert is_in(owner)


def test_mailbox_alone_takes_no_second_factor_away_from_staff(unproved):
    User.objects.update(in_network_team=True)
    TOTP.activate(unproved, SECRET)
    half_way = sign_in(FREE)
    browser = sign_in_by_code(FREE)
    assert not is_in(browser)
    half_way.post("/comptes/2fa/authenticate/", {"code": totp_code(SECRET)})
    assert not is_in(half_way)  # whoever knew the password before
    browser.post("/comptes/2fa/authenticate/", {"code": totp_code(SECRET)})
    assert browser.get("/equipe/").status_code == 200


def test_claiming_by_a_new_password_keeps_it(unproved, manager):
    before, proved = sign_in(FREE), sign_in(manager.email)
    for address, browser in ((FREE, before), (manager.email, proved)):
        cache.clear()
        client = Client()
        client.post("/comptes/password/reset/", {"email": address})
        (link,) = re.findall(
            r"https?://[^/]+(/comptes/password/reset/key/\S+)", mail.outbox[-1].body
        )
        chosen = {"password1": "une autre phrase longue", "password2": "une autre phrase longue"}
        assert client.post(client.get(link)["Location"], chosen).status_code == 302
        assert not is_in(browser)
        assert is_in(sign_in(address, "une autre phrase longue"))
    assert accounts.is_proved(unproved)


# --- whoever knows a first password has nothing of the account before its owner


FIRST = "Confirmez d’abord"


def test_given_address_is_proved_before_it_changes(unproved):
    thief = sign_in(FREE)
    page = thief.get(ADDRESS).content.decode()
    assert FIRST in page
    assert 'name="action_send"' in page
    assert 'name="action_add"' not in page
    mail.outbox.clear()
    refused = thief.post(ADDRESS, {"email": "voleur@effets.example", "action_add": ""})
    assert refused.status_code == 200
    assert FIRST in refused.content.decode()
    for act in ("action_remove", "action_primary"):
        thief.post(ADDRESS, {"email": FREE, act: ""})
    assert mail.outbox == []
    unproved.refresh_from_db()
    assert unproved.email == FREE
    owner = sign_in_by_code(FREE)
    assert (is_in(owner), is_in(thief)) == (True, False)
    owner.post(ADDRESS, {"email": "ailleurs@effets.example", "action_add": ""})
    assert mail.outbox[-1].to == ["ailleurs@effets.example"]


@pytest.mark.parametrize("has_row", [True, False])
@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_second_factor_waits_for_the_first_proof(name, has_row, unproved):
    """Or it would stay with whoever added it, when the owner comes."""
    thief = sign_in(FREE)
    accounts.address_of(unproved)
    if not has_row:
        EmailAddress.objects.all().delete()
    for ask in (thief.get, thief.post):
        answer = ask(reverse(name), follow=True)
        assert answer.redirect_chain == [("/comptes/2fa/", 302)]
        assert FIRST in answer.content.decode()
    owner = sign_in_by_code(FREE)
    assert owner.get(reverse(name)).get("Location") != "/comptes/2fa/"


@pytest.fixture
def admin(signed_in, boss):
    return signed_in(boss)


def change_in_admin(admin, user: User, **changes: str):
    url = reverse("admin:observations_user_change", args=[user.pk])
    form = admin.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if name != "password"}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    data |= {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    for prefix in ("memberships",):
        rows = list(user.memberships.all())
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for rank, row in enumerate(rows):
            data |= {f"{prefix}-{rank}-{name}": getattr(row, name) for name in ("id", "role")}
            data |= {f"{prefix}-{rank}-user": user.pk, f"{prefix}-{rank}-site": row.site_id}
    data = {k: v for k, v in (data | changes).items() if v != ""}
    return admin.post(url, data, follow=True)


def test_admin_moves_an_account_whole(admin, manager, le_wip, colleague):
    before, half_way = sign_in(manager.email), Client()
    half_way.post("/comptes/login/code/", {"email": manager.email})
    sent = code()
    elsewhere = Site.objects.create(name="Z", name_with_de="de Z", slug="z")
    other = invited(elsewhere, manager.email, colleague)
    page = change_in_admin(admin, manager, email="Nouvelle@Effets.example").content.decode()
    assert "modifié" in page, page
    assert list(
        EmailAddress.objects.filter(user=manager).values_list("email", "verified", "primary")
    ) == [("nouvelle@effets.example", True, True)]
    half_way.post("/comptes/login/code/confirm/", {"code": sent})
    assert (is_in(before), is_in(half_way)) == (False, False)
    assert not is_in(sign_in("manager@effets.example"))
    cache.clear()
    Client().post("/comptes/login/code/", {"email": "manager@effets.example"})
    assert "n’y est pas connue" in str(mail.outbox[-1].body)
    assert is_in(sign_in("NOUVELLE@effets.example"))
    assert admin.get("/admin/").status_code == 200
    assert Client().get(other).status_code == 410


def test_account_that_an_admin_makes_is_not_proved(admin):
    data = {"email": "Neuve@effets.example", "name": "Neuve", "usable_password": "true"}
    data |= {"password1": "une phrase bien longue", "password2": "une phrase bien longue"}
    data |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    admin.post(reverse("admin:observations_user_add"), data)
    user = User.objects.get(email="neuve@effets.example")
    assert EmailAddress.objects.get(user=user).verified is False
    assert is_in(sign_in(user.email, "une phrase bien longue"))


def test_staff_whose_address_is_not_proved_have_a_way_out(unproved, settings):
    settings.MFA_REQUIRED = True
    User.objects.update(in_network_team=True)
    EmailAddress.objects.create(user=unproved, email=FREE, primary=True)
    browser = sign_in(FREE)
    page = browser.get("/comptes/2fa/totp/activate/", follow=True).content.decode()
    assert "Confirmez d’abord votre adresse" in page
    assert ADDRESS in page
    assert "Confirmer cette adresse" in browser.get(ADDRESS).content.decode()
    browser.post(ADDRESS, {"email": FREE, "action_send": ""})
    assert browser.post(CONFIRM, {"code": code()}).status_code == 302
    shown = browser.get("/comptes/2fa/totp/activate/", follow=True)
    assert "<svg" in shown.content.decode() or "reauthenticate" in shown.redirect_chain[0][0]


def test_phone_half_a_minute_late_is_read(client, reviewer):
    TOTP.activate(reviewer, SECRET)
    client.post("/comptes/login/", {"login": reviewer.email, "password": PASSWORD})
    before = int(time.time()) // 30 - 1
    client.post(
        "/comptes/2fa/authenticate/", {"code": format_hotp_value(hotp_value(SECRET, before))}
    )
    assert client.get("/equipe/").status_code == 200


def test_superuser_of_the_command_line_is_proved(db):
    assert accounts.is_proved(
        User.objects.create_superuser("root@effets.example", PASSWORD, name="R")
    )


@pytest.mark.django_db(transaction=True)
def test_upgrade_keeps_one_address_each():
    migrator = Migrator()
    old = migrator.apply_initial_migration(
        [
            ("observations", "0001_squashed_0011"),
            ("account", "0009_emailaddress_unique_primary_email"),
        ]
    ).apps
    people = old.get_model("observations", "User").objects
    addresses = old.get_model("account", "EmailAddress").objects
    _, moved, joined, visited, capital, other = (
        people.create(email=f"{name}@effets.example")
        for name in ("Given", "moved", "joined", "visited", "CAPITAL", "other")
    )
    addresses.create(user=moved, email="moved@effets.example")
    addresses.create(user=moved, email="before@effets.example", verified=True, primary=True)
    addresses.create(user=joined, email="joined@effets.example", verified=True, primary=True)
    # As their page wrote it when they opened it, or as they typed it: nothing tells which.
    addresses.create(user=visited, email="visited@effets.example")
    addresses.create(user=capital, email="capital@effets.example")
    addresses.create(user=capital, email="Capital@effets.example", verified=True, primary=True)
    addresses.create(user=other, email="Other@effets.example", verified=True, primary=True)
    people.create(email="Accent@École.example")
    new = migrator.apply_tested_migration(("observations", "0012_one_address")).apps
    rows = new.get_model("account", "EmailAddress").objects.order_by("email")
    assert list(rows.values_list("user__email", "email", "verified", "primary")) == [
        (f"{email}.example", f"{email}.example", verified, True)
        for email, verified in [
            ("accent@école", True),
            ("capital@effets", True),
            ("given@effets", True),
            ("joined@effets", True),
            ("moved@effets", False),
            ("other@effets", True),
            ("visited@effets", False),
        ]
    ]
    migrator.reset()


@pytest.mark.parametrize(
    "sent",
    [
        "{",
        "[" * 100_000,
        "1" * 5_000,
        "[1]",
        '{"id": 1}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": "x"}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "W1td"}}',
        '{"id": "\\u0000", "rawId": ["AA"], "response": {"userHandle": "AA"}}',
    ],
)
def test_passkey_that_is_none_is_a_wrong_answer(sent, manager):
    address, browser = reverse("mfa_login_webauthn"), Client()
    browser.get(address, headers={"X-Requested-With": "XMLHttpRequest"})
    answer = browser.post(address, {"credential": sent})
    assert (answer.status_code, answer["Location"]) == (302, "/comptes/login/")
    assert not is_in(browser)
