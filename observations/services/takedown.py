"""What staff do of a flag: the passage goes, or stays."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from observations import queries
from observations.composer.protecting.likeness import is_said, words_of
from observations.composer.protecting.removal import (
    PASSAGE_REMOVED,
    answers_of_sentence,
    effect_of,
    generic_words,
    is_generic,
    is_note,
    lists_of,
    passages_of,
    says_sentence,
    sections_of,
    without_note,
    without_sentence,
)
from observations.composer.protecting.sealing import seal
from observations.composer.questionnaire.inputs import Key
from observations.composer.saying.document import Document, from_json
from observations.enums import FlagOutcome
from observations.exceptions import NotAllowedNow, PdfError
from observations.lifecycle import TAKE_DOWN, WITHDRAW
from observations.models import AnnualReport, Flag, Publication, User
from observations.rendering.reading import representations
from observations.services import ledger
from observations.services.acting import begin, conclude
from observations.services.forgetting import forget
from observations.services.publishing import (
    prepare,
    save_publication,
    withdraw,
)

TAKEN_AWAY = "Un passage a été retiré à la demande d’une personne."
_MOVED = "Un autre numéro vient de paraître, ou d’être retiré : recommencez, rien n’a changé."
NOWHERE = "absent"  # the place of a passage that the last number does not say any more


@dataclass(frozen=True, slots=True)
class Taken:
    """What an act took away. `following`: the number that readers get, None when they get none: the
    year was withdrawn before, or is now, because the next number could not be drawn. `passages`:
    places and words, first those that were asked."""

    following: Publication | None
    passages: list[tuple[str, str]]


def hide_passage(
    *, flag: Flag, by: User, reason: str, url: str, place: str = "", seen: int | None = None
) -> Taken:
    """What a person asked to take away is gone: the next number does not have it, the numbers
    that had it are withdrawn, and the live answers will not say it again unless somebody decides so.

    `place`: where it is in the last number when its words there are not those of the flag, or
    NOWHERE; `seen`: the number that was read to say so. Raises NotAllowedNow, with nothing changed,
    when somebody has already handled it, or when the words would still be read.
    """
    report = flag.publication.report
    last = report.publications.readable().order_by("-number").first()
    _refuse_what_is_handled(flag)
    if last and seen not in (None, last.number):
        raise NotAllowedNow(_MOVED)
    before = from_json(last.document) if last else None
    at, text = _where(flag, before, place) if before else (flag.place, "")
    gone = list(dict.fromkeys([(flag.place, flag.quoted), (at, text or flag.quoted)]))
    also, following, pdf = [], None, b""
    if last and before and text:
        gone += [row for row in _sentences_saying(before, gone) if row not in gone]
        lists = lists_of(before, gone)
        after = _without(report, before, [*gone, *lists])
        also = [*lists, *(row for row in _taken(before, after) if row not in gone)]
        following, pdf = _next_number(last, after, by, url)
    elif last:
        following, pdf = last, _file_of(last)
    if following is not None:
        _refuse_what_is_left(following, pdf, url, gone)
    with transaction.atomic():
        locked = begin(report, TAKE_DOWN)
        _refuse_what_moved(flag, locked, last)
        if following is None:
            _withdraw_all(locked, by, reason)
        else:
            if following is not last:
                save_publication(following, pdf)
            withdraw(locked, by, TAKEN_AWAY, before=following.number)
        gone += [(place, text if _tells(text) else flag.quoted) for place, text in also]
        _close_all(flag, locked, gone, by, reason, holds_back=bool(text) or last is None)
    return Taken(following, gone)


def _tells(text: str) -> bool:
    """A line of a paragraph that somebody cut may be a word that is everywhere."""
    return not words_of(text).is_thin


def _where(flag: Flag, document: Document, place: str) -> tuple[str, str]:
    """The place and the words in the last number; no words when it does not say it any more."""
    effect = effect_of(flag.place)
    present = {
        place: text
        for section in sections_of(document)
        if section.code == effect
        for place, text in passages_of(section)
        if text != PASSAGE_REMOVED
    }
    places = [at for at, text in present.items() if text == flag.quoted]
    if not present or (place == NOWHERE and not places):
        return flag.place, ""
    if place in present:
        return place, present[place]
    if not place and places:
        return (flag.place if flag.place in places else places[0]), flag.quoted
    raise NotAllowedNow(
        "Ce passage n’est plus écrit ainsi : rien n’est retiré. Choisissez le passage à retirer."
    )


def _sentences_saying(document: Document, gone: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Composed sentences, in any effect, that say what is to go of a note."""
    notes = [seal(text) for place, text in gone if is_note(place)]
    return [
        (place, text)
        for section in sections_of(document)
        for place, text in passages_of(section)
        if not is_note(place) and any(says_sentence(row, text) for row in notes)
    ]


def _without(report: AnnualReport, document: Document, gone: list[tuple[str, str]]) -> Document:
    """The same report; no note says any of these, and sentences go with their answers."""
    before = [document, *map(from_json, report.publications.values_list("document", flat=True))]
    for place, text in gone:
        document = without_note(document, text)
        code = effect_of(place)
        present = [row for row in sections_of(document) if row.code == code]
        if not is_note(place) and any((place, text) in passages_of(row) for row in present):
            answers = _answers(report, before, code, text)
            document = without_sentence(document, code, text, answers)
    return document


