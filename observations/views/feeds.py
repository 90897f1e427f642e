"""For search engines and feed readers: published reports only, indexed ones for the former."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from observations import queries
from observations.models import Publication

_SHOWN = 50


class PublishedReports(Feed):
    feed_type = Atom1Feed
    title = "Rapports publiés dans Effets"
    subtitle = "Effets sociaux et urbains des tiers-lieux"
    language = "fr"

    def link(self) -> str:
        return reverse("public_home")

    def items(self) -> list[Publication]:
        rows = queries.published_reports()
        return sorted(rows, key=lambda row: row.published_at, reverse=True)[:_SHOWN]

    def item_title(self, item: Publication) -> str:
        return f"{item.report.site.name}, {item.report.year}"

    def item_description(self, item: Publication) -> str:
        return item.reason or f"Publication n° {item.number}."

    def item_link(self, item: Publication) -> str:
        return reverse("public", args=[item.report.site.slug, item.report.year])

    def item_guid(self, item: Publication) -> str:
        return f"{settings.SITE_URL}/p/{item.code}/"

    def item_updateddate(self, item: Publication) -> datetime:
        return item.published_at


feed = login_not_required(require_safe(PublishedReports()))


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Only the sites that want to be found."""
    rows = [row for row in queries.published_reports() if row.report.site.is_indexed]
    context = {"publications": rows, "site_url": settings.SITE_URL}
    return render(request, "sitemap.xml", context, content_type="application/xml")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    text = f"User-agent: *\nAllow: /\n\nSitemap: {settings.SITE_URL}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
