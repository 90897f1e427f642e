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
        _lock_sites(site.pk)
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
    with deciding_members(site=found.site_id):
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
    with deciding_members(site=membership.site_id):
        locked = Membership.objects.get(pk=membership.pk)
        locked.role, locked.ends_on = role.value, ends_on
        locked.save(update_fields=["role", "ends_on"])


def end_membership(*, membership: Membership) -> None:
    """From now on: nothing of the site is seen at the next request."""
    yesterday = timezone.localdate() - timedelta(days=1)
    change_membership(membership=membership, role=Role(membership.role), ends_on=yesterday)


@contextmanager
def deciding_members(*, site: int | None = None) -> Iterator[None]:
    """Around every act that decides who works at this site; or, without one, who works anywhere: an
    admin's may touch other rows than those it was sent, so it is compared with the whole network.

    Under the sites' locks, a site that had an active manager keeps one, and what is decided now
    beats an invitation sent before. Raises NotAllowedNow, with nothing written.
    """
    with transaction.atomic():
        _lock_sites(site)
        before = _team(site)
        yield
        after = _team(site)
        _refuse_orphans(before, after)
        decided = {(where, email) for where, email, _, _ in before.members ^ after.members}
        outdate_invitations(decided=decided, left=before.addresses - after.addresses)


def _lock_sites(site: int | None) -> None:
    """This one, or all of them, always in the same order: nobody waits in a circle."""
    rows = Site.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    if site is not None:
        rows = rows.filter(pk=site)
    locked = None
    while locked != (locked := list(rows.values_list("pk", flat=True))):
        continue  # until none was made while this waited for the others


@dataclass(frozen=True, slots=True)
class _Team:
    """Who works somewhere. `managed`: a site, and whether the manager stays for good."""

    members: frozenset[tuple[int, str, str, date | None]]  # site, address, role, last day
    managed: frozenset[tuple[int, bool]]
    addresses: frozenset[str]  # that open an account


def _team(site: int | None) -> _Team:
    rows = Membership.objects.filter(user__is_active=True)
    accounts = User.objects.filter(is_active=True)
    if site is not None:
        rows, accounts = rows.filter(site=site), accounts.none()  # what is decided there ends none
    managers = rows.filter(role=Role.MANAGER.value)
    return _Team(
        frozenset(rows.values_list("site", "user__email", "role", "ends_on")),
        frozenset(
            {(where, False) for where in managers.current().values_list("site", flat=True)}
            | {
                (where, True)
                for where in managers.filter(ends_on=None).values_list("site", flat=True)
            }
        ),
        frozenset(accounts.values_list("email", flat=True)),
    )


def _refuse_orphans(before: _Team, after: _Team) -> None:
    lost = before.managed - after.managed
    names = dict(Site.objects.filter(pk__in={site for site, _ in lost}).values_list("pk", "name"))
    for_good = {name for site, name in names.items() if (site, True) in lost}
    if names:
        raise NotAllowedNow(
            f"Un lieu garde au moins un ou une gestionnaire {'sans date de fin ' * bool(for_good)}"
            f"({', '.join(sorted(for_good or names.values()))}) : nommez d’abord quelqu’un d’autre."
        )


def outdate_invitations(
    *, decided: Collection[tuple[int, str]] = (), left: Collection[str] = ()
) -> None:
    """`decided`: at a site, over whom; `left`: addresses that open no account any more. However an
    invitation was typed."""
    people = {(site, email.lower()) for site, email in decided}
    nobody = {email.lower() for email in left}
    waiting = Invitation.objects.open()
    older = [
        pk
        for pk, site, email in waiting.values_list("pk", "site", "email")
        if email.lower() in nobody or (site, email.lower()) in people
    ]
    waiting.filter(pk__in=older).update(revoked_at=timezone.now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