def _answers(
    report: AnnualReport, documents: list[Document], code: str, text: str
) -> frozenset[Key] | None:
    """Of the first that still has them all: one that another was taken out of may not say it so."""
    asked = queries.asked_of(report, code)
    told = (row for document in documents for row in document.data if row.code == code)
    found = (answers_of_sentence(asked[0], row, text) for row in told) if asked else ()
    return next((answers for answers in found if answers is not None), None)


def _taken(before: Document, after: Document) -> list[tuple[str, str]]:
    """Places and words that a number does not have any more."""
    left = {place: text for row in sections_of(after) for place, text in passages_of(row)}
    return [
        (place, text)
        for row in sections_of(before)
        for place, text in passages_of(row)
        if left.get(place) == PASSAGE_REMOVED != text
    ]


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
    following.submitted_by_id = last.submitted_by_id
    following.reviewed_by_id = last.reviewed_by_id
    return following, pdf


def _file_of(publication: Publication) -> bytes:
    try:
        with publication.pdf.open() as stored:
            content: bytes = stored.read()
            return content
    except FileNotFoundError:
        raise NotAllowedNow(
            f"Le PDF du n° {publication.number} manque, personne ne peut le relire : rien n’est "
            "retiré. Retirez tout le rapport, ou prévenez la personne qui tient le serveur."
        ) from None


def _refuse_what_is_handled(flag: Flag) -> None:
    if Flag.objects.get(pk=flag.pk).outcome != FlagOutcome.OPEN.value:
        raise NotAllowedNow("Ce signalement est déjà traité.")


def _refuse_what_is_left(
    publication: Publication, pdf: bytes, url: str, gone: list[tuple[str, str]]
) -> None:
    """Reads what readers would get. Another effect may say the same sentence of its own."""
    document = from_json(publication.document)
    said = {
        (section.code, text)
        for section in sections_of(document)
        for place, text in passages_of(section)
        if not is_note(place)
    }
    elsewhere, generic = {text for _, text in said}, generic_words(document)
    words = [
        words_of(text)
        for place, text in gone
        if not (is_generic(text, generic) if is_note(place) else text in elsewhere)
    ]
    left = [
        name
        for name, text in representations(publication, pdf, url).items()
        if any(is_said(row, text) for row in words)
    ]
    if any((effect_of(place), text) in said for place, text in gone):
        left.append("l’effet même")
    if left:
        raise NotAllowedNow(
            f"Le passage se lirait encore dans {', '.join(left)} : rien n’est retiré. "
            "Retirez tout le rapport, ou demandez au lieu de le corriger."
        )


def _refuse_what_moved(flag: Flag, locked: AnnualReport, last: Publication | None) -> None:
    """Under the report's lock: somebody else may have handled it, published or withdrawn."""
    _refuse_what_is_handled(flag)
    if locked.publications.readable().order_by("-number").first() != last:
        raise NotAllowedNow(_MOVED)


def _withdraw_all(locked: AnnualReport, by: User, reason: str) -> None:
    if numbers := withdraw(locked, by, reason or TAKEN_AWAY):
        conclude(locked, WITHDRAW, by, numbers=numbers)


def withdraw_all(*, flag: Flag, by: User, reason: str) -> Taken:
    """Takes the whole year away from readers, which always ends what a flag is about; its effect's
    note waits whole where it was corrected since."""
    gone = [(flag.place, flag.quoted)]
    gone += lists_of(from_json(flag.publication.document), gone)
    with transaction.atomic():
        locked = begin(flag.publication.report, WITHDRAW)
        _refuse_what_is_handled(flag)
        _withdraw_all(locked, by, reason)
        _close_all(flag, locked, gone, by, reason, holds_back=True)
    return Taken(None, gone)


@transaction.atomic
def keep_passage(*, flag: Flag, by: User, reason: str) -> None:
    begin(flag.publication.report, TAKE_DOWN)
    _refuse_what_is_handled(flag)
    if not reason:
        raise NotAllowedNow("Dites pourquoi ce passage reste : le motif est gardé.")
    _close(flag, FlagOutcome.KEPT, by, reason, timezone.now())


def _close_all(
    flag: Flag,
    report: AnnualReport,
    gone: list[tuple[str, str]],
    by: User,
    reason: str,
    *,
    holds_back: bool,
) -> None:
    """Several people may have asked for the same."""
    at = timezone.now()
    effects = {effect_of(place) for place, _ in gone} if holds_back else set()
    held = forget(report, [(place, seal(text)) for place, text in gone], effects, by)
    ledger.write_down(flag.publication, gone, by, reason, at, held=held)
    asked = {(is_note(place) or effect_of(place), text) for place, text in gone}
    for row in Flag.objects.filter(publication__report=report, outcome=FlagOutcome.OPEN.value):
        if row == flag or (is_note(row.place) or effect_of(row.place), row.quoted) in asked:
            _close(row, FlagOutcome.HIDDEN, by, reason, at)
    conclude(report, TAKE_DOWN, by, flag=flag.pk)


def _close(flag: Flag, outcome: FlagOutcome, by: User, reason: str, at: datetime) -> None:
    flag.outcome, flag.reason = outcome.value, reason
    flag.handled_by, flag.handled_at = by, at
    flag.save(update_fields=["outcome", "reason", "handled_by", "handled_at"])
