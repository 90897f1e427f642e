"""Writes what readers ask about a passage, and what staff do of it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from observations import queries
from observations.composer.document import Document, from_json
from observations.composer.privacy import Decision
from observations.composer.redaction import lines_of
from observations.composer.removal import (
    PASSAGE_REMOVED,
    answers_of_sentence,
    is_nearly,
    is_said,
    passages_of,
    sections_of,
    without_note,
    without_sentence,
)
from observations.enums import FlagOutcome, PassageKind, PublicChoice
from observations.exceptions import NotAllowedNow, PdfError
from observations.models import AnnualReport, Flag, Observation, Publication, User
from observations.rendering.reading import representations
from observations.services.locking import lock_report
from observations.services.privacy import write_decision
from observations.services.publishing import (
    prepare,
    save_publication,
    withdraw,
    withdraw_report,
)

TAKEN_AWAY = "Un passage a été retiré à la demande d’une personne."
NOWHERE = "absent"  # the place of a passage that the last number does not say any more
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


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to go: the words of the flag, and those of the last number, which may have changed
    since; empty when it does not say them any more."""

    effect: str
    is_note: bool
    quoted: str
    text: str

    @property
    def words(self) -> list[str]:
        return sorted({self.quoted, self.text} - {""})


def hide_passage(
    *, flag: Flag, by: User, reason: str, url: str, place: str = ""
) -> Publication | None:
    """What a person asked to take away is gone: the next number does not have it, the numbers
    that had it are withdrawn, and the live answers will not say it again unless somebody decides so.

    `place`: where it is in the last number when its words there are not those of the flag, or
    NOWHERE. When the next number cannot be drawn, the whole year is withdrawn and None is
    returned. Raises NotAllowedNow, with nothing changed, when somebody has already handled it, or
    when the words would still be read somewhere.
    """
    report = flag.publication.report
    last = report.publications.readable().order_by("-number").first()
    if last is None or flag.outcome != FlagOutcome.OPEN.value:
        raise NotAllowedNow("Ce signalement est déjà traité.")
    document = from_json(last.document)
    removal = _removal(flag, document, place)
    if removal.text:
        following, pdf = _next_number(last, _without(report, document, removal), by, url)
    else:
        following, pdf = last, _file_of(last)
    if following is not None:
        _refuse_what_is_left(following, pdf, url, removal)
    with transaction.atomic():
        lock_report(report)
        _refuse_what_moved(flag, last)
        if following is None:
            withdraw(report, by, reason or TAKEN_AWAY)
        else:
            if following is not last:
                save_publication(following, pdf)
            withdraw(report, by, TAKEN_AWAY, before=following.number)
        forget(report, removal, by)
        for same in _flags_of(removal, report):
            _close(same, FlagOutcome.HIDDEN, by, reason)
    return following


def _flags_of(removal: Removal, report: AnnualReport) -> QuerySet[Flag]:
    """Several people may have asked for the same."""
    rows = Flag.objects.filter(publication__report=report, outcome=FlagOutcome.OPEN.value)
    return rows.filter(quoted=removal.quoted, place__startswith=f"{removal.effect}/")


def _file_of(publication: Publication) -> bytes:
    with publication.pdf.open() as stored:
        content: bytes = stored.read()
        return content


def _next_number(
    last: Publication, document: Document, by: User, url: str
) -> tuple[Publication | None, bytes]:
    """Not saved; None when it cannot be drawn."""
    try:
        following, pdf = prepare(
            report=last.report, document=document, last=last, by=by, url=url, reason=TAKEN_AWAY
        )
    except PdfError:
        return None, b""
    following.transmitted_by_id = last.transmitted_by_id
    following.reviewed_by_id = last.reviewed_by_id
    return following, pdf


def still_read(flag: Flag) -> list[int]:
    """Other years of the site whose readers still get the passage, or nearly. 1 query."""
    rows = Publication.objects.readable().filter(report__site=flag.publication.report.site_id)
    return sorted(
        {
            year
            for year, data in rows.values_list("report__year", "document")
            if any(
                is_nearly(text, flag.quoted)
                for section in sections_of(from_json(data))
                for text in section.note
            )
        }
    )


