"""Everything that Effets holds in one file, whatever its database and its storage, and back.

A tar: `manifest.json`, `database.jsonl` (one row a line, as Django serializes it), then `files/`.
Sessions and queues are left out: people sign in again, and batches are taken up again.
"""

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from django.apps import apps
from django.core import serializers
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from observations.exceptions import EffetsError
from observations.services import ledger
from observations.services.removals import remove_again
from observations.services.rows import Exact

FORMAT = "effets/sauvegarde/1"
_MANIFEST, _DATABASE, _FILES = "manifest.json", "database.jsonl", "files/"
_CHUNK = 1 << 20
_LEFT_OUT_APPS = {"contenttypes", "sessions", "usersessions"}
_ONE_MOMENT = {
    "postgresql": "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = 0",
    "sqlite": "SELECT 1",  # its transactions are of one moment
}
_NOT_TOLD_AGAIN = {"observations.event", "observations.delivery"}
_LEFT_OUT = {"auth.permission"} | _NOT_TOLD_AGAIN  # the first are made by `migrate`
_UNREADABLE = (
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    DeserializationError,
)


class BackupError(EffetsError):
    """The file cannot be restored here; nothing was changed."""


def write_backup(out: IO[bytes]) -> dict[str, int]:
    """Writes the archive; returns how many rows and files. Rows are as of one moment."""
    ledger.put_beside()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
        manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "migrations": _migrations(),
        }
        _add(archive, _MANIFEST, io.BytesIO(json.dumps(manifest, indent=1).encode()))
        with TemporaryFile() as rows:
            count = _write_rows(rows)
            _add(archive, _DATABASE, rows)
        names = list(_stored(""))
        for name in names:  # after the rows: a file that a row names is never changed
            with default_storage.open(name) as file, TemporaryFile() as copy:
                for chunk in file.chunks():
                    copy.write(chunk)
                _add(archive, _FILES + name, copy)
    return {"rows": count, "files": len(names)}


@dataclass(frozen=True, slots=True)
class Restored:
    """`removed`: what had been taken away from readers and the backup still gave them, as
    sentences; None when neither the database nor the files beside it held anything that knows."""

    rows: int
    files: int
    made_at: datetime
    removed: list[str] | None


def read_backup(source: IO[bytes], *, replace: bool) -> Restored:
    """Puts back what `write_backup` wrote, into a migrated database, all or nothing.

    `replace`: whether rows that are here may go; what they had taken away from readers stays away.
    Files that are not in the archive stay. Raises BackupError.
    """
    try:
        with gzip.open(source) as whole:  # to its end first: its checksum is there
            while whole.read(_CHUNK):
                pass
        source.seek(0)
        ledger.put_beside()
        with (
            tarfile.open(fileobj=source, mode="r:gz") as archive,
            ledger.as_it_was_on_failure(),
            transaction.atomic(),
        ):
            _see_one_moment()
            manifest = json.load(_next(archive, _MANIFEST))
            _check(manifest)
            made_at = datetime.fromisoformat(manifest["made_at"])
            is_known = ledger.exists()
            is_new = not _empty(replace=replace)
            count = _read_rows(_next(archive, _DATABASE))
            files = 0
            while (member := archive.next()) is not None:
                if (content := archive.extractfile(member)) is not None:
                    _put(member.name.removeprefix(_FILES), content)
                    files += 1
            removed = remove_again()
    except _UNREADABLE as error:
        raise BackupError(f"Cette sauvegarde est abîmée ou n’en est pas une : {error}") from error
    except DatabaseError as error:
        raise BackupError(
            f"La base n’a pas accepté cette sauvegarde, rien n’a changé : {error}"
        ) from error
    return Restored(count, files, made_at, None if is_new and not is_known else removed)


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in _LEFT_OUT_APPS)


def _models() -> list[type[models.Model]]:
    """Those whose rows are kept, each after those that it points to."""
    kept = [(app, None) for app in apps.get_app_configs() if app.label not in _LEFT_OUT_APPS]
    ordered = serializers.sort_dependencies(kept, allow_cycles=True)
    return [
        model
        for model in ordered
        if model._meta.managed and model._meta.label_lower not in _LEFT_OUT
    ]


def _write_rows(out: IO[bytes]) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
    count = 0

    def every_row() -> Iterator[models.Model]:
        nonlocal count
        for model in _models():
            for row in model._base_manager.order_by("pk").iterator(chunk_size=500):
                count += 1
                yield row

    with transaction.atomic():
        _see_one_moment()
        serializers.serialize(
            "jsonl", every_row(), stream=text, use_natural_foreign_keys=True, cls=Exact
        )
    text.detach()
    return count


def _read_rows(source: IO[bytes]) -> int:
    count = 0
    for row in serializers.deserialize("jsonl", source):
        row.save(force_insert=True)
        count += 1
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(
            "".join(connection.ops.sequence_reset_sql(no_style(), _models())) or "SELECT 1"
        )
    return count


def _see_one_moment() -> None:
    """First in a transaction: every table as it is now, and all the time that it takes."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_MOMENT[connection.vendor])


def _check(manifest: dict[str, object]) -> None:
    if manifest.get("format") != FORMAT:
        raise BackupError("Ce fichier n’est pas une sauvegarde d’Effets.")
    if manifest["migrations"] != _migrations():
        raise BackupError(
            "Cette sauvegarde vient d’une autre version d’Effets : restaurez-la avec cette version,"
            " puis mettez à jour."
        )


def _empty(*, replace: bool) -> bool:
    """Whether there was anything. Sessions and queues, which are of the rows, go with them."""
    found = [model for model in reversed(_models()) if model._base_manager.exists()]
    if found and not replace:
        raise BackupError(
            "Cette base n’est pas vide : ajoutez --replace pour mettre la sauvegarde à la place de"
            " ce qu’elle contient."
        )
    for model in [*_links(), *_passing(), *found]:
        model._base_manager.all()._raw_delete(using="default")
    return bool(found)


def _links() -> list[type[models.Model]]:
    """The tables that Django makes by itself for many-to-many fields: their rows are written with
    those that they link, and go before them."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.auto_created]


def _passing() -> list[type[models.Model]]:
    apart = _LEFT_OUT_APPS - {"contenttypes"}
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in apart or model._meta.label_lower in _NOT_TOLD_AGAIN
    ]


def _stored(folder: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    for name in sorted(names):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from _stored(f"{folder}{name}/")


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    info = tarfile.TarInfo(name)
    info.size = content.seek(0, io.SEEK_END)
    content.seek(0)
    archive.addfile(info, content)


def _next(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    member = archive.next()
    content = archive.extractfile(member) if member is not None and member.name == name else None
    if content is None:
        raise BackupError(f"Cette sauvegarde n’a pas {name} à sa place.")
    return content


def _put(name: str, content: IO[bytes]) -> None:
    default_storage.save(name, File(content))  # in the place of what has this name
