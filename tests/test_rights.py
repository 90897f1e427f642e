"""Every URL of the application, for every role, on one's own and on somebody else's site."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from lxml import html as lxml_html

from observations import urls
from observations.access import SiteAccess, site_access
from observations.services import recording
from observations.services.publishing import publish_report
from tests.conftest import PASSWORD

OWN, FOREIGN = "le-wip", "arche"
ROLES = ("reader", "manager", "stranger", "reviewer", "boss")
LOGIN = 302  # to the sign-in page

# (url name, method): status for reader, manager, stranger, reviewer, boss on Le WIP's draft.
TABLE = {
    ("public_home", "get"): (200, 200, 200, 200, 200),
    ("home", "get"): (LOGIN, 200, 200, 302, 302),
    ("team", "get"): (LOGIN, 403, 403, 200, 200),
    ("team_year", "get"): (LOGIN, 403, 403, 200, 200),
    ("start_year", "post"): (LOGIN, 302, 404, 403, 403),
    ("year", "get"): (LOGIN, 200, 404, 200, 200),
    ("effect", "get"): (LOGIN, 200, 404, 403, 403),
    ("effect", "post"): (LOGIN, 422, 404, 403, 403),
    ("scales", "get"): (LOGIN, 200, 404, 403, 403),
    ("scales", "post"): (LOGIN, 302, 404, 403, 403),
    ("check", "get"): (LOGIN, 200, 404, 200, 200),
    ("submit", "post"): (LOGIN, 302, 404, 403, 403),
    ("draft", "get"): (LOGIN, 200, 404, 200, 200),
    ("draft_pdf", "get"): (LOGIN, 200, 404, 200, 200),
    ("publish", "post"): (LOGIN, 403, 404, 302, 302),
    ("reopen", "post"): (LOGIN, 403, 404, 302, 302),
    ("public", "get"): (404, 404, 404, 404, 404),
    ("public_pdf", "get"): (404, 404, 404, 404, 404),
    ("public_qr", "get"): (404, 404, 404, 404, 404),
}
WRONG_METHOD = {"get": "post", "post": "get"}


def address(name: str, slug: str = OWN) -> str:
    arguments = {"slug": slug, "year": 2022, "code": "lien-social"}
    pattern = next(p for p in urls.urlpatterns if p.name == name)
    return reverse(name, kwargs={k: arguments[k] for k in pattern.pattern.converters})


@pytest.fixture
def browsers(signed_in, manager, stranger, reviewer, boss):
    users = {"manager": manager, "stranger": stranger, "reviewer": reviewer, "boss": boss}
    return {role: signed_in(users.get(role)) for role in ROLES}


def test_the_table_names_every_url():
    assert {name for name, _ in TABLE} == {pattern.name for pattern in urls.urlpatterns}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "method"), TABLE)
def test_url_for_role(name, method, role, browsers):
    response = getattr(browsers[role], method)(address(name))
    assert response.status_code == TABLE[name, method][ROLES.index(role)]
    if role == "reader" and response.status_code == LOGIN:
        assert response["Location"].startswith("/comptes/login/")


@pytest.mark.parametrize("role", ["manager", "reader"])
@pytest.mark.parametrize(("name", "method"), TABLE)
def test_foreign_site_does_not_exist(name, method, role, browsers):
    if "slug" not in next(p for p in urls.urlpatterns if p.name == name).pattern.converters:
        return
    response = getattr(browsers[role], method)(address(name, FOREIGN))
    expected = LOGIN if role == "reader" and not name.startswith("public") else 404
    assert response.status_code == expected


@pytest.mark.parametrize(("name", "method"), TABLE)
def test_acts_are_posts_and_pages_are_gets(name, method, browsers):
    if (name, WRONG_METHOD[method]) in TABLE:
        return
    assert getattr(browsers["manager"], WRONG_METHOD[method])(address(name)).status_code == 405


@pytest.mark.parametrize("name", ["public", "public_pdf", "public_qr"])
def test_published_report_is_everybodys(name, le_wip, browsers, manager, reviewer):
    recording.submit_report(report=le_wip, by=manager)
    le_wip.refresh_from_db()
    publish_report(report=le_wip, by=reviewer, url="https://effets.example/le-wip/2022/")
    for browser in browsers.values():
        assert browser.get(address(name)).status_code == 200


def test_ended_membership_sees_nothing_at_the_next_request(browsers, manager):
    assert browsers["manager"].get(address("year")).status_code == 200
    manager.memberships.update(ends_on="2020-01-01")
    for name, method in TABLE:
        pattern = next(p for p in urls.urlpatterns if p.name == name)
        if "slug" in pattern.pattern.converters and not name.startswith("public"):
            assert getattr(browsers["manager"], method)(address(name)).status_code == 404


def test_reader_has_no_right_on_a_site(le_wip, stranger):
    assert site_access(AnonymousUser(), le_wip.site) == SiteAccess()
    assert site_access(stranger, le_wip.site) == SiteAccess()


def test_only_admins_open_the_admin(browsers):
    for role, browser in browsers.items():
        assert browser.get("/admin/").status_code == (200 if role == "boss" else 302)


def test_nothing_answers_outside_the_table():
    """A URL that is not ours is Django admin's or django-allauth's."""
    ours = [p for p in get_resolver().url_patterns if not isinstance(p, URLPattern)]
    assert [str(p.pattern) for p in ours] == ["admin/", "comptes/", ""]


def test_csrf_is_asked(le_wip, manager):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(manager)
    assert browser.post(address("submit")).status_code == 403


def test_signing_in_leads_where_one_was_going(client, manager):
    wanted = client.get(address("year"))["Location"]
    form = lxml_html.fromstring(client.get(wanted).content).forms[-1]
    data = dict(form.fields) | {"login": manager.email, "password": PASSWORD}
    assert client.post(form.action or wanted, data)["Location"] == address("year")


def test_nobody_signs_up(client):
    response = client.post(
        "/comptes/signup/",
        {"email": "a@b.example", "password1": "un mot de passe", "password2": "un mot de passe"},
    )
    assert response.status_code == 200
    assert "sessionid" not in response.cookies
