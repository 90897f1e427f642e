"""What django-allauth asks us to decide."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django import forms
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse

from observations.models import User
from observations.rendering.mail import html_of


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Accounts are given by the network, never taken; every mail goes out as text and as HTML."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        mail: EmailMessage = super().render_mail(*args, **kwargs)
        if isinstance(mail, EmailMultiAlternatives):
            mail.attach_alternative(html_of(str(mail.subject), str(mail.body)), "text/html")
        return mail


class SharedDevice(forms.Form):
    """On a device that others use, the session ends with the browser and nothing stays behind."""

    shared_device = forms.BooleanField(label="Appareil partagé", required=False)

    def clean(self) -> Any:
        cleaned = super().clean()
        self._mark()
        return cleaned

    def _mark(self) -> None:
        session = context.request.session
        session["shared_device"] = bool(self.cleaned_data.get("shared_device"))
        session.set_expiry(0 if session["shared_device"] else None)


class LoginForm(SharedDevice, account_forms.LoginForm):  # type: ignore[misc]  # untyped library
    def login(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().login(*args, **kwargs)
        self._mark()  # allauth has just set how long it remembers
        return response


class RequestLoginCodeForm(SharedDevice, account_forms.RequestLoginCodeForm):  # type: ignore[misc]  # untyped library
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Adresse e-mail"
        self.order_fields(["email", "shared_device"])


def display_name(user: User) -> str:
    return str(user)
