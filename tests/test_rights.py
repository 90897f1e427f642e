"""Every URL of the application, for every role, on one's own and on somebody else's site."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from lxml import html as lxml_html

from observations import urls
from observations.access import SiteAccess, site_access
from observations.enums import Role
from observations.models import AnnualReport, Comment, Invitation, Membership, Round, Site
from observations.services import recording
from observations.services.memberships import invite
from observations.services.publishing import publish_report
from tests.conftest import PASSWORD, person

OWN, FOREIGN = "le-wip", "arche"
ROLES = ("reader", "manager", "contributor", "guest", "stranger", "reviewer", "boss")
LOGIN = 302  # to the sign-in page
OUT = 401  # with what was typed given back

# (url name, method): status for each of ROLES on Le WIP's draft.
TABLE = {
    ("public_home", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("home", "get"): (LOGIN, 200, 200, 200, 200, 302, 302),
    ("team", "get"): (LOGIN, 403, 403, 403, 403, 200, 200),
    ("team_year", "get"): (LOGIN, 403, 403, 403, 403, 200, 200),
    ("deadline", "post"): (OUT, 403, 403, 403, 403, 302, 302),
    ("reminders", "get"): (LOGIN, 403, 403, 403, 403, 200, 200),
    ("reminders", "post"): (OUT, 403, 403, 403, 403, 302, 302),
    ("start_batch", "post"): (OUT, 403, 403, 403, 403, 404, 404),  # of no kind
    ("batch", "get"): (LOGIN, 403, 403, 403, 403, 404, 404),
    ("batch_file", "get"): (LOGIN, 403, 403, 403, 403, 404, 404),
    ("members", "get"): (LOGIN, 200, 200, 200, 404, 200, 200),
    ("members", "post"): (OUT, 422, 403, 403, 404, 422, 422),
    ("change_member", "post"): (OUT, 302, 403, 403, 404, 302, 302),
    ("end_member", "post"): (OUT, 302, 403, 403, 404, 302, 302),
    ("leave", "post"): (OUT, 302, 302, 302, 404, 404, 404),
    ("resend_invitation", "post"): (OUT, 302, 403, 403, 404, 302, 302),
    ("revoke_invitation", "post"): (OUT, 302, 403, 403, 404, 302, 302),
    ("invitation", "get"): (410, 410, 410, 410, 410, 410, 410),
    ("invitation", "post"): (410, 410, 410, 410, 410, 410, 410),
    ("start_year", "post"): (OUT, 302, 302, 403, 404, 403, 403),
    ("year", "get"): (LOGIN, 200, 200, 200, 404, 200, 200),
    ("effect", "get"): (LOGIN, 200, 200, 403, 404, 403, 403),
    ("effect", "post"): (OUT, 422, 422, 403, 404, 403, 403),
    ("sentences", "post"): (OUT, 200, 200, 403, 404, 403, 403),
    ("history", "get"): (LOGIN, 200, 200, 200, 404, 200, 200),
    ("compare", "get"): (LOGIN, 200, 200, 200, 404, 200, 200),
    ("restore", "post"): (OUT, 302, 302, 403, 404, 403, 403),
    ("scales", "get"): (LOGIN, 200, 200, 403, 404, 403, 403),
    ("scales", "post"): (OUT, 302, 302, 403, 404, 403, 403),
    ("check", "get"): (LOGIN, 200, 200, 200, 404, 200, 200),
    ("submit", "post"): (OUT, 302, 403, 403, 404, 403, 403),
    ("draft", "get"): (LOGIN, 200, 200, 200, 404, 200, 200),
    ("draft_pdf", "get"): (LOGIN, 200, 200, 200, 404, 200, 200),
    ("publish", "post"): (OUT, 403, 403, 403, 404, 302, 302),
    ("return", "post"): (OUT, 403, 403, 403, 404, 302, 302),
    ("withdraw", "post"): (OUT, 403, 403, 403, 404, 302, 302),
    ("review", "post"): (OUT, 403, 403, 403, 404, 302, 302),
    ("comment", "post"): (OUT, 403, 403, 403, 404, 404, 404),  # of no effect
    ("answer_comment", "post"): (OUT, 302, 302, 403, 404, 403, 403),
    ("privacy", "get"): (LOGIN, 200, 403, 403, 404, 200, 200),
    ("decide", "post"): (OUT, 302, 403, 403, 404, 302, 302),
    ("flags", "get"): (LOGIN, 403, 403, 403, 403, 200, 200),
    ("handle_flag", "post"): (OUT, 403, 403, 403, 403, 404, 404),
    ("data_page", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("table", "get"): (404, 404, 404, 404, 404, 404, 404),  # of no kind
    ("verify", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("verify", "post"): (422, 422, 422, 422, 422, 422, 422),
    ("feed", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("sitemap", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("robots", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("short", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("session", "post"): (OUT, 200, 200, 200, 200, 200, 200),
    ("service_worker", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("manifest", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("offline", "get"): (200, 200, 200, 200, 200, 200, 200),
    ("public", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("public_pdf", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("public_qr", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("public_image", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("public_badge", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("public_card", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("public_number", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("public_pdf_number", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("flag", "get"): (404, 404, 404, 404, 404, 404, 404),
    ("flag", "post"): (404, 404, 404, 404, 404, 404, 404),
}
WRONG_METHOD = {"get": "post", "post": "get"}


def pattern_of(name: str) -> URLPattern:
    return next(p for p in urls.urlpatterns if p.name == name)


def of_a_site(name: str) -> bool:
    return "slug" in pattern_of(name).pattern.converters


def is_for_readers(name: str) -> bool:
    return name.startswith("public") or name == "flag"


def address(name: str, slug: str = OWN) -> str:
    rows = Invitation if "invitation" in name else Membership
    row = rows.objects.filter(site__slug=slug).first()
    if name == "answer_comment":
        row = Comment.objects.filter(round__report__site__slug=slug).first()
    arguments = {"slug": slug, "year": 2022, "code": "lien-social", "number": 1}
    arguments |= {"token": "inconnu", "kind": "exe", "pk": row.pk if row else 0}
    if "uuid" in str(pattern_of(name).pattern):
        arguments["pk"] = uuid4()
    return reverse(name, kwargs={k: arguments[k] for k in pattern_of(name).pattern.converters})


@pytest.fixture
def browsers(signed_in, le_wip, manager, stranger, reviewer, boss):
    users = {"manager": manager, "stranger": stranger, "reviewer": reviewer, "boss": boss}
    for role in (Role.CONTRIBUTOR, Role.READER):
        name = "guest" if role is Role.READER else role.value
        users[name] = person(name)
        Membership.objects.create(user=users[name], site=le_wip.site, role=role.value)
    for site in Site.objects.all():
        invite(site=site, email="x@effets.example", role=Role.READER, by=manager, key=uuid4())
    for report in AnnualReport.objects.all():
        remarked = Round.objects.create(report=report, number=1)
        remarked.comments.create(effect="lien-social", quoted="Une phrase.", text="À préciser.")
    return {role: signed_in(users.get(role)) for role in ROLES}


def test_the_table_names_every_url():
    assert {name for name, _ in TABLE} == {pattern.name for pattern in urls.urlpatterns}


PAGES = [name for name, method in TABLE if method == "get"]
ACTS = [name for name, method in TABLE if method == "post"]


@pytest.mark.parametrize("role", ROLES)
def test_pages_for_role(role, browsers):
    """In one go: a GET writes nothing."""
    answers = {name: browsers[role].get(address(name)) for name in PAGES}
    expected = {name: TABLE[name, "get"][ROLES.index(role)] for name in PAGES}
    assert {name: answer.status_code for name, answer in answers.items()} == expected
    if role == "reader":
        for answer in answers.values():
            assert "Effets-Person" not in answer
            if answer.status_code == LOGIN:
                assert answer["Location"].startswith("/comptes/login/")


def undone(act: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("role", ROLES)
def test_acts_for_role(role, browsers):
    """Each on the same site and year, as if it were the only one."""
    found = {
        name: undone(lambda name=name: browsers[role].post(address(name))).status_code
        for name in ACTS
    }
    assert found == {name: TABLE[name, "post"][ROLES.index(role)] for name in ACTS}


@pytest.mark.parametrize("role", ["manager", "reader"])
def test_foreign_site_does_not_exist(role, browsers):
    found, expected = {}, {}
    for name, method in TABLE:
        if of_a_site(name):
            is_private = role == "reader" and not is_for_readers(name)
            expected[name, method] = {"get": LOGIN, "post": OUT}[method] if is_private else 404
            act = getattr(browsers[role], method)
            found[name, method] = act(address(name, FOREIGN)).status_code
    assert found == expected


def test_acts_are_posts_and_pages_are_gets(browsers):
    wrong = {name: WRONG_METHOD[method] for name, method in TABLE}
    wrong = {name: method for name, method in wrong.items() if (name, method) not in TABLE}
    found = {
        name: getattr(browsers["manager"], method)(address(name)).status_code
        for name, method in wrong.items()
    }
    assert found == dict.fromkeys(wrong, 405)


PUBLISHED = [name for name in PAGES if name.startswith("public_") and name != "public_home"]


def test_published_report_is_everybodys(le_wip, browsers, manager, reviewer):
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publish_report(report=le_wip, by=reviewer, url="https://effets.example/le-wip/2022/")
    for role, browser in browsers.items():
        for name in ("public", *PUBLISHED):
            assert browser.get(address(name)).status_code == 200, (role, name)


def test_ended_membership_sees_nothing_at_the_next_request(browsers, manager):
    assert browsers["manager"].get(address("year")).status_code == 200
    manager.memberships.update(ends_on="2020-01-01")
    for name, method in TABLE:
        if of_a_site(name) and not is_for_readers(name):
            assert getattr(browsers["manager"], method)(address(name)).status_code == 404


@pytest.mark.parametrize(
    "name", ["change_member", "end_member", "resend_invitation", "revoke_invitation"]
)
def test_row_of_another_site_does_not_exist_under_ones_own(name, browsers):
    foreign = address(name, FOREIGN).replace(f"/{FOREIGN}/", f"/{OWN}/")
    assert foreign != address(name)
    assert browsers["manager"].post(foreign).status_code == 404


def test_reader_has_no_right_on_a_site(le_wip, stranger):
    assert site_access(AnonymousUser(), le_wip.site) == SiteAccess()
    assert site_access(stranger, le_wip.site) == SiteAccess()


def test_only_admins_open_the_admin(browsers):
    for role, browser in browsers.items():
        assert browser.get("/admin/").status_code == (200 if role == "boss" else 302)


# What libraries mount: name of the page -> its status for a reader, and for anybody signed in.
PROVE_AGAIN = 302  # that it is still oneself, before touching what opens the account
NONE_YET = 404
LIBRARIES = {
    "account_login": (200, 302),
    "account_request_login_code": (200, 302),
    "account_confirm_login_code": (302, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_reauthenticate": (LOGIN, 200),
    "account_signup": (200, 302),
    "account_email": (LOGIN, 200),
    "account_email_verification_sent": (302, 302),
    "account_change_password": (LOGIN, 200),
    "account_set_password": (LOGIN, 302),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "mfa_index": (LOGIN, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (LOGIN, 302),
    "mfa_activate_totp": (LOGIN, PROVE_AGAIN),
    "mfa_deactivate_totp": (LOGIN, NONE_YET),
    "mfa_view_recovery_codes": (LOGIN, NONE_YET),
    "mfa_generate_recovery_codes": (LOGIN, PROVE_AGAIN),
    "mfa_download_recovery_codes": (LOGIN, NONE_YET),
    "mfa_list_webauthn": (LOGIN, 200),
    "mfa_add_webauthn": (LOGIN, PROVE_AGAIN),
    "mfa_login_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (LOGIN, 302),
    "mfa_remove_webauthn": (LOGIN, PROVE_AGAIN),
    "mfa_edit_webauthn": (LOGIN, PROVE_AGAIN),
    "usersessions_list": (LOGIN, 200),
    "api:openapi-json": (200, 200),
    "api:reports": (200, 200),
    "api:report": (404, 404),
    "api:answers": (404, 404),
    "api:api-root": (404, 404),
}
# The admin's, for admins alone: those of these models, and what is named besides.
IN_ADMIN = (
    "observations_edition observations_effect observations_question observations_category"
    " observations_sentence observations_vocabulary observations_site observations_user"
    " observations_annualreport observations_publication auth_group mfa_authenticator"
).split()
OF_A_MODEL = ("changelist", "add", "history", "delete", "change")
BESIDES = {
    *("index", "login", "logout", "password_change", "password_change_done", "autocomplete"),
    *("jsi18n", "view_on_site", "app_list", "", "auth_user_password_change"),
    *("observations_category_life", "observations_edition_import", "observations_edition_export"),
}


def named_urls(patterns, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for row in patterns:
        if isinstance(row, URLPattern):
            yield f"{space}{row.name or ''}", row
        else:
            yield from named_urls(row.url_patterns, f"{row.namespace}:" if row.namespace else space)


def test_nothing_answers_outside_the_tables():
    """A page that a release of a library mounts is refused until somebody has chosen it."""
    admin = {f"{model}_{name}" for model in IN_ADMIN for name in OF_A_MODEL} | BESIDES
    chosen = {name for name, _ in TABLE} | set(LIBRARIES) | {f"admin:{name}" for name in admin}
    assert {name for name, _ in named_urls(get_resolver().url_patterns)} == chosen


def address_of_library(name: str, pattern: URLPattern) -> str:
    arguments = {"uidb36": "x", "key": "y", "pk": 1, "lieu": OWN, "annee": 2022}
    arguments |= {"object_id": "1", "id": "1", "content_type_id": "1", "app_label": "observations"}
    wanted = set(pattern.pattern.converters) | set(pattern.pattern.regex.groupindex)
    return reverse(name, kwargs={key: arguments[key] for key in wanted})


@pytest.mark.parametrize("role", ROLES)
def test_page_of_a_library_for_role(role, browsers):
    found, expected = {}, {}
    for name, pattern in named_urls(get_resolver().url_patterns):
        if name in LIBRARIES:
            found[name] = browsers[role].get(address_of_library(name, pattern)).status_code
            expected[name] = LIBRARIES[name][role != "reader"]
    assert found == expected


NOT_THE_ADMINS_OWN = ("admin:", "admin:login", "admin:logout", "admin:jsi18n")


def test_every_page_of_the_admin_is_for_admins(browsers):
    pages = [
        address_of_library(name, pattern)
        for name, pattern in named_urls(get_resolver().url_patterns)
        if name.startswith("admin:") and name not in NOT_THE_ADMINS_OWN
    ]
    for role in set(ROLES) - {"boss"}:
        found = {page: browsers[role].get(page)["Location"].partition("?")[0] for page in pages}
        assert set(found.values()) <= {"/admin/login/", "/comptes/login/"}, role


def test_csrf_is_asked(le_wip, manager):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(manager)
    assert browser.post(address("submit")).status_code == 403


def test_signing_in_leads_where_one_was_going(client, manager):
    wanted = client.get(address("year"))["Location"]
    forms = lxml_html.fromstring(client.get(wanted).content).forms
    (form,) = (form for form in forms if "login" in form.fields)
    data = {name: value for name, value in form.fields.items() if value is not None}
    data |= {"login": manager.email, "password": PASSWORD}
    assert client.post(form.action or wanted, data)["Location"] == address("year")


def test_nobody_signs_up(client, db):
    response = client.post(
        "/comptes/signup/",
        {"email": "a@b.example", "password1": "un mot de passe", "password2": "un mot de passe"},
    )
    assert response.status_code == 200
    assert "sessionid" not in response.cookies
