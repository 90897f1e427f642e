import os
import time
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

_ASIDE = ".aside"
_A_DAY = 24 * 3600
_READABLE = 0o644


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped library
    """Hashed names, inside ES modules too."""

    support_js_module_import_aggregation = True


class Files(FileSystemStorage):
    """A file is written aside, then renamed: under its name is the whole of it, or nothing.

    Else a table that a full disk cut would be served as if it were whole.
    """

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        aside = Path(self.location, _ASIDE)
        for folder in (aside, path.parent):
            folder.mkdir(parents=True, exist_ok=True)
        _forget_what_was_cut(aside)
        with NamedTemporaryFile(dir=aside, delete=False) as written:
            try:
                for chunk in content.chunks():
                    written.write(chunk)
                written.flush()
                os.fsync(written.fileno())  # else a power cut may leave the name without the words
                os.chmod(written.name, self.file_permissions_mode or _READABLE)
                os.replace(written.name, path)
            except BaseException:
                Path(written.name).unlink(missing_ok=True)
                raise
        return name

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """What is still written is in no list, and so in no backup."""
        folders, files = super().listdir(path)
        return [folder for folder in folders if folder != _ASIDE], files


def _forget_what_was_cut(aside: Path) -> None:
    """By a process that was killed: nobody has written there for a day."""
    for file in aside.iterdir():
        with suppress(FileNotFoundError):  # put under its name, or forgotten by another, meanwhile
            if file.stat().st_mtime < time.time() - _A_DAY:
                file.unlink()
