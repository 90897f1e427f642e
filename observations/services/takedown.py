"""Writes what readers ask about a passage, and what staff do of it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from observations.composer.document import from_json, without_passage
from observations.composer.french import paragraphs
from observations.composer.privacy import Decision
from observations.enums import FlagOutcome, PassageKind, PublicChoice
from observations.exceptions import NotAllowedNow, PdfError
from observations.models import AnnualReport, Flag, Observation, Publication, User
from observations.queries import wording_of
from observations.services.privacy import write_decision
from observations.services.publishing import lock_report, prepare, save_publication, withdraw

TAKEN_AWAY = "Un passage a été retiré à la demande d’une personne."
A_DAY = timedelta(days=1)
FLAGS_A_DAY = 50  # on one publication: a flood hides nothing and must not fill the disk


def add_flag(
    *, publication: Publication, place: str, quoted: str, message: str, email: str
) -> Flag:
    recent = publication.flags.filter(sent_at__gte=timezone.now() - A_DAY)
    if recent.count() >= FLAGS_A_DAY:
        raise NotAllowedNow(
            "Ce rapport a reçu beaucoup de signalements aujourd’hui : écrivez plutôt à l’équipe."
        )
    same = recent.filter(place=place, message=message, email=email).first()
    return same or Flag.objects.create(
        publication=publication, place=place, quoted=quoted, message=message, email=email
    )


def hide_passage(*, flag: Flag, by: User, reason: str, url: str) -> Publication | None:
    """What a person asked to take away is gone: the next number does not have it, the numbers
    that had it are withdrawn, and the live answers will not say it again.

    When that number cannot be drawn, the whole year is withdrawn and None is returned.
    Raises NotAllowedNow when somebody has already handled it.
    """
    report = flag.publication.report
    last = report.publications.readable().order_by("-number").first()
    if last is None or flag.outcome != FlagOutcome.OPEN.value:
        raise NotAllowedNow("Ce signalement est déjà traité.")
    effect, _, part = flag.place.partition("/")
    document = without_passage(from_json(last.document), effect, flag.quoted)
    publication: Publication | None
    try:
        publication, pdf = prepare(
            report=report, document=document, last=last, by=by, url=url, reason=TAKEN_AWAY
        )
    except PdfError:
        publication, pdf = None, b""
    with transaction.atomic():
        lock_report(report)
        _refuse_what_moved(flag, last)
        if publication is None:
            withdraw(report, by, reason or TAKEN_AWAY)
        else:
            publication.transmitted_by_id = last.transmitted_by_id
            publication.reviewed_by_id = last.reviewed_by_id
            save_publication(publication, pdf)
            withdraw(report, by, TAKEN_AWAY, before=publication.number)
        _forget(report, effect, part, flag.quoted, by)
        _close(flag, FlagOutcome.HIDDEN, by, reason)
    return publication


def _refuse_what_moved(flag: Flag, last: Publication) -> None:
    """Under the report's lock: somebody else may have handled it, or published, meanwhile."""
    if Flag.objects.get(pk=flag.pk).outcome != FlagOutcome.OPEN.value:
        raise NotAllowedNow("Ce signalement est déjà traité.")
    if Publication.objects.filter(report=last.report_id, number__gt=last.number).exists():
        raise NotAllowedNow("Un autre numéro vient de paraître : recommencez, rien n’a été retiré.")


def _forget(report: AnnualReport, effect: str, part: str, quoted: str, by: User) -> None:
    """In the live answers: a paragraph of a note goes; what cannot be found in it takes the note
    along, and a composed sentence its effect."""
    row = Observation.objects.filter(report=report, effect__code=effect).first()
    if row is None:
        return
    for line in map(str.strip, wording_of(row).splitlines()):
        if part.startswith("n") and paragraphs(line) == (quoted,):
            key = (PassageKind.FLAGGED, line, line)
            write_decision(row, key, Decision(PublicChoice.GENERALISE), by)
            return
    if part.startswith("n"):
        row.note_is_public = False
    else:
        row.is_public = False
    row.public_by, row.public_at = by, timezone.now()
    row.save(update_fields=["is_public", "note_is_public", "public_by", "public_at"])


def keep_passage(*, flag: Flag, by: User, reason: str) -> None:
    if flag.outcome != FlagOutcome.OPEN.value:
        raise NotAllowedNow("Ce signalement est déjà traité.")
    if not reason:
        raise NotAllowedNow("Dites pourquoi ce passage reste : le motif est gardé.")
    _close(flag, FlagOutcome.KEPT, by, reason)


def _close(flag: Flag, outcome: FlagOutcome, by: User, reason: str) -> None:
    flag.outcome, flag.reason = outcome.value, reason
    flag.handled_by, flag.handled_at = by, timezone.now()
    flag.save(update_fields=["outcome", "reason", "handled_by", "handled_at"])
