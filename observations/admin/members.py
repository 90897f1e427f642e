"""What the pages of places and of people share: both decide who works where."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from observations.admin.refusals import TellsRefusals
from observations.services.memberships import deciding_members


class _Decides(admin.ModelAdmin):
    """Saving, deleting and the acts of the list go through the rule of memberships."""

    def changeform_view(self, request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        with _rule(request):
            return super().changeform_view(request, *args, **rest)

    def delete_view(self, request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        with _rule(request):
            return super().delete_view(request, *args, **rest)

    def changelist_view(self, request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        with _rule(request):
            return super().changelist_view(request, *args, **rest)


class DecidesMembers(TellsRefusals, _Decides):
    """And what that rule refuses is told."""


def _rule(request: HttpRequest) -> AbstractContextManager[None]:
    return deciding_members() if request.method == "POST" else nullcontext()
