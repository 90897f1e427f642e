"""The admin's home, in the order of the work."""

from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

SECTIONS = {
    "Questionnaire": ("Edition", "Effect", "Question", "Category", "Sentence", "Vocabulary"),
    "Campagne": ("AnnualReport", "Publication"),
    "Lieux": ("Site",),
    "Personnes": ("User", "Authenticator"),
}
FRENCH_NAMES = {"Authenticator": "Seconds facteurs", "Failure": "Travaux qui ont échoué"}


class Administration(AdminSite):
    site_header = "Effets · administration"
    site_title = "Effets"
    index_title = "Questionnaire, campagne, lieux et personnes"
    index_template = "admin/home.html"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """With the editions that count now: 2 queries more."""
        if not request.user.has_perm("observations.view_edition"):
            return super().index(request, extra_context)
        year = timezone.localdate().year
        editions = apps.get_model("observations", "Edition").objects
        extra = {
            "current_year": year,
            "current_edition": editions.for_year(year),
            "editions_to_come": editions.filter(first_year__gt=year),
        }
        return super().index(request, (extra_context or {}) | extra)

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """By section; what has none is reached by its address."""
        known: list[dict[str, Any]] = super().get_app_list(request, app_label)
        if app_label is not None:
            return known
        found = {row["object_name"]: row for app in known for row in app["models"]}
        for name, french in FRENCH_NAMES.items():
            if name in found:
                found[name]["name"] = french
        return [
            {
                "name": title,
                "app_label": f"section-{rank}",
                "app_url": rows[0]["admin_url"],
                "has_module_perms": True,
                "models": rows,
            }
            for rank, (title, names) in enumerate(SECTIONS.items())
            if (rows := [found[name] for name in names if name in found])
        ]
