"""The questionnaire, from rows: whole, or as one site's year is asked it."""

from collections.abc import Iterable

from django.db.models import Prefetch

from observations.composer.questionnaire.asked import read_asked
from observations.composer.questionnaire.inputs import (
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
from observations.composer.questionnaire.origin import asked_at
from observations.enums import Layout, Lean, Origin, Polarity, QuestionKind, Scale
from observations.models import AnnualReport, Category, Edition, Effect, Question, Round

Effects = tuple[EffectInput, ...]


def asked_of(report: AnnualReport, code: str | None = None) -> Effects:
    """What this year is asked, or only its effect of this code. 6 queries, or 1 once submitted."""
    return asked_of_reports([report], code)[report.pk]


def asked_of_reports(
    reports: Iterable[AnnualReport], code: str | None = None
) -> dict[int, Effects]:
    """By report. At most 7 queries."""
    rows = list(reports)
    # Until it is returned, a year keeps the questions and the words that it was submitted with.
    kept = _kept_by([row for row in rows if row.is_submitted])
    live = [row for row in rows if row.pk not in kept]
    editions = (
        _effects_of([row.edition_id for row in live], code, sites=[row.site_id for row in live])
        if live
        else {}
    )
    return {
        row.pk: tuple(effect for effect in kept[row.pk] if code in (None, effect.code))
        if row.pk in kept
        else asked_at(editions.get(row.edition_id, ()), row.site.slug)
        for row in rows
    }


def _kept_by(reports: list[AnnualReport]) -> dict[int, Effects]:
    """What they were submitted with. 1 query, or none."""
    if not reports:
        return {}
    rounds = Round.objects.filter(report__in=reports, asked__isnull=False).order_by("number")
    last = {row.report_id: row.asked for row in rounds.select_related("asked")}
    return {report: read_asked(asked.effects) for report, asked in last.items() if asked}


def edition_effects(edition: Edition, code: str | None = None) -> Effects:
    """The questionnaire, or only its effect of this code, with everybody's own. 6 queries."""
    return _effects_of([edition.pk], code).get(edition.pk, ())


def effect_of(category: Category) -> EffectInput | None:
    """The effect that its words are said in; None where several share them. 6 queries."""
    question = category.question
    if question is None:
        return None
    (effect,) = edition_effects(question.effect.edition, question.effect.code)
    return effect


def _effects_of(
    editions: list[int], code: str | None = None, *, sites: list[int] | None = None
) -> dict[int, Effects]:
    """By edition; with `sites`, without the own questions of the others. 6 queries."""
    effects, questions = Effect.objects.all(), Question.objects.all()
    if sites is not None:
        effects, questions = effects.asked_at(*sites), questions.asked_at(*sites)
    effects = (
        effects.filter(edition__in=editions)
        .select_related("site")
        .prefetch_related(
            "sentences",
            Prefetch("questions", questions.select_related("vocabulary", "site")),
            "questions__own_categories",
            "questions__vocabulary__categories",
            Prefetch("questions__parent_categories", Category.objects.select_related("question")),
        )
    )
    if code is not None:
        effects = effects.filter(code=code)
    found: dict[int, list[EffectInput]] = {}
    for effect in effects:
        found.setdefault(effect.edition_id, []).append(_effect(effect))
    return {edition: tuple(rows) for edition, rows in found.items()}


def edition_input(edition: Edition) -> EditionInput:
    """The whole questionnaire. 8 queries."""
    return EditionInput(
        first_year=edition.first_year,
        title=edition.title,
        vocabularies=tuple(
            VocabularyInput(
                row.code,
                row.title,
                tuple(_category(category, Polarity.NEUTRAL) for category in row.categories.all()),
                {
                    category.code: Polarity(category.polarity)
                    for category in row.categories.all()
                    if category.polarity
                },
            )
            for row in edition.vocabularies.prefetch_related("categories")
        ),
        effects=edition_effects(edition),
    )


def _effect(effect: Effect) -> EffectInput:
    questions = list(effect.questions.all())
    codes = {question.pk: question.code for question in questions}
    return EffectInput(
        code=effect.code,
        scale=Scale(effect.scale),
        title=effect.title,
        pictogram=effect.pictogram,
        prompt=effect.prompt,
        help_text=effect.help_text,
        origin=Origin(effect.origin),
        site=effect.site.slug if effect.site else "",
        not_observed=effect.not_observed,
        not_applicable=effect.not_applicable,
        questions=tuple(_question(question, codes) for question in questions),
        sentences=tuple(
            SentenceInput(
                sentence.passage,
                Wording(sentence.template, sentence.template_full),
                Layout(sentence.layout),
                Lean(sentence.leans_on),
            )
            for sentence in effect.sentences.all()
        ),
    )


def _question(question: Question, codes: dict[int, str]) -> QuestionInput:
    vocabulary = question.vocabulary
    rows = vocabulary.categories.all() if vocabulary else question.own_categories.all()
    polarity = Polarity(question.polarity)
    return QuestionInput(
        code=question.code,
        kind=QuestionKind(question.kind),
        label=question.label,
        help_text=question.help_text,
        vocabulary=vocabulary.code if vocabulary else "",
        polarity=polarity,
        parent=_parent(question.parent_categories.all(), codes),
        subject=Wording(question.subject, question.subject_full),
        unit=Unit(question.unit_singular, question.unit_plural, question.unit_feminine),
        period=question.period,
        carries_over=question.carries_over,
        origin=Origin(question.origin),
        site=question.site.slug if question.site else "",
        categories=tuple(_category(row, polarity) for row in rows),
    )


def _parent(categories: Iterable[Category], codes: dict[int, str]) -> Parent | None:
    """None too where the parent is not asked here, which nothing accepts: no answer is lost."""
    asked_after = list(categories)
    home = asked_after[0].question_id if asked_after else None
    if home not in codes:
        return None
    opening = frozenset(row.code for row in asked_after if row.question_id == home)
    return Parent(codes[home], opening)


def _category(category: Category, polarity: Polarity) -> CategoryInput:
    return CategoryInput(
        code=category.code,
        form_label=category.form_label,
        wording=Wording(category.report_wording, category.report_wording_full),
        polarity=Polarity(category.polarity) if category.polarity else polarity,
        silent=category.silent,
        retired=category.retired,
        successors=tuple(category.successors),
    )
