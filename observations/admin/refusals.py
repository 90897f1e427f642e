"""What the rules of a service forbid, told on the admin's own pages."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from observations.exceptions import NotAllowedNow

_REFUSALS = "refusals"  # kept with the request


class TellsRefusals(admin.ModelAdmin):
    """What is refused once a page was saved whole is undone, and said on the page itself, with
    everything that was typed; what is refused of a deletion or of a list is said where it was asked."""

    def changeform_view(self, request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **rest)
        except NotAllowedNow as refusal:
            _unsay_success(request)
            vars(request)[_REFUSALS] = refusal.args
            return super().changeform_view(request, *args, **rest)

    def get_form(self, request: HttpRequest, *args: Any, **rest: Any) -> Any:
        form: Any = super().get_form(request, *args, **rest)
        refusals: tuple[str, ...] = vars(request).get(_REFUSALS, ())
        if not refusals:
            return form

        class Refused(form):  # type: ignore[misc]  # made by Django
            def clean(self) -> Any:
                self.add_error(None, list(refusals))
                return super().clean()

        return Refused

    def delete_view(self, request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **rest)
        except NotAllowedNow as refusal:
            return _asked_again(request, refusal)

    def changelist_view(self, request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        try:
            return super().changelist_view(request, *args, **rest)
        except NotAllowedNow as refusal:
            return _asked_again(request, refusal)


def _unsay_success(request: HttpRequest) -> None:
    """Django had already said that it was done: that went back with the rest."""
    request._messages = default_storage(request)  # type: ignore[attr-defined]


def _asked_again(request: HttpRequest, refusal: NotAllowedNow) -> HttpResponse:
    _unsay_success(request)
    messages.error(request, str(refusal))
    return redirect(request.get_full_path())
