"""Writes down what readers do not get any more: in the database, and in a file beside it.

A database goes back in time with a backup; the files do not. One file a removal, under its key:
written twice it is the same, and two ledgers are one when their files are put together.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.base import DeserializationError
from django.db import transaction
from django.utils.timezone import is_naive

from observations.composer.protecting.removal import effect_of
from observations.composer.protecting.sealing import is_seal, seal
from observations.models import Publication, Removal, User
from observations.services.rows import Exact

FOLDER = "removals"
_log = logging.getLogger(__name__)


def write_down(
    publication: Publication,
    passages: Collection[tuple[str, str]],
    by: User,
    reason: str,
    at: datetime,
    *,
    held: Collection[str] = (),
) -> None:
    """Passages are places and words; the words stay here. `held`: effects whose note went whole."""
    rows = [_removal(publication, by, reason, at) for _ in passages]
    for row, (place, text) in zip(rows, passages, strict=True):
        row.place, row.seal, row.is_held = place, seal(text), effect_of(place) in held
    _save(rows)


def write_down_withdrawn(
    publications: Iterable[Publication], by: User | None, reason: str, at: datetime
) -> None:
    _save([_removal(row, by, reason, at) for row in publications])


def _removal(row: Publication, by: User | None, reason: str, at: datetime) -> Removal:
    """Of the whole number, not saved."""
    return Removal(
        code=row.code,
        number=row.number,
        site_key=row.report.site_id,
        slug=row.report.site.slug,
        year=row.report.year,
        reason=reason,
        by=by.email if by else "",
        at=at,
    )


def _save(rows: list[Removal]) -> None:
    Removal.objects.bulk_create(rows)
    transaction.on_commit(_put_beside_or_say, robust=True)


def _put_beside_or_say() -> None:
    try:
        put_beside()
    except OSError:  # the row is kept, and so is what was done
        _log.exception("A removal has no file: the next one, or a backup, will write it.")


def put_beside() -> None:
    """Writes the files that are missing, whatever became of those who should have."""
    known = {*_names()}
    for row in Removal.objects.all():
        if (name := _name(row)) not in known:
            kept = serializers.serialize("json", [row], cls=Exact)
            default_storage.save(name, ContentFile(kept.encode()))


@contextmanager
def as_it_was_on_failure() -> Iterator[None]:
    """A backup that is refused leaves no removal of another installation."""
    known = {*_names()}
    try:
        yield
    except BaseException:
        for name in {*_names()} - known:
            default_storage.delete(name)
        raise


def exists() -> bool:
    return bool(_names())


def unknown_here() -> tuple[list[Removal], list[str]]:
    """What the files have and the database has not, in the order of time; and the names of those
    that cannot be read. Nothing is saved."""
    known = {row.pk: _name(row) for row in Removal.objects.only("pk")}
    rows: dict[UUID, Removal] = {}
    unreadable = []
    for name in sorted({*_names()} - {*known.values()}):
        try:
            row = _read(name)
        except (OSError, ValueError, DeserializationError, ValidationError):
            unreadable.append(name)
        else:
            if row.pk not in known:  # a copy that somebody made of a file says nothing more
                rows[row.pk] = row
    return sorted(rows.values(), key=lambda row: (row.at, row.place)), unreadable


def _read(name: str) -> Removal:
    with default_storage.open(name) as file:
        (kept,) = serializers.deserialize("json", file.read(), ignorenonexistent=True)
    if not isinstance(row := kept.object, Removal):
        raise ValueError(name)
    row.full_clean(exclude=["by"], validate_unique=False)
    if is_naive(row.at) or (row.place and not is_seal(row.seal)):
        raise ValueError(name)
    return row


def _names() -> list[str]:
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # nothing was ever taken away
        return []
    return [f"{FOLDER}/{name}" for name in names]


def _name(row: Removal) -> str:
    return f"{FOLDER}/{row.pk}.json"
