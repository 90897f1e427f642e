"""The questionnaire file: `fixtures/questionnaire.json` <-> EditionInput."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from observations.composer.questionnaire.faults import faults
from observations.composer.questionnaire.inputs import (
    CategoryInput,
    EditionInput,
    EffectInput,
    QuestionInput,
    VocabularyInput,
)
from observations.composer.questionnaire.template import check_shared_wording
from observations.enums import Origin, Polarity, QuestionKind
from observations.exceptions import ImportRefused, Problem, TemplateError
from observations.exchange.questionnaire_rows import (
    FORMAT,
    CodedRow,
    OwnedRow,
    QuestionnaireFile,
    VocabularyRow,
)
from observations.exchange.reading import json_path, read_rows, refused

Path = tuple[str | int, ...]


def read_questionnaire(raw: bytes) -> EditionInput:
    """Raises ImportRefused when the file, a sentence or a reference cannot be read."""
    if b"\\u0000" in raw:
        raise refused("Le fichier contient un caractère nul.")
    file = read_rows(raw, QuestionnaireFile)
    vocabularies = {row.code: row for row in file.vocabularies}
    problems = [
        *_unknown_references(file, vocabularies),
        *_codes_given_twice(file),
        *_without_an_owner(file),
    ]
    if problems:
        raise ImportRefused(problems)
    edition = EditionInput(
        first_year=file.edition.first_year,
        title=file.edition.title,
        vocabularies=tuple(
            VocabularyInput(
                row.code,
                row.title,
                tuple(category.value(Polarity.NEUTRAL) for category in row.categories),
                {c.code: c.polarity for c in row.categories if c.polarity is not None},
            )
            for row in file.vocabularies
        ),
        effects=tuple(row.value(vocabularies) for row in file.effects),
    )
    if problems := list(_unsayable(edition)):
        raise ImportRefused(problems)
    return edition


def write_questionnaire(edition: EditionInput) -> bytes:
    """The file that `read_questionnaire` reads back to the same edition; what is left out is empty."""
    file = {
        "format": FORMAT,
        "edition": {"first_year": edition.first_year, "title": edition.title},
        "vocabularies": [
            {
                "code": row.code,
                "title": row.title,
                "categories": [
                    _category_row(category, row.polarities.get(category.code))
                    for category in row.categories
                ],
            }
            for row in edition.vocabularies
        ],
        "effects": [_effect_row(row) for row in edition.effects],
    }
    return json.dumps(file, ensure_ascii=False, indent=2).encode()


def _effect_row(effect: EffectInput) -> dict[str, Any]:
    return _filled(
        code=effect.code,
        scale=effect.scale.value,
        title=effect.title,
        pictogram=effect.pictogram,
        prompt=effect.prompt,
        help_text=effect.help_text,
        not_observed=effect.not_observed,
        not_applicable=effect.not_applicable,
        **_owner_row(effect),
    ) | {
        "questions": [_question_row(row) for row in effect.questions],
        "sentences": [
            _filled(
                passage=row.passage,
                template=row.template.short,
                template_full=row.template.full,
                layout=row.layout.value,
                leans_on=row.leans_on.value,
            )
            for row in effect.sentences
        ],
    }


def _question_row(question: QuestionInput) -> dict[str, Any]:
    unit, parent = question.unit, question.parent
    own = () if question.vocabulary else question.categories
    return _filled(
        code=question.code,
        kind=question.kind.value,
        label=question.label,
        help_text=question.help_text,
        vocabulary=question.vocabulary,
        polarity=question.polarity.value,
        subject=question.subject.short,
        subject_full=question.subject.full,
        unit=asdict(unit) if unit.singular else None,
        parent=parent and {"question": parent.question, "categories": sorted(parent.categories)},
        period=question.period,
        categories=[_category_row(row, row.polarity) for row in own],
        **_owner_row(question),
    ) | {"carries_over": question.carries_over}


def _owner_row(row: EffectInput | QuestionInput) -> dict[str, str]:
    return {"origin": row.origin.value, "site": row.site} if row.origin is not Origin.CORE else {}


def _category_row(category: CategoryInput, polarity: Polarity | None) -> dict[str, Any]:
    return _filled(
        code=category.code,
        form_label=category.form_label,
        report_wording=category.wording.short,
        report_wording_full=category.wording.full,
        polarity=polarity.value if polarity else None,
        silent=category.silent,
        retired=category.retired,
        successors=list(category.successors),
    )


def _filled(**row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value}


def _unknown_references(
    file: QuestionnaireFile, vocabularies: dict[str, VocabularyRow]
) -> Iterator[Problem]:
    for i, effect in enumerate(file.effects):
        own = {row.code: {c.code for c in row.categories} for row in effect.questions}
        for j, question in enumerate(effect.questions):
            path: Path = ("effects", i, "questions", j)
            if question.vocabulary and question.vocabulary not in vocabularies:
                sentence = f"le vocabulaire « {question.vocabulary} » est inconnu."
                yield Problem(json_path((*path, "vocabulary")), sentence)
            if (parent := question.parent) and not set(parent.categories) <= own.get(
                parent.question, set()
            ):
                sentence = "cette question, ou l’une de ces réponses, est inconnue de l’effet."
                yield Problem(json_path((*path, "parent")), sentence)
            if (question.kind is QuestionKind.COUNT) != (question.unit is not None):
                yield Problem(json_path((*path, "unit")), "un nombre a une unité, et lui seul.")


def _codes_given_twice(file: QuestionnaireFile) -> Iterator[Problem]:
    lists: list[tuple[Path, Sequence[CodedRow]]] = [
        (("vocabularies",), file.vocabularies),
        (("effects",), file.effects),
    ]
    lists += [(("vocabularies", i), row.categories) for i, row in enumerate(file.vocabularies)]
    for i, effect in enumerate(file.effects):
        path: Path = ("effects", i, "questions")
        lists.append((path, effect.questions))
        lists += [((*path, j), row.categories) for j, row in enumerate(effect.questions)]
    for path, rows in lists:
        known = {row.code for row in rows}
        for row in rows:
            if not known.issuperset(getattr(row, "successors", ())):
                yield Problem(json_path(path), f"« {row.code} » devient un code inconnu.")
        for code, times in Counter(row.code for row in rows).items():
            if times > 1:
                yield Problem(json_path(path), f"le code « {code} » est donné {times} fois.")


def _without_an_owner(file: QuestionnaireFile) -> Iterator[Problem]:
    for i, effect in enumerate(file.effects):
        paths: list[Path] = [("effects", i, "questions", j) for j in range(len(effect.questions))]
        rows: list[OwnedRow] = [effect, *effect.questions]
        for path, row in zip((("effects", i), *paths), rows, strict=True):
            if (row.origin is Origin.SITE) != bool(row.site):
                sentence = (
                    "« site » nomme le lieu de ce qui est propre à un lieu, et de cela seulement."
                )
                yield Problem(json_path(path), sentence)


def _unsayable(edition: EditionInput) -> Iterator[Problem]:
    for i, row in enumerate(edition.vocabularies):
        for j, category in enumerate(row.categories):
            try:
                check_shared_wording(category.wording.short)
                check_shared_wording(category.wording.full)
            except TemplateError as error:
                yield Problem(json_path(("vocabularies", i, "categories", j)), str(error))
    for i, effect in enumerate(edition.effects):
        for path, reason in faults(effect):
            yield Problem(json_path(("effects", i, *path)), reason)
