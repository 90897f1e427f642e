"""What readers would get of each note, and the passages that wait for a decision."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from hashlib import sha256

from observations.composer.completeness import is_placeholder
from observations.composer.document import EffectSection, from_json
from observations.composer.likeness import lines_near, words_of
from observations.composer.privacy import Decision, Found, find_passages, pieces_of
from observations.composer.redaction import public_text
from observations.composer.removal import PASSAGE_REMOVED, coming_back, is_note, sections_of
from observations.enums import FlagOutcome, PassageKind, PublicChoice
from observations.models import AnnualReport, Flag, Observation, PassageDecision, Publication
from observations.queries.inputs import decisions_of, wording_of


@dataclass(frozen=True, slots=True)
class NoteReview:
    """One observation on its way to readers. `is_stale`: its rewriting is of an older note."""

    observation: Observation
    wording: str
    passages: list[Found]
    decisions: dict[tuple[PassageKind, str, str], Decision]
    is_stale: bool
    removed: list[str]  # from its site; matters where something of it comes back

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
    def state(self) -> str:
        """Changes with the words and with every decision: who decides says what they had read."""
        row = self.observation
        said = [row.is_public, row.note_is_public, row.public_note, row.note]
        decided = sorted((*key, *astuple(decision)) for key, decision in self.decisions.items())
        comes_back = any(found.kind is PassageKind.FLAGGED for found in self.passages)
        return note_fingerprint(repr([said, decided, self.removed if comes_back else []]))

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
        removed,
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
        outcome=FlagOutcome.HIDDEN.value, publication__report__site=site
    ).values_list("removed", flat=True)
    decided = PassageDecision.objects.filter(
        kind=PassageKind.FLAGGED.value, observation__report__site=site
    ).exclude(choice=PublicChoice.KEEP.value)
    told = {text for removed in flags for place, text in removed if is_note(place)}
    return sorted(told | {*decided.values_list("passage", flat=True)})


def was_taken_down(observation: Observation) -> bool:
    """Whether something of it was, in any number of its year. 1 query."""
    flags = Flag.objects.filter(
        outcome=FlagOutcome.HIDDEN.value, publication__report=observation.report_id
    ).values_list("removed", flat=True)
    places = (place for removed in flags for place, _ in removed)
    return any(place.partition("/")[0] == observation.effect.code for place in places)


def wanted_again(reviews: Iterable[NoteReview]) -> dict[str, list[str]]:
    """By effect code, what somebody wants public of the paragraphs that had been taken down."""
    return {
        row.observation.effect.code: [
            passage if decision.choice is PublicChoice.KEEP else decision.replacement
            for (kind, passage, _), decision in row.decisions.items()
            if kind is PassageKind.FLAGGED
            and (decision.choice is PublicChoice.KEEP or decision.replacement)
        ]
        for row in reviews
    }


def still_read(flag: Flag) -> list[str]:
    """Where readers of the site still get it, or nearly, or may guess it from a comparison: years
    with their effects. 1 query."""
    rows = Publication.objects.readable().filter(report__site=flag.publication.report.site_id)
    found = {
        (year, section.title)
        for year, data in rows.values_list("report__year", "document")
        for section in sections_of(from_json(data))
        if _tells(section, year, flag)
    }
    return [f"{year} («\u00a0{title}\u00a0»)" for year, title in sorted(found)]


def _tells(section: EffectSection, year: int, flag: Flag) -> bool:
    removed_in = flag.publication.report.year
    words = [text for _, text in flag.removed]
    if any(is_note(place) for place, _ in flag.removed):
        lines = [words_of(text) for text in section.note if text != PASSAGE_REMOVED]
        return any(lines_near(lines, words_of(text)) for text in words)
    if section.code != flag.place.partition("/")[0] or year == removed_in:
        return False
    compared = {point.year for series in section.series for point in series.points}
    compared |= {section.changes.year} if section.changes else set()
    return removed_in in compared or any(row.text in words for row in section.passages)
