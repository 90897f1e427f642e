"""Writes who works for a site: invitations, roles, end dates."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_urlsafe
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from observations.enums import Role
from observations.exceptions import MailNotSent, NotAllowedNow
from observations.models import Invitation, Membership, Site, User
from observations.rendering.mail import build_mail
from observations.services.accounts import is_proved, prove_address

INVITATION_LASTS = timedelta(days=7)
RESEND_AFTER = timedelta(minutes=1)


def invite(*, site: Site, email: str, role: Role, by: User, key: UUID) -> Invitation:
    """Mails a link that works once. A replay with the same `key` writes and sends nothing more.

    Raises NotAllowedNow when this person is already a member or already invited, MailNotSent.
    """
    token = token_urlsafe(32)
    with transaction.atomic():
        _lock(site)
        sent = Invitation.objects.filter(key=key, site=site).first()
        if sent is not None:
            return sent
        _refuse_double(site, email)
        invitation = Invitation.objects.create(
            site=site,
            email=email,
            role=role.value,
            key=key,
            token_hash=_hash(token),
            invited_by=by,
            sent_at=timezone.now(),
            expires_at=timezone.now() + INVITATION_LASTS,
        )
    _send(invitation, token)
    return invitation


def _refuse_double(site: Site, email: str) -> None:
    if Membership.objects.current().filter(site=site, user__email__iexact=email).exists():
        raise NotAllowedNow("Cette personne est déjà membre de ce lieu.")
    waiting = Invitation.objects.open().filter(site=site, email__iexact=email).first()
    if waiting is None:
        return
    if not waiting.has_expired:
        raise NotAllowedNow(
            "Une invitation attend déjà une réponse de cette adresse : vous pouvez la renvoyer."
        )
    _revoke(waiting)


def resend_invitation(*, invitation: Invitation) -> None:
    """A new link and a new date; the former link stops working."""
    token = token_urlsafe(32)
    with transaction.atomic():
        locked = _lock_open(invitation)
        if timezone.now() - locked.sent_at < RESEND_AFTER:
            raise NotAllowedNow("L’invitation vient de partir : laissez-lui une minute.")
        locked.token_hash, locked.sent_at = _hash(token), timezone.now()
        locked.expires_at = locked.sent_at + INVITATION_LASTS
        locked.save(update_fields=["token_hash", "sent_at", "expires_at"])
    _send(locked, token)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation) -> None:
    _revoke(_lock_open(invitation))


def _revoke(invitation: Invitation) -> None:
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])


def _lock_open(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.open().select_for_update(of=("self",)).select_related("site")
    found = rows.filter(pk=invitation.pk).first()
    if found is None:
        raise NotAllowedNow("Cette invitation a déjà été acceptée ou annulée.")
    return found


def _send(invitation: Invitation, token: str) -> None:
    context = {
        "by": invitation.invited_by or "L’équipe du réseau",
        "site": invitation.site.name,
        "role": Role(invitation.role).label.lower(),
        "link": f"{settings.SITE_URL}{reverse('invitation', args=[token])}",
        "expires_at": timezone.localtime(invitation.expires_at),
    }
    mail = build_mail(
        to=invitation.email,
        subject=f"Rejoindre « {invitation.site.name} » dans Effets",
        text=render_to_string("mail/invitation.txt", context),
    )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        raise MailNotSent(
            "L’invitation est gardée, mais le message n’est pas parti. "
            "Renvoyez-la dans un moment ; si cela dure, prévenez l’équipe du réseau."
        ) from error


def find_invitation(token: str) -> Invitation | None:
    """The invitation of this link while it can be accepted."""
    rows = Invitation.objects.open().filter(token_hash=_hash(token), expires_at__gt=timezone.now())
    return rows.select_related("site", "invited_by").first()


@transaction.atomic
def accept_invitation(*, token: str, user: User) -> Membership:
    """Whoever is a member already stays as they are: that was decided later.

    Raises NotAllowedNow when the link is spent, was sent to somebody else, or the address of the
    account is not proved.
    """
    found = find_invitation(token)
    if found is None:
        raise NotAllowedNow(_SPENT)
    with deciding_members(sites=[found.site_id]):
        invitation = _spend(token)
        if invitation.email.lower() != user.email.lower():
            raise NotAllowedNow("Cette invitation est adressée à une autre personne.")
        if not is_proved(user):
            raise NotAllowedNow("Confirmez d’abord que cette adresse est la vôtre.")
        member = Membership.objects.current().filter(user=user, site=invitation.site).first()
        if member is None:
            member, _ = Membership.objects.update_or_create(
                user=user, site=invitation.site, defaults={"role": invitation.role, "ends_on": None}
            )
        return member


@transaction.atomic
def join_with_new_account(*, token: str, name: str, password: str) -> Membership:
    """The invited person had no account. The mail reached them: their address is proved."""
    invitation = find_invitation(token)
    if invitation is None or User.objects.filter(email__iexact=invitation.email).exists():
        raise NotAllowedNow(_SPENT)
    user = User.objects.create_user(invitation.email, password, name=name)
    prove_address(user=user)
    return accept_invitation(token=token, user=user)


_SPENT = "Ce lien a déjà servi, a expiré ou a été annulé : demandez une nouvelle invitation."


def _spend(token: str) -> Invitation:
    """Under the site's lock: of two who follow the link together, the second finds it spent."""
    found = find_invitation(token)
    if found is None:
        raise NotAllowedNow(_SPENT)
    found.accepted_at = timezone.now()
    found.save(update_fields=["accepted_at"])
    return found


