"""When a request cannot be honoured: say what happened, what is kept, what to do.

What was typed comes back in the page, ready to be sent again.
"""

import sys

from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.defaults import server_error as plain_server_error

RETRY_SECONDS = 5
_SECRET = ("csrfmiddlewaretoken", "code", "credential")


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is full, locked or away is said as such; anything else is a plain 500."""
    if not isinstance(sys.exc_info()[1], OperationalError):
        return plain_server_error(request)
    return _kept(
        request,
        "unavailable",
        503,
        "L’enregistrement n’est pas possible pour le moment",
        "La base de données ne répond pas. Votre texte est encore ici : attendez un instant, "
        "puis envoyez-le de nouveau.",
    )


def busy(request: HttpRequest) -> HttpResponse:
    """The draft of a PDF, while enough others are being made."""
    response = _kept(
        request,
        "busy",
        503,
        "Plusieurs PDF sont en préparation",
        "Le vôtre n’a pas été commencé, et rien n’a changé : attendez un instant, puis réessayez.",
    )
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Somebody signed in from another tab: this page's token is older than their session."""
    if not _comes_from_here(request):
        return HttpResponse(render_to_string("403_csrf.html"), status=403)
    return _kept(
        request,
        "stale_token",
        403,
        "Cette page était ouverte depuis trop longtemps",
        "Par sécurité, l’envoi n’a pas été accepté. Votre texte est encore ici : "
        "relisez-le, puis envoyez-le de nouveau.",
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """Anybody who is not signed in, at a private page."""
    if request.method == "POST":
        return _kept(
            request,
            "signed_out",
            401,
            "Votre session est terminée",
            "Votre texte est encore ici. Connectez-vous dans un autre onglet, "
            "revenez à celui-ci, puis envoyez-le de nouveau.",
            must_sign_in=True,
        )
    if wants_json(request):
        return JsonResponse({"state": "signed_out"}, status=401)
    return redirect_to_login(request.get_full_path())


def _comes_from_here(request: HttpRequest) -> bool:
    """As the browser says it, which a page of another site cannot change."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _kept(
    request: HttpRequest,
    state: str,
    status: int,
    title: str,
    explanation: str,
    *,
    must_sign_in: bool = False,
) -> HttpResponse:
    """Asks nothing of the database: it may be what failed."""
    if wants_json(request):
        return JsonResponse({"state": state}, status=status)
    posted = request.POST.lists() if request.method == "POST" else ()
    fields = [
        (name, value)
        for name, values in posted
        for value in values
        if "password" not in name and name not in _SECRET
    ]
    context = {
        "title": title,
        "explanation": explanation,
        "action": request.get_full_path(),
        "fields": fields,
        "csrf_token": get_token(request),
        "login": reverse("account_login") if must_sign_in else "",
    }
    return HttpResponse(render_to_string("kept.html", context), status=status)
