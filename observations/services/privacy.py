"""Writes what readers may see of an observation."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from observations import queries
from observations.composer.protecting.privacy import Decision
from observations.enums import PassageKind, PublicChoice
from observations.exceptions import NotAllowedNow
from observations.lifecycle import DECIDE
from observations.models import AnnualReport, Observation, PassageDecision, User
from observations.services.acting import begin

Key = tuple[PassageKind, str, str]


@transaction.atomic
def decide_public(
    *,
    observation: Observation,
    is_public: bool,
    note_is_public: bool,
    public_note: str,
    decisions: dict[Key, Decision],
    by: User,
    seen: str = "",
) -> None:
    """Whether readers get it, in which words, and what becomes of each passage.

    `seen`: the state of what was read, empty when nobody says, which does not do where something
    was taken down. Raises NotAllowedNow.
    """
    begin(observation.report, DECIDE)
    observation = Observation.objects.select_related("effect", "report").get(pk=observation.pk)
    is_known = bool(seen) or queries.was_taken_down(observation)
    if is_known and seen != queries.review_of(observation).state:
        raise NotAllowedNow(
            "Quelqu’un vient de changer cette note ou ce qui en sera public : rien n’est "
            "enregistré. Relisez ce qui suit, puis décidez."
        )
    observation.is_public, observation.note_is_public = is_public, note_is_public
    observation.public_note = "" if public_note == observation.note else public_note
    observation.public_note_of = (
        queries.note_fingerprint(observation.note) if observation.public_note else ""
    )
    observation.public_by, observation.public_at = by, timezone.now()
    observation.save(
        update_fields=[
            "is_public",
            "note_is_public",
            "public_note",
            "public_note_of",
            "public_by",
            "public_at",
        ]
    )
    for key, decision in decisions.items():
        write_decision(observation, key, decision, by)


def decide_all(*, report: AnnualReport, by: User) -> None:
    """For demonstrations: names become initials, the rest is kept."""
    for review in queries.note_reviews(report):
        for found in review.waiting:
            is_name = found.kind is PassageKind.NAME
            choice = PublicChoice.INITIAL if is_name else PublicChoice.KEEP
            write_decision(review.observation, found.key, Decision(choice), by)


def write_decision(observation: Observation, key: Key, decision: Decision, by: User | None) -> None:
    kind, passage, sentence = key
    PassageDecision.objects.update_or_create(
        observation=observation,
        kind=kind.value,
        sentence_sha256=_sha256(sentence),
        passage_sha256=_sha256(passage),
        defaults={
            "passage": passage,
            "sentence": sentence,
            "choice": decision.choice.value,
            "replacement": decision.replacement,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )


def _sha256(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()
