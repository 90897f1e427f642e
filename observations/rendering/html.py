"""The report as a page: what its templates are given."""

import hashlib
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urljoin

import segno
from django.conf import settings
from django.template.loader import render_to_string

from observations.composer.saying.document import Document, to_json
from observations.composer.territory import DEPARTMENTS


@dataclass(frozen=True, slots=True)
class Colophon:
    """Which copy this is. A draft has no number, no date and no address."""

    number: int | None = None
    published_at: datetime | None = None
    fingerprint: str = ""
    reason: str = ""
    url: str = ""
    code: str = ""
    changes: tuple[str, ...] = ()

    @property
    def short_url(self) -> str:
        return urljoin(self.url, f"/p/{self.code}/") if self.code else ""


DRAFT = Colophon()


@dataclass(frozen=True, slots=True)
class OtherYear:
    year: int
    url: str


def fingerprint(document: Document) -> str:
    """SHA-256 of the tree, keys sorted: the same words give the same fingerprint."""
    canonical = json.dumps(to_json(document), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def qr_svg(url: str) -> str:
    return segno.make(url, error="m").svg_inline(scale=4, border=0, dark="#1E1B18")


def page_context(
    document: Document,
    colophon: Colophon = DRAFT,
    *,
    pdf_url: str = "",
    qr_url: str = "",
    other_years: tuple[OtherYear, ...] = (),
) -> dict[str, Any]:
    return {
        "document": document,
        "colophon": colophon,
        "pdf_url": pdf_url,
        "qr_url": qr_url,
        "other_years": other_years,
    }


def render_html(document: Document, colophon: Colophon = DRAFT) -> str:
    """The page as one file that fetches nothing: styles and faces are inside."""
    context = page_context(document, colophon) | {"css": _inlined_css()}
    return render_to_string("observations/report/file.html", context)


@cache
def _inlined_css() -> str:
    static = settings.BASE_DIR / "static"
    screen = "".join(
        (static / "css" / name).read_text() for name in ("tokens.css", "base.css", "report.css")
    )
    paper = (static / "css/print.css").read_text()
    return re.sub(
        r"\.\./(vendor/fonts/[\w-]+\.woff2)",
        lambda found: _data_url((static / found[1]).read_bytes()),
        f"{screen}@media print {{{paper}}}",
    )


def _data_url(font: bytes) -> str:
    return f"data:font/woff2;base64,{b64encode(font).decode()}"


@dataclass(frozen=True, slots=True)
class MapShape:
    """A department on the map; `count` reports are published there."""

    code: str
    name: str
    path: str
    count: int


def map_of(departments: Iterable[str]) -> dict[str, Any]:
    """{"view_box", "empty" (one outline), "shapes" (those with reports)}; overseas is not drawn."""
    counts = Counter(departments)
    outlines = _outlines()
    paths: dict[str, str] = outlines["paths"]
    return {
        "view_box": outlines["viewBox"],
        "empty": "".join(path for code, path in paths.items() if not counts[code]),
        "shapes": [
            MapShape(code, DEPARTMENTS[code], path, counts[code])
            for code, path in paths.items()
            if counts[code]
        ],
    }


@cache
def _outlines() -> dict[str, Any]:
    file = settings.BASE_DIR / "static/vendor/departments/departments.json"
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def linked_data(document: Document, colophon: Colophon) -> str:
    """JSON-LD of a published report, safe inside a script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": f"{document.title}, {document.year}",
        "url": colophon.url,
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "datePublished": colophon.published_at.date().isoformat() if colophon.published_at else "",
        "temporalCoverage": str(document.year),
        "version": str(colophon.number),
        "author": {"@type": "Organization", "name": document.site.name},
    }
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
