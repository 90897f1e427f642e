"""Who works for a site: invited, changed, ended; and how they sign in."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from observations.enums import Role
from observations.exceptions import NotAllowedNow
from observations.models import Invitation, Membership, User
from observations.services import memberships, recording
from observations.services.publishing import publish_report
from tests.conftest import PASSWORD, as_read, person

NEW = "nouvelle@effets.example"
PAGE = "/lieux/le-wip/membres/"
LONG = "une phrase bien longue"


@pytest.fixture
def browser(signed_in, manager):
    return signed_in(manager)


def invite(browser, email: str = NEW, role: str = "contributor", key: str = "") -> str:
    data = {"email": email, "role": role, "key": key or str(uuid4())}
    return browser.post(PAGE, data, follow=True).content.decode()


def link() -> str:
    (found,) = re.findall(r"https://effets\.example(/invitation/[\w-]+/)", mail.outbox[-1].body)
    return found


def test_new_person_joins_by_the_link_and_records(browser, client, le_wip):
    assert "L’invitation est partie" in invite(browser)
    (sent,) = mail.outbox
    assert sent.to == [NEW]
    (html, kind) = sent.alternatives[0]
    assert (kind, link() in html, "manager vous invite" in sent.body) == ("text/html", True, True)
    page = client.get(link()).content.decode()
    assert "Créer mon compte" in page
    assert not User.objects.filter(email=NEW).exists()
    short = client.post(link(), {"name": "Lou", "password": "court"})
    assert short.status_code == 422
    url = link()
    assert client.post(url, {"name": "Lou", "password": LONG})["Location"] == "/comptes/login/"
    assert (
        client.post("/comptes/login/", {"login": NEW, "password": LONG})["Location"]
        == "/mes-lieux/"
    )
    assert client.get("/lieux/le-wip/2022/effets/sante/").status_code == 200
    assert client.post("/lieux/le-wip/2022/transmettre/").status_code == 403
    assert client.get(url).status_code == 410


def test_known_person_accepts_once_and_only_theirs(browser, signed_in, stranger, client, le_wip):
    invite(browser, stranger.email, "reader")
    url = link()
    assert "Vous avez déjà un compte" in client.get(url).content.decode()
    assert client.post(url)["Location"] == "/comptes/login/"
    other = signed_in(person("autre"))
    assert "avec une autre adresse" in other.get(url).content.decode()
    assert "adressée à une autre personne" in other.post(url, follow=True).content.decode()
    theirs = signed_in(stranger)
    assert "Accepter l’invitation" in theirs.get(url).content.decode()
    assert "Bienvenue" in theirs.post(url, follow=True).content.decode()
    assert theirs.get("/lieux/le-wip/2022/").status_code == 200
    assert theirs.post(url).status_code == 410
    with pytest.raises(NotAllowedNow):
        memberships.accept_invitation(token=url.split("/")[2], user=stranger)


def test_link_expires_is_resent_and_is_revoked(browser, client, manager):
    invite(browser)
    first = link()
    row = Invitation.objects.get()
    resend, revoke = (
        reverse(f"{act}_invitation", args=["le-wip", row.pk]) for act in ("resend", "revoke")
    )
    assert "laissez-lui une minute" in browser.post(resend, follow=True).content.decode()
    Invitation.objects.update(
        expires_at=timezone.now() - timedelta(hours=1), sent_at=timezone.now() - timedelta(days=8)
    )
    assert client.get(first).status_code == 410
    assert "A expiré le" in browser.get(PAGE).content.decode()
    assert "est repartie" in browser.post(resend, follow=True).content.decode()
    assert (client.get(first).status_code, client.get(link()).status_code) == (410, 200)
    assert "ne sert plus" in browser.post(revoke, follow=True).content.decode()
    assert client.get(link()).status_code == 410
    assert "déjà été acceptée ou annulée" in browser.post(revoke, follow=True).content.decode()


def test_one_key_is_one_invitation_and_one_mail(browser):
    key = str(uuid4())
    for _ in range(3):
        assert "est partie" in invite(browser, key=key)
    assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)
    assert "attend déjà une réponse" in invite(browser)
    Invitation.objects.update(expires_at=timezone.now())
    assert "est partie" in invite(browser)
    assert [row.revoked_at is None for row in Invitation.objects.order_by("pk")] == [False, True]


def test_member_is_not_invited_again(browser, colleague):
    assert "déjà membre" in invite(browser, colleague.email.upper())
    assert mail.outbox == []


def test_mail_that_does_not_leave_is_said(browser, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    assert "le message n’est pas parti" in invite(browser)
    assert Invitation.objects.count() == 1


def test_link_is_not_in_the_database(browser):
    invite(browser)
    token = link().split("/")[2]
    assert token not in str(list(Invitation.objects.values()))


def change(browser, row: Membership, **data: str):
    prefixed = {f"m{row.pk}-{name}": value for name, value in data.items()}
    url = reverse("change_member", args=["le-wip", row.pk])
    return browser.post(url, prefixed, follow=True).content.decode()


def test_last_manager_cannot_leave_nor_be_changed(browser, manager, colleague):
    mine, theirs = (user.memberships.get() for user in (manager, colleague))
    assert "C’est enregistré" in change(browser, theirs, role="contributor")
    for refused in (
        change(browser, mine, role="reader"),
        change(browser, mine, role="manager", ends_on="2099-01-01"),
        browser.post("/lieux/le-wip/quitter/", follow=True).content.decode(),
        browser.post(reverse("end_member", args=["le-wip", mine.pk]), follow=True).content.decode(),
    ):
        assert "garde au moins" in refused
    mine.refresh_from_db()
    assert (mine.role, mine.ends_on) == (Role.MANAGER.value, None)
    assert "C’est enregistré" in change(browser, theirs, role="manager")
    assert (
        "Vous avez quitté" in browser.post("/lieux/le-wip/quitter/", follow=True).content.decode()
    )
    assert browser.get(PAGE).status_code == 404


def test_ended_member_can_be_invited_back(browser, signed_in, colleague):
    row = colleague.memberships.get()
    theirs = signed_in(colleague)
    assert (
        "ne voit plus ce lieu"
        in browser.post(
            reverse("end_member", args=["le-wip", row.pk]), follow=True
        ).content.decode()
    )
    assert theirs.get("/lieux/le-wip/2022/").status_code == 404
    invite(browser, colleague.email)
    theirs.post(link())
    assert theirs.get("/lieux/le-wip/2022/").status_code == 200


def end(browser, row: Membership) -> None:
    browser.post(reverse("end_member", args=["le-wip", row.pk]))


def demote(browser, row: Membership) -> None:
    change(browser, row, role="reader")


@pytest.mark.parametrize("decide", [end, demote])
def test_newer_decision_beats_an_older_invitation(decide, browser, signed_in, colleague, le_wip):
    Membership.objects.filter(user=colleague).delete()
    invite(browser, colleague.email, "manager")
    older = link()
    row = Membership.objects.create(user=colleague, site=le_wip.site, role="contributor")
    decide(browser, row)
    theirs = signed_in(colleague)
    assert theirs.post(older).status_code == 410
    row.refresh_from_db()
    assert row.role == ("reader" if decide is demote else "contributor")
    assert theirs.get("/lieux/le-wip/2022/").status_code == (200 if decide is demote else 404)


def test_member_stays_what_they_are_whatever_an_older_invitation_says(
    browser, signed_in, colleague
):
    row = colleague.memberships.get()
    Membership.objects.filter(pk=row.pk).update(ends_on="2020-01-01")
    invite(browser, colleague.email, "reader")
    Membership.objects.filter(pk=row.pk).update(ends_on=None)
    assert "Bienvenue" in signed_in(colleague).post(link(), follow=True).content.decode()
    row.refresh_from_db()
    assert row.role == "manager"


def test_impossible_date_is_said(browser, colleague):
    assert "Écrivez une date" in change(
        browser, colleague.memberships.get(), role="reader", ends_on="x"
    )


def test_race_for_one_link_is_won_once(browser, le_wip):
    invite(browser)
    token = link().split("/")[2]
    memberships.join_with_new_account(token=token, name="Lou", password=LONG)
    with pytest.raises(NotAllowedNow):
        memberships.join_with_new_account(token=token, name="Lou", password=LONG)


def test_link_that_is_spent_while_one_waits_for_the_lock_is_spent(
    browser, stranger, le_wip, monkeypatch
):
    invite(browser, stranger.email)
    decide = memberships.deciding_members

    def meanwhile(**of):
        Invitation.objects.update(revoked_at=timezone.now())
        return decide(**of)

    monkeypatch.setattr(memberships, "deciding_members", meanwhile)
    with pytest.raises(NotAllowedNow, match="déjà servi"):
        memberships.accept_invitation(token=link().split("/")[2], user=stranger)
    assert not stranger.memberships.filter(site=le_wip.site).exists()


# --- signing in


def test_sign_in_by_a_mailed_code(client, manager):
    client.post("/comptes/login/code/", {"email": manager.email})
    (sent,) = mail.outbox
    assert "code de connexion" in sent.subject
    assert sent.alternatives
    (code,) = re.findall(r"^\s*([A-Z0-9-]{6,})\s*$", str(sent.body), re.MULTILINE)
    assert client.post("/comptes/login/code/confirm/", {"code": code})["Location"] == "/mes-lieux/"


@pytest.mark.parametrize("path", ["/comptes/password/reset/", "/comptes/login/code/"])
def test_mails_are_french_in_text_and_html_even_for_unknown_addresses(client, db, manager, path):
    for address in (manager.email, "inconnue@effets.example"):
        client.post(path, {"email": address})
        body = str(mail.outbox[-1].body)
        assert body.startswith("Bonjour,")
        assert '<html lang="fr">' in mail.outbox[-1].alternatives[0][0]
        assert not re.search(r"\b(the|your|please|hello)\b", body, re.IGNORECASE)


@pytest.mark.parametrize("path", ["/comptes/login/", "/comptes/login/code/"])
def test_shared_device_ends_with_the_browser(client, manager, path):
    if path.endswith("code/"):
        client.post(path, {"email": manager.email, "shared_device": "on"})
        (code,) = re.findall(r"^\s*([A-Z0-9-]{6,})\s*$", str(mail.outbox[0].body), re.MULTILINE)
        client.post(f"{path}confirm/", {"code": code})
    else:
        client.post(path, {"login": manager.email, "password": PASSWORD, "shared_device": "on"})
    response = client.get("/mes-lieux/")
    assert response["Effets-Person"] == "-"
    assert " data-shared" in as_read(response.content)
    assert client.session.get_expire_at_browser_close()


def test_own_device_is_known(client, manager):
    client.post("/comptes/login/", {"login": manager.email, "password": PASSWORD})
    assert client.get("/mes-lieux/")["Effets-Person"] == str(manager.pk)
    assert not client.session.get_expire_at_browser_close()


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("who", ["reviewer", "boss"])
def test_staff_and_admins_must_add_a_second_factor(who, request, settings, signed_in):
    user = request.getfixturevalue(who)
    browser = signed_in(user)
    assert browser.get("/equipe/").status_code == 200
    settings.MFA_REQUIRED = True
    for url in ("/equipe/", "/admin/", "/", "/lieux/x/"):
        assert browser.get(url)["Location"] == "/comptes/2fa/"
    page = browser.get("/comptes/2fa/", follow=True).content.decode()
    assert "ajoutez d’abord une seconde vérification" in page
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert browser.get("/equipe/").status_code == 200


def test_page_of_a_reader_does_not_vary_by_cookie(settings, client, le_wip, manager, reviewer):
    settings.MFA_REQUIRED = True
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publish_report(report=le_wip, by=reviewer, url="https://effets.example/le-wip/2022/")
    answer = client.get("/le-wip/2022/")
    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def test_second_factor_is_asked_at_sign_in(client, reviewer):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(reviewer, secret)
    answer = client.post("/comptes/login/", {"login": reviewer.email, "password": PASSWORD})
    assert answer["Location"].startswith("/comptes/2fa/authenticate/")
    assert client.get("/equipe/").status_code == 302
    assert client.post("/comptes/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/comptes/2fa/authenticate/", {"code": totp_code(secret)}).status_code == 302
    assert client.get("/equipe/").status_code == 200


def test_manager_adds_a_second_factor_from_the_account_page(client, manager):
    client.post("/comptes/login/", {"login": manager.email, "password": PASSWORD})
    asked = client.get("/comptes/2fa/totp/activate/")["Location"]
    page = client.post(asked, {"password": PASSWORD}, follow=True).content.decode()
    assert "<svg" in page
    (secret,) = re.findall(r"<code>([A-Z2-7]+)</code>", page)
    assert (
        client.post("/comptes/2fa/totp/activate/", {"code": totp_code(secret)}).status_code == 302
    )
    assert Authenticator.objects.filter(user=manager, type="totp").exists()
    assert "seconde" not in client.get("/mes-lieux/").content.decode()


def test_other_devices_are_listed_and_signed_out(client, manager):
    other = Client()
    for browser in (client, other):
        browser.post("/comptes/login/", {"login": manager.email, "password": PASSWORD})
    assert "Déconnecter les autres appareils" in client.get("/comptes/sessions/").content.decode()
    client.post("/comptes/sessions/")
    assert other.get("/mes-lieux/").status_code == 302
    assert client.get("/mes-lieux/").status_code == 200


def test_session_is_extended(browser, manager):
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=3))
    answer = browser.post("/session/").json()
    assert answer == {"person": manager.pk, "seconds_left": 12 * 3600}
    assert Session.objects.get().expire_date > timezone.now() + timedelta(hours=11)


def test_recording_keeps_a_session_alive(browser, le_wip):
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=1))
    data = {"version": 1, "state": "observed", "note": "Encore là."}
    url = "/lieux/le-wip/2022/effets/sante/"
    answer = browser.post(url, data, headers={"Accept": "application/json"}).json()
    assert answer["seconds_left"] == 12 * 3600


# --- what was typed comes back


SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"version": "1", "note": "À ne pas <perdre>.", "q-effets": ["confiance", "relations"]}
EFFECT = "/lieux/le-wip/2022/effets/sante/"


def kept(page: str) -> bool:
    return (
        "À ne pas &lt;perdre&gt;." in page
        and 'name="q-effets" value="relations"' in page
        and "Envoyer de nouveau" in page
    )


def test_text_sent_without_a_session_is_given_back(client, le_wip):
    answer = client.post(EFFECT, TYPED)
    assert answer.status_code == 401
    assert kept(answer.content.decode())
    assert "Se connecter dans un autre onglet" in answer.content.decode()
    chosen = client.post(EFFECT, TYPED | {"keep-note": "both"}).content.decode()
    assert '<input type="hidden" name="keep-note" value="both">' in chosen
    asked = client.post(EFFECT, TYPED, headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()) == (401, {"state": "signed_out"})
    asked = client.get(EFFECT, headers={"Accept": "application/json"})
    assert asked.status_code == 401


def test_text_sent_with_an_old_token_is_given_back_to_our_own_pages_only(manager):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(manager)
    ours = browser.post(EFFECT, TYPED, headers=SAME_ORIGIN)
    assert ours.status_code == 403
    assert kept(ours.content.decode())
    theirs = browser.post(EFFECT, TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    assert not kept(theirs.content.decode())
    unknown = browser.post(EFFECT, TYPED, headers={"Origin": "https://autre.example"})
    assert not kept(unknown.content.decode())
    script = browser.post(EFFECT, TYPED, headers=SAME_ORIGIN | {"Accept": "application/json"})
    assert script.json() == {"state": "stale_token"}


def test_passwords_are_never_given_back(manager):
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(
        "/comptes/login/", {"login": "a@b.example", "password": "SECRET-1"}, headers=SAME_ORIGIN
    ).content.decode()
    assert "a@b.example" in page
    assert "SECRET-1" not in page


def test_other_errors_stay_plain(manager, monkeypatch):
    monkeypatch.setattr("observations.queries.year_cards", lambda rows: 1 / 0)
    browser = Client(raise_request_exception=False)
    browser.force_login(manager)
    answer = browser.get("/mes-lieux/")
    assert answer.status_code == 500
    assert "Quelque chose s’est mal passé" in answer.content.decode()
