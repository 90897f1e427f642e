"""Writes who works for a site: invitations, roles, end dates."""

import hashlib
from datetime import date, timedelta
from secrets import token_urlsafe
from smtplib import SMTPException
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from observations.enums import Role
from observations.exceptions import MailNotSent, NotAllowedNow
from observations.models import Invitation, Membership, Site, User
from observations.rendering.mail import build_mail

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
    """Raises NotAllowedNow when the link is spent, or was sent to somebody else."""
    invitation = _spend(token)
    if invitation.email.lower() != user.email.lower():
        raise NotAllowedNow("Cette invitation est adressée à une autre personne.")
    membership, _ = Membership.objects.update_or_create(
        user=user, site=invitation.site, defaults={"role": invitation.role, "ends_on": None}
    )
    return membership


@transaction.atomic
def join_with_new_account(*, token: str, name: str, password: str) -> Membership:
    """The invited person had no account. The mail reached them: their address is verified."""
    invitation = find_invitation(token)
    if invitation is None or User.objects.filter(email__iexact=invitation.email).exists():
        raise NotAllowedNow(_SPENT)
    user = User.objects.create_user(invitation.email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return accept_invitation(token=token, user=user)


_SPENT = "Ce lien a déjà servi, a expiré ou a été annulé : demandez une nouvelle invitation."


def _spend(token: str) -> Invitation:
    """One at a time for a site: of two who follow the link together, the second finds it spent."""
    found = find_invitation(token)
    if found is not None:
        _lock(found.site)
        found = find_invitation(token)
    if found is None:
        raise NotAllowedNow(_SPENT)
    found.accepted_at = timezone.now()
    found.save(update_fields=["accepted_at"])
    return found


@transaction.atomic
def change_membership(*, membership: Membership, role: Role, ends_on: date | None) -> None:
    """`ends_on` is the last day. Raises NotAllowedNow when no manager would be left."""
    _lock(membership.site)
    locked = Membership.objects.get(pk=membership.pk)
    managed = _has_lasting_manager(membership.site)
    locked.role, locked.ends_on = role.value, ends_on
    locked.save(update_fields=["role", "ends_on"])
    if managed and not _has_lasting_manager(membership.site):
        raise NotAllowedNow(
            "Un lieu garde au moins un ou une gestionnaire sans date de fin : "
            "nommez d’abord quelqu’un d’autre."
        )


def end_membership(*, membership: Membership) -> None:
    """From now on: nothing of the site is seen at the next request."""
    yesterday = timezone.localdate() - timedelta(days=1)
    change_membership(membership=membership, role=Role(membership.role), ends_on=yesterday)


def _has_lasting_manager(site: Site) -> bool:
    return site.memberships.filter(role=Role.MANAGER.value, ends_on=None).exists()


def _lock(site: Site) -> None:
    Site.objects.select_for_update(of=("self",)).get(pk=site.pk)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
