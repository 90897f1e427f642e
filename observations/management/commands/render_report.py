import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from observations import queries
from observations.composer.compose import compose
from observations.composer.saying.document import Document, to_json
from observations.exceptions import PdfError
from observations.management.reports import add_report_arguments, get_report
from observations.rendering.html import render_html
from observations.rendering.pdf import render_pdf
from observations.rendering.text import render_text

RENDERERS: dict[str, Callable[[Document], bytes]] = {
    "html": lambda document: render_html(document).encode(),
    "pdf": render_pdf,
    "txt": lambda document: render_text(document).encode(),
    "json": lambda document: json.dumps(to_json(document), ensure_ascii=False, indent=2).encode(),
}


class Command(BaseCommand):
    help = "Renders the draft report of a site's year from its live answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_report_arguments(parser)
        parser.add_argument("--format", dest="kind", choices=RENDERERS, default="txt")
        parser.add_argument("-o", "--output", type=Path, help="default: the standard output")

    def handle(
        self, *, site: str, year: int, kind: str, output: Path | None, **options: object
    ) -> None:
        document = compose(queries.report_inputs(get_report(site, year)))
        try:
            content = RENDERERS[kind](document)
        except PdfError as error:
            raise CommandError(str(error)) from None
        if output is None:
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        else:
            output.write_bytes(content)