def change_membership(*, membership: Membership, role: Role, ends_on: date | None) -> None:
    """`ends_on` is the last day. Raises NotAllowedNow when no manager would be left."""
    with deciding_members(sites=[membership.site_id]):
        locked = Membership.objects.get(pk=membership.pk)
        locked.role, locked.ends_on = role.value, ends_on
        locked.save(update_fields=["role", "ends_on"])


def end_membership(*, membership: Membership) -> None:
    """From now on: nothing of the site is seen at the next request."""
    yesterday = timezone.localdate() - timedelta(days=1)
    change_membership(membership=membership, role=Role(membership.role), ends_on=yesterday)


@contextmanager
def deciding_members(
    *, sites: Collection[int] = (), people: Collection[int] = ()
) -> Iterator[None]:
    """Around every act that decides who works where, an admin's too: at these sites, and at those
    of these people, whose accounts may end or change address.

    Under the sites' locks, a site that had an active manager keeps one, and what is decided now
    beats an invitation sent before. Raises NotAllowedNow, with nothing written.
    """
    with transaction.atomic():
        keys = {*sites, *_sites_of(people)}
        list(Site.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        before = _team(keys, people)
        yield
        after = _team(keys | _sites_of(people), people)
        _refuse_orphans(before, after)
        _outdate_invitations(before, after)


@dataclass(frozen=True, slots=True)
class _Team:
    """Who works at some sites. `managed`: a site, and whether the manager stays for good."""

    members: frozenset[tuple[int, str, str, date | None]]  # site, address, role, last day
    managed: frozenset[tuple[int, bool]]
    addresses: frozenset[str]  # that open an account


def _sites_of(people: Collection[int]) -> set[int]:
    return set(Membership.objects.filter(user__in=people).values_list("site", flat=True))


def _team(sites: set[int], people: Collection[int]) -> _Team:
    rows = Membership.objects.filter(site__in=sites, user__is_active=True)
    managers = rows.filter(role=Role.MANAGER.value)
    members = rows.values_list("site", "user__email", "role", "ends_on")
    accounts = User.objects.filter(pk__in=people, is_active=True)
    return _Team(
        frozenset(members),
        frozenset(
            {(site, False) for site in managers.current().values_list("site", flat=True)}
            | {
                (site, True)
                for site in managers.filter(ends_on=None).values_list("site", flat=True)
            }
        ),
        frozenset(accounts.values_list("email", flat=True)),
    )


def _refuse_orphans(before: _Team, after: _Team) -> None:
    orphans = {site for site, _ in before.managed - after.managed}
    names = list(Site.objects.filter(pk__in=orphans).values_list("name", flat=True))
    if names:
        raise NotAllowedNow(
            f"Un lieu garde au moins un ou une gestionnaire sans date de fin ({', '.join(names)}) : "
            "nommez d’abord quelqu’un d’autre."
        )


def _outdate_invitations(before: _Team, after: _Team) -> None:
    decided = {(site, email) for site, email, _, _ in before.members ^ after.members}
    older = Q(email__in=before.addresses - after.addresses)
    for site, email in decided:
        older |= Q(site=site, email__iexact=email)
    Invitation.objects.open().filter(older).update(revoked_at=timezone.now())


def _lock(site: Site) -> None:
    Site.objects.select_for_update(of=("self",)).get(pk=site.pk)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
