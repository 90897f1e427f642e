"""Reads a publication as whoever gets it does: to look at what an act has done, not at what it meant."""

import io
import json
from html import unescape

from django.utils.html import strip_tags
from pypdf import PdfReader

from observations.composer.saying.document import from_json
from observations.composer.saying.table import report_content, rows_of, to_csv
from observations.models import Publication
from observations.rendering.colophon import colophon_of
from observations.rendering.html import render_html


def representations(publication: Publication, pdf: bytes, url: str) -> dict[str, str]:
    """Each form that a publication takes, named as in « il se lit encore dans … », and its words.

    `pdf` is its file, `url` its public address.
    """
    document = from_json(publication.document)
    reader = PdfReader(io.BytesIO(pdf))
    files = (part for parts in reader.attachments.values() for part in parts)
    content = report_content(document, publication.number)
    return {
        "la page": _read_page(render_html(document, colophon_of(publication, url))),
        "le PDF": "\n".join(page.extract_text() for page in reader.pages),
        "les fichiers joints au PDF": "\n".join(part.decode() for part in files),
        "les tableaux": "".join(to_csv(rows_of(document, publication.number))),
        "les données": json.dumps(content, ensure_ascii=False),
    }


def _read_page(html: str) -> str:
    """Its words, a line for each of its elements."""
    return unescape(strip_tags(html.replace("<", "\n<")))
