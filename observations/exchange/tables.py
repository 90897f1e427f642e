"""Published answers of many reports as one file for analysts. Reads publications, writes nothing.

Reports are read twice, a few at a time: once for what was asked anywhere, once for the rows.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO

import xlsxwriter
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone
from xlsxwriter.format import Format

from observations.composer.saying.document import Document, from_json
from observations.composer.saying.table import (
    COLUMNS,
    Row,
    asked_in,
    rows_of,
    to_csv,
    to_record,
)
from observations.models import Publication

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX, "json": "application/json"}
SHEET_ROWS_MAX = 1_048_576  # of a spreadsheet, its first line being the titles
FOLDER = "tables"
_AT_ONCE = 50
_KEPT = timedelta(days=1)


def published_rows(publications: QuerySet[Publication]) -> Iterator[Row]:
    """Every row; a question that a year did not ask, and another did, is said to be not asked."""
    asked = asked_in(document for document, _ in _documents(publications))
    for document, number in _documents(publications):
        yield from rows_of(document, number, asked)


def kept_table(kind: str, publications: QuerySet[Publication], key: str) -> str:
    """The name of the stored file of these publications, made unless it is there.

    The same `key` is the same content: two requests that make it at once write the same file.
    """
    name = f"{FOLDER}/{key}.{kind}"
    if not default_storage.exists(name):
        with TemporaryFile() as out:
            write_table(kind, published_rows(publications), out)
            name = default_storage.save(name, File(out))
    return name


def forget_old_tables() -> int:
    """Deletes the files that views keep, a day after they were made; they can be made again."""
    if not default_storage.exists(FOLDER):
        return 0
    names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    end = timezone.now() - _KEPT
    old = [name for name in names if default_storage.get_modified_time(name) < end]
    for name in old:
        default_storage.delete(name)
    return len(old)


def _documents(publications: QuerySet[Publication]) -> Iterator[tuple[Document, int]]:
    pairs = publications.values_list("document", "number").iterator(chunk_size=_AT_ONCE)
    return ((from_json(data), number) for data, number in pairs)


def write_table(kind: str, rows: Iterable[Row], out: BinaryIO) -> None:
    """`kind` is a key of KINDS."""
    if kind == "xlsx":
        _write_xlsx(rows, out)
    else:
        parts = to_csv(rows) if kind == "csv" else _to_json(rows)
        for part in parts:
            out.write(part.encode())


def _to_json(rows: Iterable[Row]) -> Iterator[str]:
    yield json.dumps({"colonnes": COLUMNS}, ensure_ascii=False).removesuffix("}") + ', "lignes": ['
    between = "\n"
    for row in rows:
        yield between + json.dumps(to_record(row), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def _write_xlsx(rows: Iterable[Row], out: BinaryIO) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        title = book.add_format({"bold": True})
        waiting = iter(rows)
        rank = 1
        while _write_sheet(book, f"Réponses {rank}" if rank > 1 else "Réponses", title, waiting):
            rank += 1
        dictionary = book.add_worksheet("Dictionnaire")
        dictionary.set_column(0, 0, 28)
        dictionary.set_column(1, 1, 100)
        dictionary.write_row(0, 0, ["colonne", "sens"], title)
        for line, pair in enumerate(COLUMNS.items(), 1):
            dictionary.write_row(line, 0, pair)


def _write_sheet(
    book: xlsxwriter.Workbook, name: str, title: Format, waiting: Iterator[Row]
) -> bool:
    """Whether it is full: what is left goes on in another."""
    table = book.add_worksheet(name)
    table.freeze_panes(1, 1)
    table.set_column(0, len(COLUMNS) - 1, 18)
    table.write_row(0, 0, list(COLUMNS), title)
    last = 0
    for last, row in enumerate(islice(waiting, SHEET_ROWS_MAX - 1), 1):
        table.write_row(last, 0, row.cells)
    table.autofilter(0, 0, last, len(COLUMNS) - 1)
    return last == SHEET_ROWS_MAX - 1
