"""The report on paper: the same tree and partials as the page, drawn by a process of its own.

The process lives long, is replaced after 500 documents, and is killed when a document takes
more than 30 seconds; its memory is limited (see `process`).
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.template.loader import render_to_string

from observations.composer.saying.document import Document, EffectSection
from observations.composer.saying.network import NetworkSummary
from observations.composer.saying.table import report_content, rows_of, to_csv
from observations.exceptions import PdfBusy, PdfError
from observations.rendering.html import DRAFT, Colophon, fingerprint, page_context, qr_svg
from observations.rendering.pdf.frames import FAILED, read_frame, write_frame

SECONDS = 30
DOCUMENTS_PER_PROCESS = 500
DRAFTS_AT_ONCE = 5  # one that is drawn and four that wait: each holds a thread of the server
LONGEST_WORD = 60
_QR = "effets:qr"


def render_pdf(document: Document, colophon: Colophon = DRAFT) -> bytes:
    """PDF/A-3a and PDF/UA-1, byte-identical for the same document and colophon. Raises PdfError."""
    html = render_print_html(document, colophon)
    images = {_QR: qr_svg(colophon.url)} if colophon.url else {}
    files = _data_files(document, colophon)
    return _process.render(html, images, fingerprint(document)[:32], files)


def _data_files(document: Document, colophon: Colophon) -> list[dict[str, str]]:
    """What is attached to a published report: its data, for machines. A draft carries nothing."""
    if colophon.number is None or colophon.published_at is None:
        return []
    name = f"{document.site.slug}-{document.year}"
    made_at = colophon.published_at.isoformat()
    content = report_content(document, colophon.number)
    rows = rows_of(document, colophon.number)
    return [
        {
            "name": f"{name}.json",
            "description": "Le rapport et ses réponses, en JSON",
            "text": json.dumps(content, ensure_ascii=False, indent=1),
            "made_at": made_at,
        },
        {
            "name": f"{name}.csv",
            "description": "Les réponses en lignes, pour un tableur",
            "text": "".join(to_csv(rows)),
            "made_at": made_at,
        },
    ]


@dataclass(frozen=True, slots=True)
class VolumeEntry:
    name: str
    city: str
    page: int


@dataclass(frozen=True, slots=True)
class VolumeFront:
    """What opens a volume. `made_at` is that of its latest report, so that bytes do not change."""

    year: int
    made_at: datetime
    entries: tuple[VolumeEntry, ...]
    summary: NetworkSummary


def render_front(front: VolumeFront) -> bytes:
    """Cover, contents and figures, whose links lead to `effets:rapport/<rank>`. Raises PdfError."""
    html = render_to_string("observations/pdf/volume.html", {"front": front})
    return _process.render(html, {}, sha256(html.encode()).hexdigest()[:32])


def render_print_html(document: Document, colophon: Colophon = DRAFT) -> str:
    """What the PDF is drawn from."""
    context = page_context(_breakable(document), colophon, qr_url=_QR)
    return render_to_string("observations/pdf/report.html", context)


def _breakable(document: Document) -> Document:
    """Gives the endless words of notes places to break: without, the layout takes minutes."""
    scales = (
        replace(section, effects=tuple(map(_breakable_note, section.effects)))
        for section in document.scales
    )
    return replace(document, scales=tuple(scales))


def _breakable_note(effect: EffectSection) -> EffectSection:
    return replace(
        effect, note=tuple(" ".join(map(_broken, text.split(" "))) for text in effect.note)
    )


def _broken(word: str) -> str:
    if len(word) <= LONGEST_WORD:
        return word
    step = LONGEST_WORD // 2
    return "\u200b".join(word[start : start + step] for start in range(0, len(word), step))


class PdfProcess:
    """The child, started when first needed and again whenever it has gone."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.lock = threading.Lock()
        self.child: subprocess.Popen[bytes] | None = None
        self.documents = 0

    def render(
        self,
        html: str,
        images: dict[str, str],
        identifier: str,
        files: list[dict[str, str]] | None = None,
    ) -> bytes:
        """The arguments are those of the child's `Renderer.render`."""
        request = {"html": html, "images": images, "identifier": identifier, "files": files or []}
        with self.lock:
            answer = self._ask(json.dumps(request).encode())
        if answer is None or answer.startswith(FAILED):
            raise PdfError(
                "Le PDF n’a pas pu être fabriqué : le rapport est sans doute trop long. "
                "Vos textes sont intacts ; essayez de raccourcir la plus longue des notes."
            )
        return answer[1:]

    def stop(self) -> None:
        """Ends the child; the next document starts another."""
        if self.child is not None:
            self.child.kill()
            self.child.communicate()
            self.folder.cleanup()
            self.child = None

    def _ask(self, request: bytes) -> bytes | None:
        """The child's answer; None when it died or was too slow."""
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        watchdog = threading.Timer(self.seconds, child.kill)
        watchdog.start()
        try:
            write_frame(child.stdin, request)
            answer = read_frame(child.stdout)
        except BrokenPipeError:
            answer = None
        finally:
            watchdog.cancel()
        self.documents += 1
        if answer is None:
            self.stop()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self.documents >= DOCUMENTS_PER_PROCESS:
            self.stop()
        if self.child is None:
            self.child, self.documents = self._start(), 0
        return self.child

    def _start(self) -> subprocess.Popen[bytes]:
        self.folder = tempfile.TemporaryDirectory(prefix="effets-pdf-")
        return subprocess.Popen(  # noqa: S603  # our own module
            [
                sys.executable,
                "-m",
                "observations.rendering.pdf.process",
                str(settings.BASE_DIR / "static/img/pictograms"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env={
                "PATH": os.environ.get("PATH", ""),
                "TMPDIR": self.folder.name,
                "HOME": self.folder.name,
            },
        )


_process = PdfProcess()
_drafts = threading.BoundedSemaphore(DRAFTS_AT_ONCE)


@contextmanager
def draft_turn() -> Iterator[None]:
    """Around the making of a draft. Raises PdfBusy at once when enough of them are under way.

    What is published is never refused: it waits for its turn behind these few.
    """
    if not _drafts.acquire(blocking=False):
        raise PdfBusy("Plusieurs PDF sont en préparation : réessayez dans un instant.")
    try:
        yield
    finally:
        _drafts.release()
