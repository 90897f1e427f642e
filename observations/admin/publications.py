"""Publications, to look up only: what is published is never edited."""

from django.contrib import admin
from django.http import HttpRequest

from observations.models import Publication


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    list_display = ("report", "number", "published_at", "published_by", "reason")
    list_filter = ("report__year",)
    search_fields = ("report__site__name", "sha256", "fingerprint")
    list_select_related = ("report__site", "published_by")
    fields = ("report", "number", "published_at", "published_by", "reason", "fingerprint", "sha256")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        return False
