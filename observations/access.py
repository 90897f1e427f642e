"""The only place where a role is compared: who a person is to a site -> what they may do there."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from observations.enums import Role
from observations.models import Membership, Site, User


@dataclass(frozen=True, slots=True)
class SiteAccess:
    can_view: bool = False
    can_record: bool = False
    can_submit: bool = False
    can_decide: bool = False  # what readers get of each note
    can_manage: bool = False  # who else works here
    can_review: bool = False
    can_publish: bool = False


NOTHING = SiteAccess()
TEAM = SiteAccess(
    can_view=True, can_decide=True, can_manage=True, can_review=True, can_publish=True
)
RIGHTS = {
    Role.MANAGER.value: SiteAccess(
        can_view=True, can_record=True, can_submit=True, can_decide=True, can_manage=True
    ),
    Role.CONTRIBUTOR.value: SiteAccess(can_view=True, can_record=True),
    Role.READER.value: SiteAccess(can_view=True),
}


def is_team(user: User | AnonymousUser) -> bool:
    """The network's own staff, who follow every site."""
    return isinstance(user, User) and (user.in_network_team or user.is_superuser)


def must_use_mfa(user: User | AnonymousUser) -> bool:
    """Whoever sees every site, or the admin, proves it with more than a password."""
    return isinstance(user, User) and (is_team(user) or user.is_staff)


def site_access(user: User | AnonymousUser, site: Site) -> SiteAccess:
    """1 query; none for the network's staff and for strangers who have not signed in."""
    if not isinstance(user, User):
        return NOTHING
    if is_team(user):
        return TEAM
    membership = user.memberships.current().filter(site=site).first()
    return access_of(membership) if membership else NOTHING


def access_of(membership: Membership) -> SiteAccess:
    """Of one that is current."""
    return RIGHTS.get(membership.role, NOTHING)


def visible_sites(user: User | AnonymousUser) -> QuerySet[Site]:
    """Those whose private pages this person may open."""
    if is_team(user):
        return Site.objects.all()
    if not isinstance(user, User):
        return Site.objects.none()
    return Site.objects.filter(pk__in=user.memberships.current().values("site"))
