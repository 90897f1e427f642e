"""The process that turns HTML into PDF: the only importer of WeasyPrint, without Django.

It reads frames on its standard input, each a JSON object of `Renderer.render`'s arguments, and
answers on its standard output (see `frames`).

Nothing is fetched from anywhere: fonts, drawings and images are answered from memory.
"""

import json
import os
import re
import resource
import signal
import sys
import unicodedata
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pydyf
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from observations.rendering.pdf.frames import DONE, FAILED, read_frame, write_frame

MEMORY_LIMIT = 700 * 1024 * 1024
HERE = Path(__file__).parent
COLOURS = {
    "individuel": ("#B23A2E", "#FBE9E5"),
    "collectif": ("#8F5300", "#FCEFD8"),
    "territorial": ("#1C6B77", "#E2F1F2"),
}
RADII = (3, 4.5, 6, 7.5, 9)


class MemoryFetcher(URLFetcher):  # type: ignore[misc]  # untyped library
    """Answers `effets:` addresses from memory and refuses every other."""

    def __init__(self, resources: dict[str, tuple[str, bytes]]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.resources = resources

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url not in self.resources:
            raise ValueError("a report fetches nothing")
        kind, content = self.resources[url]
        return URLFetcherResponse(url, content, headers={"Content-Type": kind})


class Renderer:
    """One font configuration and one parsed style sheet for the life of the process."""

    def __init__(self, pictograms: Path) -> None:
        self.resources = {**_fonts(), **_drawings(pictograms)}
        self.fonts = FontConfiguration()
        css = (HERE / "report.css").read_text() + _drawing_rules(pictograms)
        self.css = CSS(
            string=css, url_fetcher=MemoryFetcher(self.resources), font_config=self.fonts
        )
        self.covered = _covered_characters()

    def render(
        self,
        html: str,
        images: dict[str, str],
        identifier: str,
        files: Sequence[dict[str, str]] = (),
    ) -> bytes:
        """`images` are SVG sources by their `effets:` address; `files` are attached.

        Each file is {"name", "description", "text", "made_at": ISO 8601}.
        """
        own = {url: ("image/svg+xml", source.encode()) for url, source in images.items()}
        document = HTML(
            string=self._printable(html),
            base_url="effets:",
            url_fetcher=MemoryFetcher({**self.resources, **own}),
        )
        pdf: bytes = document.write_pdf(
            stylesheets=[self.css],
            font_config=self.fonts,
            pdf_variant="pdf/a-3a",
            pdf_identifier=identifier.encode(),
            attachments=list(map(_attachment, files)),
            finisher=_finish,
        )
        return pdf

    def _printable(self, html: str) -> str:
        """PDF/UA wants a glyph for every character: those of no font become a white square."""
        unknown = {ord(char) for char in set(html)} - self.covered
        return html.translate({code: _stand_in(chr(code)) for code in unknown})


def _attachment(file: dict[str, str]) -> Attachment:
    made_at = datetime.fromisoformat(file["made_at"]).astimezone(UTC)
    return Attachment(
        string=file["text"],
        name=file["name"],
        description=file["description"],
        created=made_at,
        modified=made_at,
        relationship="Data",
    )


def _finish(document: object, pdf: pydyf.PDF) -> None:
    """What WeasyPrint leaves out: printed links, header cells with a scope, PDF/UA beside PDF/A."""
    dictionaries = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary)]
    for item in dictionaries:
        if item.get("Subtype") == "/Link":
            item["F"] = 1 << 2
    _give_scopes([item for item in dictionaries if item.get("Type") == "/StructElem"])
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream):
            _make_lasting(item)
    if "AF" in pdf.catalog:  # each attached file is named twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _give_scopes(elements: list[pydyf.Dictionary]) -> None:
    by_reference = {item.reference: item for item in elements}
    for item in elements:
        if item.get("S") == "/TH":
            above = by_reference.get(by_reference[item["P"]]["P"], {})
            scope = "/Column" if above.get("S") == "/THead" else "/Row"
            item["A"] = pydyf.Dictionary({"O": "/Table", "Scope": scope})


