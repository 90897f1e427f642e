"""Freezes a report: what is published is a copy that nothing later touches."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from observations import queries
from observations.composer.comparing.corrections import changes_between
from observations.composer.compose import compose
from observations.composer.protecting.removal import says_again
from observations.composer.saying.document import SCHEMA, Document, from_json, to_json
from observations.exceptions import NotAllowedNow
from observations.lifecycle import PUBLISH, WITHDRAW
from observations.models import AnnualReport, Publication, User
from observations.rendering.colophon import colophon_of
from observations.rendering.html import fingerprint
from observations.rendering.pdf import render_pdf
from observations.services import ledger
from observations.services.acting import begin, conclude, refuse

MOVED = "Ce rapport vient de changer : rien n’est fait. Relisez-le, puis recommencez."


def publish_report(
    *,
    report: AnnualReport,
    by: User,
    url: str,
    reason: str = "",
    seen: str = "",
    must_be_reviewed: bool = False,
) -> Publication:
    """Draws the PDF, then records the next publication, or nothing.

    Drawing takes time, and others write meanwhile: under the lock every guard is asked again, and
    what was drawn must still be what the year says. `url` is the report's public address, printed
    on paper; `seen`: the fingerprint of the report that was read, empty when nobody says. Raises
    NotAllowedNow with the sentence that says what is still to do, and PdfError.
    """
    last = _last(report)
    refuse_to_publish(report, last, by, reason, must_be_reviewed=must_be_reviewed)
    document = compose(queries.report_inputs(report))
    if seen and seen != fingerprint(document):
        raise NotAllowedNow(MOVED)
    refuse_what_was_removed(report, document)
    publication, pdf = prepare(
        report=report, document=document, last=last, by=by, url=url, reason=reason
    )
    with transaction.atomic():
        locked = begin(report, PUBLISH)
        refuse_to_publish(locked, _last(locked), by, reason, must_be_reviewed=must_be_reviewed)
        refuse_what_was_not_seen(locked, publication.fingerprint)
        refuse_what_was_removed(locked, document)
        if _last(locked) != last:
            raise NotAllowedNow(MOVED)
        current = queries.current_round(locked)
        publication.submitted_by_id = current.submitted_by_id if current else None
        publication.reviewed_by_id = (current.reviewed_by_id if current else None) or by.pk
        save_publication(publication, pdf)
        if current is not None and current.reviewed_at is None:
            current.reviewed_by, current.reviewed_at = by, publication.published_at
            current.save(update_fields=["reviewed_by", "reviewed_at"])
        conclude(locked, PUBLISH, by, number=publication.number)
    return publication


def _last(report: AnnualReport) -> Publication | None:
    return report.publications.order_by("-number").first()


def refuse_what_was_not_seen(report: AnnualReport, seen: str) -> None:
    """`seen`: the fingerprint of what somebody read or drew. Raises NotAllowedNow."""
    if seen and fingerprint(compose(queries.report_inputs(report))) != seen:
        raise NotAllowedNow(MOVED)


def refuse_what_was_removed(report: AnnualReport, document: Document) -> None:
    """Reads the report itself, after every decision. Raises NotAllowedNow."""
    if not (removed := queries.removed_from(report.site_id)):
        return
    wanted = queries.wanted_again(queries.note_reviews(report))
    if titles := says_again(document, removed, queries.removed_in(report), wanted):
        raise NotAllowedNow(
            f"Un passage retiré à la demande d’une personne se lirait de nouveau : {', '.join(titles)}. "
            "Changez ces mots, ou décidez dans « Ce qui sera public »."
        )


def refuse_to_publish(
    report: AnnualReport,
    last: Publication | None,
    by: User,
    reason: str,
    *,
    must_be_reviewed: bool = False,
) -> None:
    """Raises NotAllowedNow: every guard says in a sentence what to do."""
    refuse(report, PUBLISH)
    current = queries.current_round(report)
    if last is not None and not reason:
        raise NotAllowedNow(
            f"La publication n° {last.number} existe déjà : dites pourquoi vous la corrigez."
        )
    is_reviewed = current is not None and current.reviewed_by_id is not None
    if must_be_reviewed and not is_reviewed:
        raise NotAllowedNow("Ce rapport n’est plus relu : quelqu’un doit d’abord le relire.")
    if report.site.needs_two_people:
        if not is_reviewed:
            raise NotAllowedNow("Ce lieu demande deux personnes : quelqu’un doit d’abord relire.")
        if current is not None and current.reviewed_by_id == by.pk:
            raise NotAllowedNow(
                "Ce lieu demande deux personnes : vous avez relu, une autre doit publier."
            )
    reviews = queries.note_reviews(report)
    if stale := [row.observation.effect.title for row in reviews if row.is_stale]:
        raise NotAllowedNow(
            f"La note a changé depuis sa réécriture pour le public : {', '.join(stale)}."
        )
    if waiting := sum(len(row.waiting) for row in reviews):
        s = "s" if waiting > 1 else ""
        raise NotAllowedNow(
            f"{waiting} passage{s} de notes attend{'ent' if s else ''} une décision : "
            "ouvrez « Ce qui sera public »."
        )


def prepare(
    *,
    report: AnnualReport,
    document: Document,
    last: Publication | None,
    by: User,
    url: str,
    reason: str,
) -> tuple[Publication, bytes]:
    """The number after `last`, not saved, and its PDF. Raises PdfError."""
    publication = Publication(
        report=report,
        number=last.number + 1 if last else 1,
        document=to_json(document),
        document_schema=SCHEMA,
        fingerprint=fingerprint(document),
        published_by=by,
        published_at=timezone.now(),
        reason=reason,
        changes=changes_between(from_json(last.document), document) if last else [],
    )
    pdf = render_pdf(document, colophon_of(publication, url))
    publication.sha256 = hashlib.sha256(pdf).hexdigest()
    return publication, pdf


def save_publication(publication: Publication, pdf: bytes) -> None:
    publication.pdf.save("rapport.pdf", ContentFile(pdf), save=False)
    publication.save(force_insert=True)


@transaction.atomic
def withdraw_report(*, report: AnnualReport, by: User, reason: str) -> int:
    """Takes every number of this year away from readers, at once. Returns how many."""
    if not reason:
        raise NotAllowedNow("Dites pourquoi ce rapport est retiré : le motif est gardé.")
    locked = begin(report, WITHDRAW)
    if not (numbers := withdraw(locked, by, reason)):
        raise NotAllowedNow("Ce rapport n’est pas publié.")
    conclude(locked, WITHDRAW, by, numbers=numbers)
    return len(numbers)


def withdraw(
    locked: AnnualReport, by: User, reason: str, *, before: int | None = None
) -> list[int]:
    """Takes every number, or those under `before`, away from readers, and writes it down."""
    rows = locked.publications.readable()
    if before is not None:
        rows = rows.filter(number__lt=before)
    at = timezone.now()
    gone = list(rows.select_related("report__site").defer("document", "changes"))
    ledger.write_down_withdrawn(gone, by, reason, at)
    rows.update(withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason)
    return [row.number for row in gone]
