"""From a stored publication to what is printed of it; apart, for the PDF process has no models."""

from django.conf import settings
from django.urls import reverse

from observations.models import Publication
from observations.rendering.html import Colophon


def public_url(slug: str, year: int) -> str:
    return settings.SITE_URL + reverse("public", args=[slug, year])


def colophon_of(publication: Publication, url: str) -> Colophon:
    """`url` is the report's public address."""
    return Colophon(
        number=publication.number,
        published_at=publication.published_at,
        fingerprint=publication.fingerprint,
        reason=publication.reason,
        url=url,
        code=publication.code,
        changes=tuple(publication.changes),
    )
