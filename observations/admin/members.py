"""What the pages of places and of people share: both decide who works where."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from observations.exceptions import NotAllowedNow
from observations.services.memberships import deciding_members


class DecidesMembers(admin.ModelAdmin):
    """Saving, deleting and the acts of the list go through the rule of memberships; what it refuses
    is said on the page itself, with everything that was typed."""

    decides_by: str  # "sites" or "people": what its rows are to `deciding_members`

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with deciding_members(**self._rows([object_id])):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except NotAllowedNow as refusal:
            # Django had already said that it was saved: that went back with the rest.
            request._messages = default_storage(request)  # type: ignore[attr-defined]
            request.refusal = str(refusal)  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **rest: Any
    ) -> type[forms.ModelForm]:
        form: type[forms.ModelForm] = super().get_form(request, obj, change=change, **rest)
        refusal = getattr(request, "refusal", None)
        if refusal is None:
            return form

        class Refused(form):  # type: ignore[valid-type, misc]  # made by Django
            def clean(self) -> Any:
                self.add_error(None, refusal)
                return super().clean()

        return Refused

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        try:
            with deciding_members(**self._rows([object_id])):
                return super().delete_view(request, object_id, extra_context)
        except NotAllowedNow as refusal:
            return _refused(request, refusal)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with deciding_members(**self._rows(request.POST.getlist("_selected_action"))):
                return super().changelist_view(request, extra_context)
        except NotAllowedNow as refusal:
            return _refused(request, refusal)

    def _rows(self, keys: list[Any]) -> dict[str, list[int]]:
        return {self.decides_by: [int(key) for key in keys if str(key).isdecimal()]}


def _refused(request: HttpRequest, refusal: NotAllowedNow) -> HttpResponse:
    request._messages = default_storage(request)  # type: ignore[attr-defined]  # nothing was deleted
    messages.error(request, str(refusal))
    return redirect(request.get_full_path())