def _make_lasting(stream: pydyf.Stream) -> None:
    if stream.extra.get("Type") == "/Metadata":
        stream.compress = False
        stream.stream = [_with_pdf_ua(content) for content in stream.stream]
    elif _ends_with_return(stream):
        stream.compress = False


def _ends_with_return(stream: pydyf.Stream) -> bool:
    """Compressed, would it end with a carriage return, which readers take for an end of line?"""
    content = b"\n".join(map(_bytes, stream.stream))
    return zlib.adler32(content) & 0xFF == ord("\r")


def _bytes(part: object) -> bytes:
    if isinstance(part, pydyf.Object):
        return bytes(part.data)
    return part if isinstance(part, bytes) else str(part).encode()


def _with_pdf_ua(xmp: bytes) -> bytes:
    return xmp.replace(b"</rdf:RDF>", (HERE / "pdf_ua.xml").read_bytes() + b"</rdf:RDF>")


def _stand_in(char: str) -> str:
    return "" if unicodedata.category(char) in ("Cf", "Mn", "Me", "Cc", "Zl", "Zp") else "\u25a1"


def _fonts() -> dict[str, tuple[str, bytes]]:
    files = sorted((HERE / "fonts").glob("*.ttf"))
    return {f"effets:font/{file.stem}": ("font/ttf", file.read_bytes()) for file in files}


def _covered_characters() -> set[int]:
    covered = {ord("\n"), ord("\t")}
    for file in (HERE / "fonts").glob("*.ttf"):
        covered |= set(TTFont(file, lazy=True).getBestCmap())
    return covered


def _drawings(pictograms: Path) -> dict[str, tuple[str, bytes]]:
    drawings = {"effets:cover": HERE / "cover.svg"}
    found = {url: ("image/svg+xml", file.read_bytes()) for url, file in drawings.items()}
    for scale, (ink, tint) in COLOURS.items():
        for file in sorted(pictograms.glob("*.svg")):
            source = _tile(file.read_text(), ink, tint)
            found[f"effets:pictogram/{scale}/{file.stem}"] = ("image/svg+xml", source)
        for intensity in range(6):
            discs = _discs(intensity, ink)
            found[f"effets:intensity/{scale}/{intensity}"] = ("image/svg+xml", discs)
    return found


def _tile(source: str, ink: str, tint: str) -> bytes:
    """The drawing on a rounded tile of its scale's tint."""
    inner = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", source.strip())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 36 36">'
        f'<rect x="-6" y="-6" width="36" height="36" rx="9" fill="{tint}"/>'
        f'<g fill="none" stroke="{ink}" stroke-width="1.75" stroke-linecap="round"'
        f' stroke-linejoin="round">{inner}</g></svg>'
    ).encode()


def _discs(intensity: int, ink: str) -> bytes:
    discs = "".join(
        f'<circle cx="{10 + 21 * rank}" cy="10" r="{radius}" stroke="{ink}" stroke-width="1.4"'
        f' fill="{ink if rank < intensity else "#fff"}"/>'
        for rank, radius in enumerate(RADII)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 106 20">{discs}</svg>'.encode()


def _drawing_rules(pictograms: Path) -> str:
    """Drawings are backgrounds: decoration for the eye, nothing for the ear."""
    tiles = (
        f".scale--{scale} .picto-{file.stem}"
        f"{{background-image:url(effets:pictogram/{scale}/{file.stem})}}"
        for scale in COLOURS
        for file in sorted(pictograms.glob("*.svg"))
    )
    discs = (
        f".scale--{scale} .discs--{intensity}"
        f"{{background-image:url(effets:intensity/{scale}/{intensity})}}"
        for scale in COLOURS
        for intensity in range(6)
    )
    return "".join((*tiles, *discs))


def serve(pictograms: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):  # it ends with who asks, once they have answered
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break a frame
    renderer = Renderer(pictograms)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        request = json.loads(frame)
        try:
            answer = DONE + renderer.render(**request)
        except (MemoryError, RecursionError, ValueError, OSError) as error:
            answer = FAILED + type(error).__name__.encode()
        write_frame(answers, answer)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
