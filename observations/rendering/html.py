"""The report as a page: what its templates are given."""

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string

from observations.composer.document import Document, to_json


@dataclass(frozen=True, slots=True)
class Colophon:
    """Which copy this is. A draft has no number, no date and no address."""

    number: int | None = None
    published_at: datetime | None = None
    fingerprint: str = ""
    reason: str = ""
    url: str = ""


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
