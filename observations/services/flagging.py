"""Writes what readers ask about a passage."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from observations.enums import EventKind
from observations.exceptions import NotAllowedNow
from observations.models import Flag, Publication
from observations.services import outbox

A_DAY = timedelta(days=1)
FLAGS_A_DAY = 50  # on one publication: a flood hides nothing and must not fill the disk


@transaction.atomic
def add_flag(
    *, publication: Publication, place: str, quoted: str, message: str, email: str
) -> Flag:
    recent = publication.flags.filter(sent_at__gte=timezone.now() - A_DAY)
    if recent.count() >= FLAGS_A_DAY:
        raise NotAllowedNow(
            "Ce rapport a reçu beaucoup de signalements aujourd’hui : écrivez plutôt à l’équipe."
        )
    if same := recent.filter(place=place, message=message, email=email).first():
        return same
    flag = publication.flags.create(place=place, quoted=quoted, message=message, email=email)
    outbox.record(EventKind.FLAGGED, publication.report, None, flag=flag.pk)
    return flag
