"""What was taken away from readers, in the live answers: it waits for somebody to decide."""

from collections.abc import Collection

from django.utils import timezone

from observations import queries
from observations.composer.protecting.privacy import Decision
from observations.composer.protecting.redaction import lines_of, public_text
from observations.composer.protecting.removal import effect_of, is_note
from observations.composer.protecting.sealing import lines_saying
from observations.enums import PassageKind, PublicChoice
from observations.models import AnnualReport, Observation, PassageDecision, User
from observations.services.privacy import write_decision


def forget(
    report: AnnualReport, gone: list[tuple[str, str]], held: Collection[str], by: User | None
) -> set[str]:
    """In the live answers: a paragraph goes from every note of the year, and waits again where
    another year had decided to keep it; a composed sentence takes its effect.

    `gone`: places and seals. `held`: effects whose note, where it does not have it as it was
    published, goes whole. Returns those where it did.
    """
    kept_back = set()
    seals = [text for _, text in gone]
    of_sentences = {effect_of(place) for place, _ in gone if not is_note(place)}
    of_notes = {effect_of(place) for place, _ in gone if is_note(place)}
    for row in report.observations.select_related("effect").prefetch_related("decisions"):
        lines = _lines_saying(row, seals)
        for line in lines:
            key = (PassageKind.FLAGGED, line, line)
            write_decision(row, key, Decision(PublicChoice.GENERALISE), by)
        if row.effect.code in of_sentences:
            row.is_public = False
            _keep_back(row, by)
        elif row.effect.code in of_notes.intersection(held) and not lines:
            row.note_is_public = False
            _keep_back(row, by)
            kept_back.add(row.effect.code)
    _reconsider(report.site_id, seals)
    return kept_back


def _lines_saying(row: Observation, seals: list[str]) -> set[str]:
    """As the note has them, whether they say it so or as readers get them."""
    decisions = queries.decisions_of(row)
    lines = [line for _, line in lines_of(queries.wording_of(row))]
    read = [public_text(line, decisions) for line in lines]
    return {lines[rank] for form in (lines, read) for rank in lines_saying(form, seals)}


def _reconsider(site: int, seals: list[str]) -> None:
    """What was decided before, in any year, of what is taken down now."""
    rows = PassageDecision.objects.filter(observation__report__site=site)
    for row in rows.filter(kind=PassageKind.FLAGGED.value, choice=PublicChoice.KEEP.value):
        if lines_saying([row.passage], seals, nearly=True):
            row.delete()
    for row in rows.exclude(replacement=""):
        if lines_saying([row.replacement], seals, nearly=True):
            row.choice, row.replacement = PublicChoice.GENERALISE.value, ""
            row.save(update_fields=["choice", "replacement"])


def _keep_back(row: Observation, by: User | None) -> None:
    row.public_by, row.public_at = by, timezone.now()
    row.save(update_fields=["is_public", "note_is_public", "public_by", "public_at"])
