"""Writes what makes an account somebody's: the address that they proved, and what goes with it.

An account has one address, `User.email`, kept beside it as allauth's EmailAddress, which knows
whether its owner proved it: by a code or a link that was mailed there, never by typing it.
"""

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from observations.access import must_use_mfa
from observations.models import User


def address_of(user: User) -> EmailAddress:
    """The account's own; not proved when nobody has yet."""
    address, _ = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True}
    )
    return address


def is_proved(user: User) -> bool:
    """Whether the owner of the account's address has shown that it is theirs. 1 query."""
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists())


def prove_address(*, user: User) -> None:
    """What was mailed to it came back, or whoever runs the server answers for it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": True}
    )


@transaction.atomic
def move_account(*, user: User) -> None:
    """Follows an address that an admin has just written: the former one opens nothing any more,
    and whoever was signed in signs in again. What was proved stays so: an admin answers for it."""
    was_proved = EmailAddress.objects.filter(user=user, verified=True).exists()
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=was_proved)
    end_sessions(user)


@transaction.atomic
def claim_account(*, user: User, but: str | None = None, keeps_password: bool = False) -> None:
    """The owner of the address has just proved it, from outside: whoever had the account before
    is let out, and what opened it no longer does.

    `but`: the key of the session in which they do. A second factor that the network asks for
    stays: a mailbox alone must not take it away.
    """
    end_sessions(user, but=but)
    if not must_use_mfa(user):
        Authenticator.objects.filter(user=user).delete()
    if not keeps_password:
        user.set_unusable_password()
        user.save(update_fields=["password"])


def end_sessions(user: User, *, but: str | None = None) -> None:
    """Ends those of this person, and their sign-ins half-way; `but`: the key of one that stays.

    Reads every session: an act of a few times a year.
    """
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        data = session.get_decoded()
        half_way = (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
        is_theirs = data.get(SESSION_KEY) == str(user.pk) or half_way == user_pk_to_url_str(user)
        if is_theirs and session.session_key != but:
            session.delete()
