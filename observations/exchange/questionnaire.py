"""The questionnaire file: `fixtures/questionnaire.json` -> EditionInput."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from observations.composer.inputs import (
    CategoryInput,
    EditionInput,
    EffectInput,
    Parent,
    QuestionInput,
    SentenceInput,
    Unit,
    VocabularyInput,
    Wording,
)
from observations.composer.template import CODE, check_sentence, check_wording
from observations.enums import Layout, Lean, Period, Polarity, QuestionKind, Scale
from observations.exceptions import ImportRefused, Problem, TemplateError
from observations.exchange.reading import StrictRow, json_path, read_rows

Code = Annotated[str, StringConstraints(pattern=f"^{CODE}$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class CategoryRow(StrictRow):
    code: Code
    form_label: Line
    report_wording: Line
    report_wording_full: str = ""
    polarity: Polarity | None = None
    silent: bool = False
    retired: bool = False

    def value(self, polarity: Polarity) -> CategoryInput:
        return CategoryInput(
            code=self.code,
            form_label=self.form_label,
            wording=Wording(self.report_wording, self.report_wording_full),
            polarity=self.polarity or polarity,
            silent=self.silent,
            retired=self.retired,
        )


class VocabularyRow(StrictRow):
    code: Code
    title: Line
    categories: list[CategoryRow]


class UnitRow(StrictRow):
    singular: Line
    plural: Line
    feminine: bool = False


class ParentRow(StrictRow):
    question: Code
    categories: list[Code]

    def value(self) -> Parent:
        return Parent(self.question, frozenset(self.categories))


class QuestionRow(StrictRow):
    code: Code
    kind: QuestionKind
    label: Line
    help_text: str = ""
    vocabulary: str = ""
    polarity: Polarity = Polarity.NEUTRAL
    parent: ParentRow | None = None
    subject: str = ""
    subject_full: str = ""
    unit: UnitRow | None = None
    period: Literal["an", ""] = ""
    carries_over: bool = True
    categories: list[CategoryRow] = []

    def value(self, vocabularies: dict[str, VocabularyRow]) -> QuestionInput:
        rows = vocabularies[self.vocabulary].categories if self.vocabulary else self.categories
        return QuestionInput(
            code=self.code,
            kind=self.kind,
            label=self.label,
            help_text=self.help_text,
            vocabulary=self.vocabulary,
            polarity=self.polarity,
            parent=self.parent.value() if self.parent else None,
            subject=Wording(self.subject, self.subject_full),
            unit=Unit(**self.unit.model_dump()) if self.unit else Unit("", ""),
            period=Period(self.period).value if self.period else "",
            carries_over=self.carries_over,
            categories=tuple(row.value(self.polarity) for row in rows),
        )


class SentenceRow(StrictRow):
    passage: Annotated[int, Field(ge=1)]
    template: Line
    template_full: str = ""
    layout: Layout = Layout.INLINE
    leans_on: Lean = Lean.NOTHING

    def value(self) -> SentenceInput:
        wording = Wording(self.template, self.template_full)
        return SentenceInput(self.passage, wording, self.layout, self.leans_on)


class EffectRow(StrictRow):
    code: Code
    scale: Scale
    title: Line
    pictogram: str = ""
    prompt: str = ""
    help_text: str = ""
    not_observed: Line
    not_applicable: Line
    questions: list[QuestionRow]
    sentences: list[SentenceRow]

    def value(self, vocabularies: dict[str, VocabularyRow]) -> EffectInput:
        return EffectInput(
            code=self.code,
            scale=self.scale,
            title=self.title,
            pictogram=self.pictogram,
            prompt=self.prompt,
            help_text=self.help_text,
            not_observed=self.not_observed,
            not_applicable=self.not_applicable,
            questions=tuple(row.value(vocabularies) for row in self.questions),
            sentences=tuple(row.value() for row in self.sentences),
        )


class EditionRow(StrictRow):
    first_year: Annotated[int, Field(ge=2000, le=2100)]
    title: Line


class QuestionnaireFile(StrictRow):
    format: Literal["effets-questionnaire/1"]
    edition: EditionRow
    vocabularies: list[VocabularyRow] = []
    effects: list[EffectRow]


def read_questionnaire(raw: bytes) -> EditionInput:
    """Raises ImportRefused when the file, a sentence or a reference cannot be read."""
    file = read_rows(raw, QuestionnaireFile)
    vocabularies = {row.code: row for row in file.vocabularies}
    problems = list(_unknown_references(file, vocabularies))
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
    problems = [
        problem
        for index, effect in enumerate(edition.effects)
        for problem in _unsayable(index, effect)
    ]
    if problems:
        raise ImportRefused(problems)
    return edition


def _unknown_references(
    file: QuestionnaireFile, vocabularies: dict[str, VocabularyRow]
) -> list[Problem]:
    return [
        Problem(
            json_path(["effects", i, "questions", j, "vocabulary"]),
            f"le vocabulaire « {question.vocabulary} » est inconnu.",
        )
        for i, effect in enumerate(file.effects)
        for j, question in enumerate(effect.questions)
        if question.vocabulary and question.vocabulary not in vocabularies
    ]


def _unsayable(index: int, effect: EffectInput) -> list[Problem]:
    problems = []
    for position, sentence in enumerate(effect.sentences):
        try:
            check_sentence(sentence, effect)
        except TemplateError as error:
            path = json_path(["effects", index, "sentences", position, "template"])
            problems.append(Problem(path, str(error)))
    for position, question in enumerate(effect.questions):
        for category in question.categories:
            try:
                check_wording(category.wording.short, effect)
                check_wording(category.wording.full, effect)
            except TemplateError as error:
                path = json_path(["effects", index, "questions", position])
                problems.append(Problem(path, str(error)))
    return problems
