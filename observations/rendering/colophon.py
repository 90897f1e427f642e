"""From a stored publication to what is printed of it; apart, for the PDF process has no models."""

from observations.models import Publication
from observations.rendering.html import Colophon


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
