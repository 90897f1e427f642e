"""What readers would get of each note, and the passages that wait for a decision."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from hashlib import sha256

from observations.composer.compose import compose
from observations.composer.protecting.likeness import words_of
from observations.composer.protecting.privacy import Decision, Found, find_passages, pieces_of
from observations.composer.protecting.redaction import public_text
from observations.composer.protecting.removal import (
    PASSAGE_REMOVED,
    coming_back,
    effect_of,
    is_note,
    passages_of,
    sections_of,
    sentences_again,
)
from observations.composer.protecting.sealing import lines_saying, seal
from observations.composer.questionnaire.completeness import is_placeholder
from observations.composer.saying.document import EffectSection, from_json
from observations.enums import PassageKind, PublicChoice
from observations.models import (
    AnnualReport,
    Flag,
    Observation,
    PassageDecision,
    Publication,
    Removal,
)
from observations.queries.inputs import decisions_of, report_inputs, wording_of


@dataclass(frozen=True, slots=True)
class NoteReview:
    """One observation on its way to readers. `is_stale`: its rewriting is of an older note."""

    observation: Observation
    wording: str
    passages: list[Found]
    decisions: dict[tuple[PassageKind, str, str], Decision]
    is_stale: bool
    removed: list[str]  # from its site; matters where something of it comes back
    removals: list[Removal]  # of its own effect and year
    sentences: list[Found]  # composed, that say what was taken down

    @property
    def waiting(self) -> list[Found]:
        if not self.observation.is_public:
            return []
        asked = self.decidable if self.observation.note_is_public else self.sentences
        return [row for row in asked if row.key not in self.decisions]

    @property
    def decidable(self) -> list[Found]:
        return [*self.sentences, *self.passages]

    @property
    def rows(self) -> list[tuple[Found, Decision | None]]:
        """Each passage once, with what was decided."""
        return self._decided(self.passages)

    @property
    def sentence_rows(self) -> list[tuple[Found, Decision | None]]:
        return self._decided(self.sentences)

    def _decided(self, found: list[Found]) -> list[tuple[Found, Decision | None]]:
        return list({row.key: (row, self.decisions.get(row.key)) for row in found}.values())

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
        comes_back = any(found.kind is PassageKind.FLAGGED for found in self.decidable)
        gone = sorted(str(row.pk) for row in self.removals)
        return note_fingerprint(repr([said, decided, gone, self.removed if comes_back else []]))

    @property
    def public_text(self) -> str:
        return public_text(self.wording, self.decisions)


def note_fingerprint(note: str) -> str:
    return sha256(note.encode(errors="replace")).hexdigest()


def review_of(observation: Observation) -> NoteReview:
    """One, as `note_reviews` has it. 4 queries, and those of its report where something of the year
    was taken down."""
    return _reviews(observation.report, [observation])[0]


def note_reviews(report: AnnualReport) -> list[NoteReview]:
    """Every observation of the year, in the questionnaire's order. 4 queries, and those of its
    report where something of it was taken down."""
    rows = report.observations.select_related("effect", "public_by").prefetch_related("decisions")
    return _reviews(report, rows)


def _reviews(report: AnnualReport, rows: Iterable[Observation]) -> list[NoteReview]:
    passages = list(Removal.objects.of_site(report.site_id).passages())
    removed = _seals(report.site_id, [row for row in passages if row.is_note])
    exact = [row.seal for row in passages if not row.is_note]
    of_year = [row for row in passages if row.year == report.year]
    again = _sentences_again(report, of_year) if of_year else {}
    return [_review(row, (removed, exact), of_year, again.get(row.effect.code, [])) for row in rows]


def _sentences_again(report: AnnualReport, of_year: list[Removal]) -> dict[str, list[str]]:
    gone = [(row.place, row.seal) for row in of_year]
    document = compose(report_inputs(report))
    return {row.code: sentences_again(row, gone) for row in sections_of(document)}


def _review(
    observation: Observation,
    removed: tuple[list[str], list[str]],
    of_year: list[Removal],
    sentences: list[str],
) -> NoteReview:
    wording = wording_of(observation)
    rewritten_of = observation.public_note_of
    passages = [*coming_back(wording, *removed), *find_passages(wording)]
    return NoteReview(
        observation,
        wording,
        [] if is_placeholder(wording) else passages,
        decisions_of(observation),
        bool(observation.public_note) and rewritten_of != note_fingerprint(observation.note),
        sorted([*removed[0], *removed[1]]),
        [row for row in of_year if row.effect == observation.effect.code],
        [Found(PassageKind.FLAGGED, 0, len(text), text, text) for text in sentences],
    )


def removed_from(site: int) -> list[str]:
    """Seals of what people asked to take down, in any year: as it was published, and as the notes
    said it. 2 queries."""
    return _seals(site, Removal.objects.of_site(site).passages())


def _seals(site: int, removals: Iterable[Removal]) -> list[str]:
    decided = PassageDecision.objects.filter(
        kind=PassageKind.FLAGGED.value, observation__report__site=site
    ).exclude(choice=PublicChoice.KEEP.value)
    lines = decided.values_list("passage", flat=True)
    # Of a paragraph that was cut, a line may be a word that is everywhere.
    telling = {seal(line) for line in lines if not words_of(line).is_thin}
    return sorted(telling | {row.seal for row in removals})


def removed_in(report: AnnualReport) -> list[tuple[str, str]]:
    """Places and seals of what was taken down of this year. 1 query."""
    rows = Removal.objects.of_site(report.site_id).passages().filter(year=report.year)
    return list(rows.values_list("place", "seal"))


def was_taken_down(observation: Observation) -> bool:
    """Whether something of it was, in any number of its year. 1 query."""
    code = observation.effect.code
    return any(effect_of(place) == code for place, _ in removed_in(observation.report))


def wanted_again(reviews: Iterable[NoteReview]) -> dict[str, list[str]]:
    """By effect code, what somebody wants public of the paragraphs that had been taken down."""
    return {
        row.observation.effect.code: [
            text
            for (kind, passage, _), decision in row.decisions.items()
            if kind is PassageKind.FLAGGED
            and (decision.choice is PublicChoice.KEEP or decision.replacement)
            for text in (passage, public_text(passage, row.decisions), decision.replacement)
            if text
        ]
        for row in reviews
    }


def still_read(flag: Flag) -> list[str]:
    """Where readers of the site still get what was removed for it, or nearly, or may guess it from
    a comparison: years with their effects. 2 queries."""
    report, at = flag.publication.report, flag.handled_at
    removals = Removal.objects.filter(code=flag.publication.code).passages()
    if at is None or not (gone := list(removals.filter(at=at))):
        return []
    rows = Publication.objects.readable().filter(report__site=report.site_id)
    found = {
        (year, section.title)
        for year, data in rows.values_list("report__year", "document")
        for section in sections_of(from_json(data))
        if _tells(section, year, gone)
    }
    return [f"{year} («\u00a0{title}\u00a0»)" for year, title in sorted(found)]


def _tells(section: EffectSection, year: int, gone: list[Removal]) -> bool:
    note = [text for text in section.note if text != PASSAGE_REMOVED]
    if lines_saying(note, [row.seal for row in gone], nearly=True):
        return True
    sentences = [row for row in gone if row.effect == section.code and not is_note(row.place)]
    if not sentences or year == sentences[0].year:
        return False
    compared = {point.year for series in section.series for point in series.points}
    compared |= {section.changes.year} if section.changes else set()
    said = {seal(text) for place, text in passages_of(section) if not is_note(place)}
    return sentences[0].year in compared or any(row.seal in said for row in sentences)
