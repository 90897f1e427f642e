"""Makes one file of many published PDFs, one at a time. Same publications, same bytes."""

import io
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pikepdf
from django.utils import timezone

from observations.composer.saying.document import from_json
from observations.composer.saying.network import NetworkSummary
from observations.models import Publication
from observations.rendering import volume
from observations.rendering.pdf import VolumeEntry, VolumeFront, render_front

_READABLE_BY_ALL = 0o644 << 16


@dataclass
class Assembly(ABC):
    year: int
    out: BinaryIO

    @abstractmethod
    def add(self, publication: Publication, content: bytes) -> None:
        """`content` is the publication's PDF."""

    @abstractmethod
    def finish(self) -> str:
        """Writes what is left; returns the name of the file."""


@dataclass
class Zip(Assembly):
    def __post_init__(self) -> None:
        self.archive = ZipFile(self.out, "w", ZIP_STORED)

    def add(self, publication: Publication, content: bytes) -> None:
        at = timezone.localtime(publication.published_at)
        name = f"{publication.report.site.slug}-{self.year}.pdf"
        info = ZipInfo(name, date_time=at.timetuple()[:6])
        info.external_attr = _READABLE_BY_ALL
        self.archive.writestr(info, content)

    def finish(self) -> str:
        self.archive.close()
        return f"effets-{self.year}.zip"


@dataclass
class Volume(Assembly):
    entries: list[tuple[str, str, int]] = field(default_factory=list)  # name, city, pages before
    summary: NetworkSummary = field(default_factory=NetworkSummary)
    made_at: datetime | None = None
    pages: int = 0

    def __post_init__(self) -> None:
        self.volume = volume.Volume(self.out)

    def add(self, publication: Publication, content: bytes) -> None:
        document = from_json(publication.document)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
            self.volume.add(pdf)
        self.entries.append((document.site.name, document.site.city, self.pages))
        self.pages += pages
        self.summary.add(document)
        self.made_at = max(self.made_at or publication.published_at, publication.published_at)

    def finish(self) -> str:
        with pikepdf.open(io.BytesIO(self._front(0))) as pdf:
            before = len(pdf.pages)
        with pikepdf.open(io.BytesIO(self._front(before))) as pdf:
            self.volume.finish(pdf)
        return f"effets-{self.year}.pdf"

    def _front(self, before: int) -> bytes:
        """`before`: how many pages it takes itself."""
        assert self.made_at is not None
        entries = (VolumeEntry(name, city, before + own + 1) for name, city, own in self.entries)
        return render_front(VolumeFront(self.year, self.made_at, tuple(entries), self.summary))
