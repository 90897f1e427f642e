"""What django-allauth asks us to decide."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.internal.ratelimit import handler429
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from observations.models import User
from observations.rendering.mail import html_of
from observations.services import accounts, memberships

View = Callable[..., HttpResponse]
_PROVE_FIRST = "Confirmez d’abord votre adresse e-mail"
_STAGE_OF_EVERY_SIGN_IN = "allauth.account.stages.EmailVerificationStage"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # untyped library
    """Accounts are given by the network, never taken; every mail goes out as text and as HTML."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        mail: EmailMessage = super().render_mail(*args, **kwargs)
        if isinstance(mail, EmailMultiAlternatives):
            mail.attach_alternative(html_of(str(mail.subject), str(mail.body)), "text/html")
        return mail

    def get_login_stages(self) -> list[str]:
        """An admin may give somebody an account and a password: it opens before the first code."""
        stages: list[str] = super().get_login_stages()
        return [stage for stage in stages if stage != _STAGE_OF_EVERY_SIGN_IN]

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account_email")


def for_the_owner(view: View) -> View:
    """Whoever knows the first password of an account adds nothing that would stay when its owner
    proves the address."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        if isinstance(request.user, User) and not accounts.is_proved(request.user):
            messages.error(request, f"{_PROVE_FIRST} : c’est la première case ci-dessous.")
            return redirect("mfa_index")
        return view(request, *args, **rest)

    return asked


def too_often(request: HttpRequest) -> HttpResponse:
    """What allauth refuses. A second code is no fault: the first is on its way, and is typed where
    it was asked for."""
    match = request.resolver_match
    if match is None or match.url_name not in ("account_email", "invitation"):
        page: HttpResponse = handler429(request)
        return page
    messages.warning(
        request,
        "Un code est déjà parti : regardez vos messages, et les indésirables. "
        "Pour en demander un autre, laissez passer une minute.",
    )
    if EmailVerificationProcess.resume(request) is None:
        return redirect(request.path)
    next_page = f"?next={request.path}" if match.url_name == "invitation" else ""
    return redirect(reverse("account_email_verification_sent") + next_page)


def address_proved(request: HttpRequest, email_address: EmailAddress, **_: Any) -> None:
    """A code that was mailed there was typed here: by whoever is signed in, or to sign in."""
    user = email_address.user
    former = EmailAddress.objects.filter(user=user).exclude(email__iexact=email_address.email)
    memberships.outdate_invitations(left=former.values_list("email", flat=True))
    if request.user == user:
        accounts.end_sessions(user, but=request.session.session_key)
        return
    accounts.claim_account(user=user, but=request.session.session_key)
    messages.warning(
        request,
        "Votre adresse est confirmée. Par sécurité, ce qui ouvrait ce compte avant ne l’ouvre "
        "plus : choisissez un mot de passe dans « Mon compte ».",
    )


def password_chosen_by_mail(request: HttpRequest, user: User, **_: Any) -> None:
    address = accounts.address_of(user)
    if not address.verified and address.set_verified():
        here = request.session.session_key
        accounts.claim_account(user=user, but=here, keeps_password=True)


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


class AddEmailForm(account_forms.AddEmailForm):  # type: ignore[misc]  # untyped library
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Nouvelle adresse e-mail"

    def clean_email(self) -> str:
        if not accounts.is_proved(self.user):
            raise ValidationError(f"{_PROVE_FIRST}.")
        email: str = super().clean_email()
        return email


class RequestLoginCodeForm(SharedDevice, account_forms.RequestLoginCodeForm):  # type: ignore[misc]  # untyped library
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Adresse e-mail"
        self.order_fields(["email", "shared_device"])

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self._user is not None:
            accounts.address_of(self._user)  # the code will prove it
        return email


class Credential(forms.JSONField):
    """What a device answers, as JSON that anybody may have written."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError):  # too deep, or a number of 5,000 digits
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": ""}
            ) from None


class PasskeyForm(forms.Form):
    """allauth's, where an answer that lacks something or holds something else is a wrong answer."""

    credential = Credential(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # allauth's, beside us
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            raise get_mfa_adapter().validation_error("incorrect_code") from None


class LoginPasskeyForm(PasskeyForm, webauthn_forms.LoginWebAuthnForm):  # type: ignore[misc]  # untyped library
    pass


class AuthenticatePasskeyForm(PasskeyForm, webauthn_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]  # untyped library
    pass


class ReauthenticatePasskeyForm(PasskeyForm, webauthn_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # untyped library
    pass


def display_name(user: User) -> str:
    return str(user)
