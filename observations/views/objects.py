"""The first line of every private view: the object, for this user. Stranger 404, no right 403."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from observations.access import SiteAccess, site_access, visible_sites
from observations.models import AnnualReport, Site


def get_site(request: HttpRequest, slug: str, right: str = "can_view") -> tuple[Site, SiteAccess]:
    site = get_object_or_404(visible_sites(request.user), slug=slug)
    return site, _allowed(request, site, right)


def get_report(
    request: HttpRequest, slug: str, year: int, right: str = "can_view"
) -> tuple[AnnualReport, SiteAccess]:
    """`right` is a field of SiteAccess."""
    reports = AnnualReport.objects.filter(site__in=visible_sites(request.user))
    reports = reports.select_related("site", "edition")
    report = get_object_or_404(reports, site__slug=slug, year=year)
    return report, _allowed(request, report.site, right)


def _allowed(request: HttpRequest, site: Site, right: str) -> SiteAccess:
    access = site_access(request.user, site)
    if not getattr(access, right):
        raise PermissionDenied
    return access
