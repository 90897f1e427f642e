"""The versions of an observation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from observations.composer.comparing import snapshot
from observations.composer.comparing.compare import Difference, differences
from observations.composer.questionnaire.inputs import EffectInput, Entry, ObservationInput
from observations.models import Observation, ObservationVersion

SITTING = timedelta(minutes=15)
_NOTHING = Entry(ObservationInput())


@dataclass(frozen=True, slots=True)
class Sitting:
    """Saves of one person that follow each other closely: what they changed together."""

    last: ObservationVersion
    first: ObservationVersion
    changes: list[Difference]

    @property
    def saves(self) -> int:
        return self.last.number - self.first.number + 1


def entry_of(version: ObservationVersion) -> Entry:
    return Entry(snapshot.read(version.said), version.internal_note)


def versions_of(observation: Observation) -> list[ObservationVersion]:
    """The latest first. 1 query."""
    return list(observation.versions.select_related("saved_by"))


def sittings(effect: EffectInput, versions: list[ObservationVersion]) -> list[Sitting]:
    """`versions` in the order of `versions_of`, which is kept."""
    found = []
    for last, first, before in _groups(versions):
        start = entry_of(before) if before else _NOTHING
        found.append(Sitting(last, first, differences(effect, start, entry_of(last))))
    return found


def _groups(
    versions: list[ObservationVersion],
) -> Iterator[tuple[ObservationVersion, ObservationVersion, ObservationVersion | None]]:
    """Last and first save of each sitting, and the version before it."""
    last: ObservationVersion | None = None
    for rank, row in enumerate(versions):
        before = versions[rank + 1] if rank + 1 < len(versions) else None
        last = last or row
        if before is None or not _goes_on(before, row):
            yield last, row, before
            last = None


def _goes_on(before: ObservationVersion, row: ObservationVersion) -> bool:
    return (
        before.saved_by_id == row.saved_by_id
        and row.restores is None
        and row.saved_at - before.saved_at < SITTING
    )
