"""What readers would get of each note, and the passages that wait for a decision."""

from dataclasses import dataclass
from hashlib import sha256

from observations.composer.completeness import is_placeholder
from observations.composer.privacy import Decision, Found, find_passages, pieces_of
from observations.composer.redaction import public_text
from observations.composer.removal import coming_back
from observations.enums import FlagOutcome, PassageKind, PublicChoice
from observations.models import AnnualReport, Flag, Observation, PassageDecision
from observations.queries.inputs import decisions_of, wording_of


@dataclass(frozen=True, slots=True)
class NoteReview:
    """One observation on its way to readers. `is_stale`: its rewriting is of an older note."""

    observation: Observation
    wording: str
    passages: list[Found]
    decisions: dict[tuple[PassageKind, str, str], Decision]
    is_stale: bool

    @property
    def waiting(self) -> list[Found]:
        if not (self.observation.is_public and self.observation.note_is_public):
            return []
        return [row for row in self.passages if row.key not in self.decisions]

    @property
    def rows(self) -> list[tuple[Found, Decision | None]]:
        """Each passage once, with what was decided."""
        return list({row.key: (row, self.decisions.get(row.key)) for row in self.passages}.values())

    @property
    def pieces(self) -> list[tuple[str, Found | None]]:
        """A paragraph that comes back after it was taken down holds the passages in it."""
        whole = [row for row in self.passages if row.kind is PassageKind.FLAGGED]
        inside = [
            row
            for row in self.passages
            if row not in whole and not any(line.start <= row.start < line.end for line in whole)
        ]
        return pieces_of(self.wording, sorted([*whole, *inside], key=lambda row: row.start))

    @property
    def public_text(self) -> str:
        return public_text(self.wording, self.decisions)


def note_fingerprint(note: str) -> str:
    return sha256(note.encode(errors="replace")).hexdigest()


def review_of(observation: Observation, removed: list[str]) -> NoteReview:
    """`removed`: what `removed_from` its site. 2 queries unless effect and decisions are there."""
    wording = wording_of(observation)
    rewritten_of = observation.public_note_of
    passages = [*coming_back(wording, removed), *find_passages(wording)]
    return NoteReview(
        observation,
        wording,
        [] if is_placeholder(wording) else passages,
        decisions_of(observation),
        bool(observation.public_note) and rewritten_of != note_fingerprint(observation.note),
    )


def note_reviews(report: AnnualReport) -> list[NoteReview]:
    """Every observation of the year, in the questionnaire's order. 4 queries."""
    rows = report.observations.select_related("effect", "public_by").prefetch_related("decisions")
    removed = removed_from(report.site_id)
    return [review_of(row, removed) for row in rows]


def removed_from(site: int) -> list[str]:
    """The paragraphs that people asked to take down, in any year: as they were published, and as
    the notes said them. 2 queries."""
    flags = Flag.objects.filter(
        outcome=FlagOutcome.HIDDEN.value, publication__report__site=site, place__contains="/n"
    )
    decided = PassageDecision.objects.filter(
        kind=PassageKind.FLAGGED.value, observation__report__site=site
    ).exclude(choice=PublicChoice.KEEP.value)
    return sorted(
        {*flags.values_list("quoted", flat=True), *decided.values_list("passage", flat=True)}
    )
