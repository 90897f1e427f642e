"""Published answers as rows, for analysts: one per site, year, effect, question and ticked category.

A question without an answer has one row, which says which of the five absences it is. Cells are
text, whole numbers or None; `COLUMNS` is the data dictionary.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from typing import Any

from observations.composer.saying.data import EffectData, QuestionData
from observations.composer.saying.document import Document, to_json
from observations.composer.territory import department_of
from observations.enums import Absence, Origin

Cell = str | int | None

COLUMNS = {
    "lieu": "Code du lieu, le même d’une année à l’autre.",
    "nom_du_lieu": "Nom du lieu, tel qu’il était publié cette année-là.",
    "commune": "Commune du lieu.",
    "code_postal": "Code postal, cinq chiffres : c’est un texte.",
    "departement": "Code du département, comme 14 ou 2A : c’est un texte.",
    "annee": "Année du rapport.",
    "publication": "Numéro de la publication dont la ligne est tirée ; le dernier remplace les autres.",
    "echelle": "Code de l’échelle : individuel, collectif ou territorial.",
    "effet": "Code de l’effet, le même d’une année à l’autre.",
    "titre_de_l_effet": "Titre de l’effet cette année-là.",
    "question": "Code de la question, propre à l’effet.",
    "libelle_de_la_question": "Question telle qu’elle était posée.",
    "categorie": "Code de la catégorie cochée ; vide si la question attend un nombre ou n’a pas de réponse.",
    "libelle_de_la_categorie": "Catégorie telle qu’elle était écrite dans le formulaire.",
    "nombre": "Nombre répondu ; vide si la question n’en attend pas.",
    "environ": "1 si le nombre est approximatif, 0 s’il est exact.",
    "par": "« an » si le nombre vaut par an.",
    "unite": "Ce que le nombre compte.",
    "absence": "Vide s’il y a une réponse ; sinon "
    + ", ".join(f"{row.value} ({row.label.lower()})" for row in Absence)
    + ".",
    "origine": "Qui pose la question : "
    + ", ".join(f"{row.value} ({row.label.lower()})" for row in Origin)
    + ". Le tronc commun se compare partout ; ce qui est propre au réseau, entre ses lieux.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line; its fields are those of `COLUMNS`, in their order."""

    site: str
    site_name: str
    city: str
    postcode: str
    department: str
    year: int
    publication: int
    scale: str
    effect: str
    effect_title: str
    question: str
    question_label: str
    category: str = ""
    category_label: str = ""
    number: int | None = None
    is_approximate: int | None = None
    period: str = ""
    unit: str = ""
    absence: str = ""
    origin: str = Origin.CORE.value

    @property
    def cells(self) -> tuple[Cell, ...]:
        return astuple(self)


Key = tuple[str, str, str]  # an effect, a question, and the site whose own it is
Asked = dict[Key, tuple[EffectData, QuestionData]]


def asked_in(documents: Iterable[Document]) -> Asked:
    """Every question of these reports, worded as last seen."""
    return {
        _key(document, effect, question): (effect, question)
        for document in documents
        for effect in document.data
        for question in effect.questions
    }


def _key(document: Document, effect: EffectData, question: QuestionData) -> Key:
    own = document.site.slug if question.origin is Origin.SITE else ""
    return effect.code, question.code, own


def rows_of(document: Document, publication: int, asked: Asked | None = None) -> Iterator[Row]:
    """The rows of a report; questions of `asked` that its year did not ask have one too, but for
    those that are another site's own."""
    for effect in document.data:
        for question in effect.questions:
            yield from _answers(_row(document, publication, effect, question), question)
    own = asked_in([document])
    for key, (effect, question) in (asked or {}).items():
        if key not in own and key[-1] in ("", document.site.slug):
            row = _row(document, publication, effect, question)
            yield replace(row, absence=Absence.NOT_ASKED.value)


def _row(document: Document, publication: int, effect: EffectData, question: QuestionData) -> Row:
    site = document.site
    return Row(
        site.slug,
        site.name,
        site.city,
        site.postcode,
        department_of(site.postcode),
        document.year,
        publication,
        effect.scale.value,
        effect.code,
        effect.title,
        question.code,
        question.label,
        origin=question.origin.value,
    )


def _answers(row: Row, question: QuestionData) -> Iterator[Row]:
    if question.absence is not None:
        yield replace(row, absence=question.absence.value)
    if question.count is not None:
        count = question.count
        yield replace(
            row,
            number=count.value,
            is_approximate=int(count.approximate),
            period=count.period,
            unit=question.unit,
        )
    for code, label in question.choices:
        yield replace(row, category=code, category_label=label)


def to_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Lines of RFC 4180 with semicolons and a byte order mark, as French spreadsheets expect."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";")
    writer.writerow(COLUMNS)
    yield "\ufeff" + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([harmless(cell) for cell in row.cells])
        yield line.getvalue()


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula is made a text again (OWASP)."""
    if isinstance(cell, str) and cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b")):
        return f"'{cell}"
    return cell


def to_record(row: Row) -> dict[str, Cell]:
    return dict(zip(COLUMNS, row.cells, strict=True))


REPORT_FORMAT = "effets-rapport/1"


def report_content(document: Document, publication: int) -> dict[str, Any]:
    """The whole published tree: sentences, notes, codes and labels."""
    return {"format": REPORT_FORMAT, "publication": publication, "rapport": to_json(document)}