def _removal(flag: Flag, document: Document, place: str) -> Removal:
    effect, _, part = flag.place.partition("/")
    is_note = part.startswith("n")
    present = {
        place: text
        for section in sections_of(document)
        if section.code == effect
        for place, text in passages_of(section)
        if text != PASSAGE_REMOVED
    }
    if place == NOWHERE or not present:
        return Removal(effect, is_note, flag.quoted, "")
    if place and place in present:
        return Removal(effect, "/n" in place, flag.quoted, present[place])
    if not place and flag.quoted in present.values():
        return Removal(effect, is_note, flag.quoted, flag.quoted)
    raise NotAllowedNow(
        "Ce passage n’est plus écrit ainsi : rien n’est retiré. Choisissez le passage à retirer."
    )


def _without(report: AnnualReport, document: Document, removal: Removal) -> Document:
    if removal.is_note:
        for words in removal.words:
            document = without_note(document, words)
        return document
    asked = queries.asked_of(report, removal.effect)
    told = next((row for row in document.data if row.code == removal.effect), None)
    answers = answers_of_sentence(asked[0], told, removal.text) if asked and told else None
    return without_sentence(document, removal.effect, removal.text, answers)


def _refuse_what_is_left(publication: Publication, pdf: bytes, url: str, removal: Removal) -> None:
    """Reads what readers would get. Another effect may say the same sentence of its own."""
    document = from_json(publication.document)
    said = {row.text for section in sections_of(document) for row in section.passages}
    words = [text for text in removal.words if removal.is_note or text not in said]
    left = [
        name
        for name, text in representations(publication, pdf, url).items()
        if any(is_said(row, text) for row in words)
    ]
    if left:
        raise NotAllowedNow(
            f"Le passage se lirait encore dans {', '.join(left)} : rien n’est retiré. "
            "Retirez tout le rapport, ou demandez au lieu de le corriger."
        )


def _refuse_what_moved(flag: Flag, last: Publication) -> None:
    """Under the report's lock: somebody else may have handled it, or published, meanwhile."""
    if Flag.objects.get(pk=flag.pk).outcome != FlagOutcome.OPEN.value:
        raise NotAllowedNow("Ce signalement est déjà traité.")
    if Publication.objects.filter(report=last.report_id, number__gt=last.number).exists():
        raise NotAllowedNow("Un autre numéro vient de paraître : recommencez, rien n’a été retiré.")


def forget(report: AnnualReport, removal: Removal, by: User | None) -> None:
    """In the live answers: a paragraph goes from every note of the year; where its own note does
    not have it as it was published, that note goes; a composed sentence takes its effect."""
    own = None
    for row in report.observations.select_related("effect"):
        found = False
        for _, line in lines_of(queries.wording_of(row)) if removal.is_note else ():
            if any(is_nearly(line, words) for words in removal.words):
                key = (PassageKind.FLAGGED, line, line)
                write_decision(row, key, Decision(PublicChoice.GENERALISE), by)
                found = True
        own = row if row.effect.code == removal.effect and not found else own
    if own is not None and removal.text:
        _keep_back(own, removal, by)


def _keep_back(row: Observation, removal: Removal, by: User | None) -> None:
    if removal.is_note:
        row.note_is_public = False
    else:
        row.is_public = False
    row.public_by, row.public_at = by, timezone.now()
    row.save(update_fields=["is_public", "note_is_public", "public_by", "public_at"])


def withdraw_all(*, flag: Flag, by: User, reason: str) -> None:
    """Takes the whole year away from readers, which always ends what a flag is about."""
    with transaction.atomic():
        report = lock_report(flag.publication.report)
        if Flag.objects.get(pk=flag.pk).outcome != FlagOutcome.OPEN.value:
            raise NotAllowedNow("Ce signalement est déjà traité.")
        effect, _, part = flag.place.partition("/")
        withdraw_report(report=report, by=by, reason=reason or TAKEN_AWAY)
        removal = Removal(effect, part.startswith("n"), flag.quoted, "")
        forget(report, removal, by)
        for same in _flags_of(removal, report):
            _close(same, FlagOutcome.HIDDEN, by, reason)


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
