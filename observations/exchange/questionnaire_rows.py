"""The shapes of the questionnaire file, as long as the columns of models/questionnaire.py take."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from observations.composer.questionnaire.inputs import (
    CategoryInput,
    EffectInput,
    Parent,
    QuestionInput,
    SentenceInput,
    Unit,
    Wording,
)
from observations.composer.questionnaire.template import CODE
from observations.enums import Layout, Lean, Origin, Period, Polarity, QuestionKind, Scale
from observations.exchange.reading import StrictRow

Code = Annotated[str, StringConstraints(pattern=f"^{CODE}$", max_length=60)]
FORMAT = "effets-questionnaire/1"


def words(least: int, most: int | None = None) -> StringConstraints:
    """Without the spaces around them, as the admin keeps them: spaces alone are no words."""
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


class CodedRow(StrictRow):
    code: Code


class CategoryRow(CodedRow):
    form_label: Annotated[str, words(1, 200)]
    report_wording: Annotated[str, words(1, 300)]
    report_wording_full: Annotated[str, words(0, 300)] = ""
    polarity: Polarity | None = None
    silent: bool = False
    retired: bool = False
    successors: list[Code] = []

    def value(self, polarity: Polarity) -> CategoryInput:
        return CategoryInput(
            code=self.code,
            form_label=self.form_label,
            wording=Wording(self.report_wording, self.report_wording_full),
            polarity=self.polarity or polarity,
            silent=self.silent,
            retired=self.retired,
            successors=tuple(self.successors),
        )


class VocabularyRow(CodedRow):
    title: Annotated[str, words(1, 120)]
    categories: list[CategoryRow]


class UnitRow(StrictRow):
    singular: Annotated[str, words(1, 60)]
    plural: Annotated[str, words(1, 60)]
    feminine: bool = False


class ParentRow(StrictRow):
    question: Code
    categories: list[Code]

    def value(self) -> Parent:
        return Parent(self.question, frozenset(self.categories))


class OwnedRow(CodedRow):
    origin: Origin = Origin.CORE
    site: Annotated[str, StringConstraints(pattern=f"^({CODE})?$", max_length=80)] = ""


class QuestionRow(OwnedRow):
    kind: QuestionKind
    label: Annotated[str, words(1, 250)]
    help_text: Annotated[str, words(0, 250)] = ""
    vocabulary: str = ""
    polarity: Polarity = Polarity.NEUTRAL
    parent: ParentRow | None = None
    subject: Annotated[str, words(0, 120)] = ""
    subject_full: Annotated[str, words(0, 160)] = ""
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
            origin=self.origin,
            site=self.site,
            categories=tuple(row.value(self.polarity) for row in rows),
        )


class SentenceRow(StrictRow):
    passage: Annotated[int, Field(ge=1)]
    template: Annotated[str, words(1, 400)]
    template_full: Annotated[str, words(0, 400)] = ""
    layout: Layout = Layout.INLINE
    leans_on: Lean = Lean.NOTHING

    def value(self) -> SentenceInput:
        wording = Wording(self.template, self.template_full)
        return SentenceInput(self.passage, wording, self.layout, self.leans_on)


class EffectRow(OwnedRow):
    scale: Scale
    title: Annotated[str, words(1, 120)]
    pictogram: Annotated[str, words(0, 60)] = ""
    prompt: Annotated[str, words(0, 250)] = ""
    help_text: Annotated[str, words(0)] = ""
    not_observed: Annotated[str, words(1, 250)]
    not_applicable: Annotated[str, words(1, 250)]
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
            origin=self.origin,
            site=self.site,
            questions=tuple(row.value(vocabularies) for row in self.questions),
            sentences=tuple(row.value() for row in self.sentences),
        )


class EditionRow(StrictRow):
    first_year: Annotated[int, Field(ge=2000, le=2100)]
    title: Annotated[str, words(1, 120)]


class QuestionnaireFile(StrictRow):
    format: Literal["effets-questionnaire/1"]
    edition: EditionRow
    vocabularies: list[VocabularyRow] = []
    effects: list[EffectRow]
