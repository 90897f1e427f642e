"""What each person may do on a site, whatever the page: `tests/test_rights.py` tries the pages."""

from dataclasses import fields

import pytest
from django.contrib.auth.models import AnonymousUser

from observations.access import SiteAccess, is_team, must_use_mfa, site_access, visible_sites
from observations.enums import Role
from observations.models import Membership, Site, User
from tests.conftest import person

BY_ROLE = {
    Role.MANAGER.value: {"view", "record", "submit", "decide", "manage"},
    Role.CONTRIBUTOR.value: {"view", "record"},
    Role.READER.value: {"view"},
    "of another release": set(),
}
TEAM = {"view", "decide", "manage", "review", "publish"}


def may(user: User | AnonymousUser, site: Site) -> set[str]:
    access = site_access(user, site)
    return {
        row.name.removeprefix("can_") for row in fields(SiteAccess) if getattr(access, row.name)
    }


@pytest.fixture
def sites(db) -> list[Site]:
    return [Site.objects.create(name=name, name_with_de=name, slug=name) for name in ("ici", "là")]


@pytest.mark.parametrize("role", BY_ROLE)
def test_a_member_may_what_the_role_says_there_and_while_it_lasts(
    role, sites, django_assert_num_queries
):
    user = person("somebody")
    here, elsewhere = sites
    member = Membership.objects.create(user=user, site=here, role=role)
    with django_assert_num_queries(2):
        assert (may(user, here), may(user, elsewhere)) == (BY_ROLE[role], set())
    assert not is_team(user)
    Membership.objects.filter(pk=member.pk).update(ends_on="2020-01-01")
    assert may(user, here) == set()


@pytest.mark.parametrize(
    ("rights", "follows_every_site", "proves_it_twice"),
    [
        ({}, False, False),
        ({"in_network_team": True}, True, True),
        ({"is_superuser": True}, True, True),
        ({"is_staff": True}, False, True),
    ],
)
def test_whoever_sees_every_site_proves_it_twice(
    rights, follows_every_site, proves_it_twice, sites, django_assert_num_queries
):
    user = person("somebody", **rights)
    assert is_team(user) is follows_every_site
    assert must_use_mfa(user) is proves_it_twice
    with django_assert_num_queries(0 if follows_every_site else 1):
        assert may(user, sites[0]) == (TEAM if follows_every_site else set())


def test_whoever_has_not_signed_in_may_nothing(sites, django_assert_num_queries):
    nobody = AnonymousUser()
    with django_assert_num_queries(0):
        assert may(nobody, sites[0]) == set()
    assert not is_team(nobody)
    assert not must_use_mfa(nobody)


def test_who_has_not_signed_in_sees_no_site(le_wip):
    assert not visible_sites(AnonymousUser()).exists()
