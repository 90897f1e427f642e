"""Places and who works there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from observations.admin.help_texts import TypographicHelp
from observations.admin.members import DecidesMembers
from observations.composer.language.french import name_with_de, typography
from observations.models import AnnualReport, Membership, Site


class SiteForm(forms.ModelForm):
    name_with_de = forms.CharField(
        label="nom précédé de « de »",
        required=False,
        max_length=130,
        help_text=typography(
            "Laissez vide pour une proposition. Exemple : « du WIP », « d’Arche »."
        ),
    )

    class Meta:
        model = Site
        fields = "__all__"  # noqa: DJ007  # an admin edits all of it

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("name_with_de") and cleaned.get("name"):
            cleaned["name_with_de"] = name_with_de(cleaned["name"])
        return cleaned


class MembershipInline(TypographicHelp, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Site)
class SiteAdmin(TypographicHelp, DecidesMembers):
    form = SiteForm
    list_display = ("name", "name_with_de", "city", "postcode", "inclusive_writing")
    list_filter = ("inclusive_writing",)
    search_fields = ("name", "slug", "city", "postcode")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)


@admin.register(AnnualReport)
class AnnualReportAdmin(admin.ModelAdmin):
    """To look up only: answers are recorded on their own pages."""

    list_display = ("site", "year", "edition", "state")
    list_filter = ("state", "year")
    search_fields = ("site__name",)
    list_select_related = ("site", "edition")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AnnualReport | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AnnualReport | None = None) -> bool:
        return False
