from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from observations.access import must_use_mfa
from observations.views.device import release
from observations.views.errors import signed_out

GetResponse = Callable[[HttpRequest], HttpResponse]
NOBODY = "-"  # no digit: never the id of a person


def no_nul(get_response: GetResponse) -> GetResponse:
    """Nobody types the character NUL, and PostgreSQL refuses it: no page is at such an address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = unquote(request.META.get("QUERY_STRING", ""))
        if any("\0" in sent for sent in (request.path_info, query, *request.COOKIES.values())):
            raise Http404
        return get_response(request)

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Unless a view said otherwise, a page is kept by no cache and no search engine.

    `Effets-Person` tells the service worker whose page it is, so that a device that may keep
    pages never shows one person's to another; a shared device keeps nobody's. `Effets-Release`
    tells it whether the page goes with the files that it keeps.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
            user = getattr(request, "user", None)
            # After an error the database may be away: who it is was asked once already.
            if response.status_code < 500 and user is not None and user.is_authenticated:
                shared = request.session.get("shared_device")
                response["Effets-Person"] = NOBODY if shared else str(user.pk)
                response["Effets-Release"] = release()
        response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return middleware


class SignedInOnly(LoginRequiredMiddleware):
    """What was typed before a session ended is given back, not lost in a redirection."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        # Django asks who it is first: a reader's page would read the session and vary by cookie.
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # the stubs know only redirections
        self, request: HttpRequest, view_func: Callable[..., HttpResponse]
    ) -> HttpResponse:
        return signed_out(request)


def second_factor(get_response: GetResponse) -> GetResponse:
    """Those who see every site set up a second factor before anything else."""
    setting_up = (
        reverse("mfa_index"),
        reverse("account_logout"),
        reverse("account_reauthenticate"),
        reverse("account_email"),  # an address that is not proved yet takes no second factor
        reverse("account_email_verification_sent"),
    )

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            not settings.MFA_REQUIRED
            # Without a session nobody is signed in: a reader's page must not vary by cookie.
            or settings.SESSION_COOKIE_NAME not in request.COOKIES
            or not must_use_mfa(request.user)
            or request.path.startswith(setting_up)
            or is_mfa_enabled(request.user)
        ):
            return get_response(request)
        messages.warning(
            request,
            "Votre rôle ouvre tous les lieux : ajoutez d’abord une seconde vérification à votre compte.",
        )
        return redirect("mfa_index")

    return middleware
