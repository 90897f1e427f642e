"""The report as a frozen tree: what the screen, the terminal and the paper all draw.

Texts are final French; absences are states, not strings. `to_json` and `from_json` are exact
inverses, so that a published tree can be drawn again as it was.
"""

from dataclasses import asdict, dataclass
from typing import Any

from observations.composer.saying.data import EffectData, read_effect, read_origin
from observations.enums import Absence, Origin, Polarity, Scale

SCHEMA = 4
# 1 had no changes since the year before, 2 no data, 3 neither origins nor series.
_READABLE = (1, 2, 3, SCHEMA)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    slug: str
    name: str
    name_with_de: str
    city: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence; when it has items, it ends with a colon and they are its list. `origin`: of the
    questions that it answers, where it is narrower than the effect's."""

    text: str
    items: tuple[str, ...]
    polarity: Polarity
    origin: Origin = Origin.CORE


@dataclass(frozen=True, slots=True)
class Changes:
    """What the answers say next to those of `year`, the year before, as the form words them."""

    year: int
    new: tuple[str, ...]
    continued: tuple[str, ...]
    ended: tuple[str, ...]
    notes: tuple[str, ...] = ()  # what became of categories in between, as sentences
    unasked: tuple[str, ...] = ()  # said now, and not asked then
    gone: tuple[str, ...] = ()  # said then, and no longer asked

    @property
    def told(self) -> list[tuple[str, str]]:
        """What each list is, and the list."""
        rows = (
            (f"Nouveau depuis {self.year}", self.new),
            ("Toujours observé", self.continued),
            ("N’est plus observé", self.ended),
            (f"Pas encore demandé en {self.year}", self.unasked),
            ("N’est plus demandé", self.gone),
        )
        return [(title, " · ".join(labels)) for title, labels in rows if labels]


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a series: what it says, and how long its bar is, 0 to 20; None without a count."""

    year: int
    said: str
    bar: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """A count, year after year. It is drawn only where it was counted the same way."""

    title: str
    points: tuple[Point, ...]
    is_comparable: bool


@dataclass(frozen=True, slots=True)
class EffectSection:
    code: str
    title: str
    pictogram: str
    passages: tuple[Passage, ...]
    note: tuple[str, ...]  # paragraphs, whole
    changes: Changes | None = None  # None: nothing to compare with
    origin: Origin = Origin.CORE
    series: tuple[Series, ...] = ()


@dataclass(frozen=True, slots=True)
class ScaleSection:
    scale: Scale
    title: str
    intensity: int | None  # 1 to 5; None is "not assessed"
    keywords: tuple[str, ...]
    effects: tuple[EffectSection, ...]


@dataclass(frozen=True, slots=True)
class AbsentEffects:
    absence: Absence
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    schema: int
    title: str
    site: SiteFacts
    year: int
    scales: tuple[ScaleSection, ...]
    absences: tuple[AbsentEffects, ...]
    hidden_notes: int = 0
    data: tuple[EffectData, ...] = ()  # every effect of the questionnaire, as codes and labels

    @property
    def hidden_observations(self) -> int:
        groups = (row for row in self.absences if row.absence is Absence.NOT_PUBLISHED)
        return sum(len(row.titles) for row in groups)

    @property
    def origins(self) -> list[Origin]:
        """Whose own questions are said in it, besides the common core's."""
        effects = [effect for section in self.scales for effect in section.effects]
        found = {effect.origin for effect in effects}
        found |= {passage.origin for effect in effects for passage in effect.passages}
        return [origin for origin in Origin if origin in found and origin is not Origin.CORE]

    @property
    def is_empty(self) -> bool:
        return not any(section.effects for section in self.scales)


def to_json(document: Document) -> dict[str, Any]:
    return asdict(document)


def from_json(data: dict[str, Any]) -> Document:
    """Raises KeyError, ValueError or TypeError when `data` did not come from `to_json`."""
    if data["schema"] not in _READABLE:
        raise ValueError(f"unknown document schema {data['schema']!r}")
    return Document(
        schema=data["schema"],
        title=data["title"],
        site=SiteFacts(**data["site"]),
        year=data["year"],
        scales=tuple(_scale(section) for section in data["scales"]),
        absences=tuple(
            AbsentEffects(Absence(row["absence"]), tuple(row["titles"])) for row in data["absences"]
        ),
        hidden_notes=data.get("hidden_notes", 0),
        data=tuple(map(read_effect, data.get("data", ()))),
    )


def _scale(data: dict[str, Any]) -> ScaleSection:
    return ScaleSection(
        scale=Scale(data["scale"]),
        title=data["title"],
        intensity=data["intensity"],
        keywords=tuple(data["keywords"]),
        effects=tuple(_effect(effect) for effect in data["effects"]),
    )


def _effect(data: dict[str, Any]) -> EffectSection:
    return EffectSection(
        code=data["code"],
        title=data["title"],
        pictogram=data["pictogram"],
        passages=tuple(
            Passage(
                passage["text"],
                tuple(passage["items"]),
                Polarity(passage["polarity"]),
                read_origin(passage),
            )
            for passage in data["passages"]
        ),
        note=tuple(data["note"]),
        changes=_changes(data.get("changes")),
        origin=read_origin(data),
        series=tuple(map(_series, data.get("series", ()))),
    )


def _series(data: dict[str, Any]) -> Series:
    points = (Point(row["year"], row["said"], row["bar"]) for row in data["points"])
    return Series(data["title"], tuple(points), data["is_comparable"])


def _changes(data: dict[str, Any] | None) -> Changes | None:
    if data is None:
        return None
    names = ("new", "continued", "ended", "notes", "unasked", "gone")
    return Changes(data["year"], *(tuple(data.get(name, ())) for name in names))
