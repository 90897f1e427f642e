"""What readers would get of each note, and the passages that wait for a decision."""

from dataclasses import dataclass
from hashlib import sha256

from observations.composer.completeness import is_placeholder
from observations.composer.privacy import Decision, Found, find_passages, pieces_of, public_text
from observations.enums import PassageKind
from observations.models import AnnualReport, Observation
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
        return pieces_of(self.wording, self.passages)

    @property
    def public_text(self) -> str:
        return public_text(self.wording, self.decisions)


def note_fingerprint(note: str) -> str:
    return sha256(note.encode(errors="replace")).hexdigest()


def review_of(observation: Observation) -> NoteReview:
    """2 queries unless effect and decisions are there."""
    wording = wording_of(observation)
    rewritten_of = observation.public_note_of
    return NoteReview(
        observation,
        wording,
        [] if is_placeholder(wording) else find_passages(wording),
        decisions_of(observation),
        bool(observation.public_note) and rewritten_of != note_fingerprint(observation.note),
    )


def note_reviews(report: AnnualReport) -> list[NoteReview]:
    """Every observation of the year, in the questionnaire's order. 2 queries."""
    rows = report.observations.select_related("effect", "public_by").prefetch_related("decisions")
    return [review_of(row) for row in rows]
