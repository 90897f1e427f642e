"""What django-allauth asks us to decide."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from observations.models import User


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Accounts are given by the network, never taken."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def display_name(user: User) -> str:
    return str(user)
