"""Editions: prepared for the next year, compared with the one before, taken to another network."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse

from observations import queries
from observations.admin.questionnaires import QuestionnaireAdmin, QuestionnaireInline, is_locked
from observations.composer.questionnaire.editions import Difference, differences
from observations.composer.questionnaire.origin import common_core
from observations.exceptions import ImportRefused, NotAllowedNow
from observations.exchange.questionnaire import read_questionnaire, write_questionnaire
from observations.models import Edition, Effect, Vocabulary
from observations.services.editions import copy_edition, import_edition


class EditionFileForm(forms.Form):
    file = forms.FileField(label="Fichier d’une édition (.json)")


class EffectInline(QuestionnaireInline):
    model = Effect
    prepopulated_fields = {"code": ("title",)}
    fields = ("position", "scale", "title", "code", "not_observed", "not_applicable")
    can_delete = False


class VocabularyInline(QuestionnaireInline):
    model = Vocabulary
    prepopulated_fields = {"code": ("title",)}
    fields = ("title", "code")
    can_delete = False


@admin.register(Edition)
class EditionAdmin(QuestionnaireAdmin):
    list_display = ("__str__", "title", "state", "effect_count")
    list_filter = ("state",)
    search_fields = ("title",)
    inlines = (EffectInline, VocabularyInline)
    actions = ("prepare_next",)
    change_list_template = "admin/observations/edition/change_list.html"
    change_form_template = "admin/observations/edition/change_form.html"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # A locked edition can still be unlocked: its words are held by the other admins.
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        return ("first_year", "title") if is_locked(obj) else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        editions: QuerySet[Edition] = super().get_queryset(request)
        return editions.annotate(effects_total=Count("effects"))

    @admin.display(description="effets")
    def effect_count(self, edition: Edition) -> int:
        return edition.effects_total  # type: ignore[attr-defined,no-any-return]  # annotated above

    @admin.action(description="Préparer l’édition de l’année suivante, à partir de celle-ci")
    def prepare_next(self, request: HttpRequest, editions: QuerySet[Edition]) -> None:
        for edition in editions:
            try:
                copy = copy_edition(edition=edition, first_year=edition.first_year + 1)
            except NotAllowedNow as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, f"{copy} est prête à modifier, encore en préparation.")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("importer/", view(self.import_view), name="observations_edition_import"),
            path("<int:pk>/exporter/", view(self.export_view), name="observations_edition_export"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **rest: Any
    ) -> HttpResponse:
        edition = rest.get("obj")
        context |= _compared(edition) if edition else {}
        return super().render_change_form(request, context, *args, **rest)

    def export_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = get_object_or_404(Edition, pk=pk)
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        given, name = queries.edition_input(edition), f"edition-{edition.first_year}"
        if "commun" in request.GET:
            given, name = replace(given, effects=common_core(given.effects)), f"{name}-commun"
        response = HttpResponse(write_questionnaire(given), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return response

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A file with a fault is refused whole, with everything that is wrong with it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EditionFileForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                given = read_questionnaire(form.cleaned_data["file"].read())
                edition = import_edition(edition=given)
            except (ImportRefused, NotAllowedNow) as error:
                form.add_error("file", str(error).split("\n"))
            else:
                self.message_user(request, f"{edition} est importée, encore en préparation.")
                return redirect(reverse("admin:observations_edition_change", args=[edition.pk]))
        context = {**self.admin_site.each_context(request), "form": form, "opts": self.opts}
        return render(request, "admin/observations/edition/import.html", context)


def _compared(edition: Edition) -> dict[str, Any]:
    """What it says otherwise than the edition before. 17 queries."""
    earlier = Edition.objects.filter(first_year__lt=edition.first_year).first()
    if earlier is None:
        return {}
    found: list[Difference] = differences(
        queries.edition_input(earlier), queries.edition_input(edition)
    )
    return {"earlier": earlier, "differences": found}
