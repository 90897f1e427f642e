"""Freezes a report: what is published is a copy that nothing later touches."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from observations import queries
from observations.composer.compose import compose
from observations.composer.document import SCHEMA, to_json
from observations.enums import ReportState
from observations.exceptions import NotAllowedNow
from observations.models import AnnualReport, Publication, User
from observations.rendering.html import Colophon, fingerprint
from observations.rendering.pdf import render_pdf


def publish_report(*, report: AnnualReport, by: User, url: str, reason: str = "") -> Publication:
    """Draws the PDF, then records the next publication, or nothing.

    `url` is the report's public address, printed on paper. Raises NotAllowedNow when the site
    has not handed the report in, and PdfError.
    """
    if report.state != ReportState.SUBMITTED.value:
        raise NotAllowedNow("Seul un rapport transmis peut être publié.")
    document = compose(queries.report_inputs(report))
    last = report.publications.order_by("-number").first()
    publication = Publication(
        report=report,
        number=last.number + 1 if last else 1,
        document=to_json(document),
        document_schema=SCHEMA,
        fingerprint=fingerprint(document),
        published_by=by,
        published_at=timezone.now(),
        reason=reason,
    )
    pdf = render_pdf(document, colophon_of(publication, url))
    publication.sha256 = hashlib.sha256(pdf).hexdigest()
    with transaction.atomic():
        locked = AnnualReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if locked.state != ReportState.SUBMITTED.value:
            raise NotAllowedNow("Ce rapport vient de changer d’état : relisez-le avant de publier.")
        publication.pdf.save("rapport.pdf", ContentFile(pdf), save=False)
        publication.save(force_insert=True)
        locked.state = ReportState.PUBLISHED.value
        locked.save(update_fields=["state"])
    return publication


def colophon_of(publication: Publication, url: str) -> Colophon:
    return Colophon(
        number=publication.number,
        published_at=publication.published_at,
        fingerprint=publication.fingerprint,
        reason=publication.reason,
        url=url,
    )
