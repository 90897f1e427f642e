"""From rows to what the composer reads, each with its constant number of queries."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Prefetch

from observations.composer import snapshot
from observations.composer.data import observation_of_data
from observations.composer.document import from_json
from observations.composer.inputs import (
    Answer as AnswerValue,
)
from observations.composer.inputs import (
    CategoryInput,
    Count,
    EditionInput,
    EffectInput,
    ObservationInput,
    Parent,
    QuestionInput,
    ReportInputs,
    ScaleInput,
    SentenceInput,
    SiteInput,
    Unit,
    VocabularyInput,
    Wording,
)
from observations.composer.last_year import LastYear
from observations.composer.privacy import Decision, public_text
from observations.enums import (
    InclusiveWriting,
    Layout,
    Lean,
    ObservationState,
    PassageKind,
    Polarity,
    PublicChoice,
    QuestionKind,
    Scale,
)
from observations.models import (
    AnnualReport,
    Answer,
    Category,
    Edition,
    Effect,
    Observation,
    PassageDecision,
    Publication,
    Question,
    Site,
)


def edition_effects(edition: Edition, code: str | None = None) -> tuple[EffectInput, ...]:
    """The questionnaire, or only its effect of this code. 6 queries."""
    return effects_of_editions([edition], code).get(edition.pk, ())


def effects_of_editions(
    editions: Iterable[Edition], code: str | None = None
) -> dict[int, tuple[EffectInput, ...]]:
    """By edition. 6 queries."""
    effects = Effect.objects.filter(edition__in=editions).prefetch_related(
        "sentences",
        Prefetch("questions", Question.objects.select_related("vocabulary")),
        "questions__own_categories",
        "questions__vocabulary__categories",
        Prefetch("questions__parent_categories", Category.objects.select_related("question")),
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


def report_inputs(report: AnnualReport) -> ReportInputs:
    """Everything the composer reads of one report. 12 queries."""
    return ReportInputs(
        site=site_input(report.site),
        year=report.year,
        writing=InclusiveWriting(report.site.inclusive_writing),
        effects=edition_effects(report.edition),
        observations=public_observations_of(report),
        scales=scales_of(report),
        before=_published_before(report),
    )


def _published_before(report: AnnualReport) -> dict[str, ObservationInput]:
    """What readers have of the year before, as it was frozen. 1 query."""
    rows = Publication.objects.latest_of_reports()
    last = rows.filter(report__site=report.site_id, report__year=report.year - 1).first()
    if last is None:
        return {}
    told = {row.code: observation_of_data(row) for row in from_json(last.document).data}
    return {code: said for code, said in told.items() if said is not None}


def last_year_of(report: AnnualReport, effect_code: str) -> LastYear | None:
    """What was said of this effect the year before. 1, 2 or 4 queries."""
    last = last_report(report)
    row = observation_of(last, effect_code) if last else None
    return LastYear(report.year - 1, observation_input(row)) if row else None


def last_report(report: AnnualReport) -> AnnualReport | None:
    """The same site, the year before. 1 query."""
    return AnnualReport.objects.filter(site=report.site_id, year=report.year - 1).first()


def site_input(site: Site) -> SiteInput:
    return SiteInput(site.slug, site.name, site.name_with_de, site.city, site.postcode)


def scales_of(report: AnnualReport) -> dict[Scale, ScaleInput]:
    """1 query."""
    return {
        Scale(row.scale): ScaleInput(row.intensity, tuple(row.keywords))
        for row in report.assessments.all()
    }


def observations_of(report: AnnualReport) -> dict[str, ObservationInput]:
    """By effect code. 3 queries."""
    return observations_of_reports([report]).get(report.pk, {})


def observations_of_reports(
    reports: Iterable[AnnualReport],
) -> dict[int, dict[str, ObservationInput]]:
    """By report, then by effect code. 3 queries."""
    rows = Observation.objects.filter(report__in=reports).select_related("effect")
    found: dict[int, dict[str, ObservationInput]] = {}
    for row in rows.prefetch_related(*_ANSWERS):
        found.setdefault(row.report_id, {})[row.effect.code] = observation_input(row)
    return found


def public_observations_of(report: AnnualReport) -> dict[str, ObservationInput]:
    """As readers would get them: notes with what was decided of their passages. 4 queries."""
    rows = Observation.objects.filter(report=report).select_related("effect")
    return {
        row.effect.code: replace(
            observation_input(row), public_note=public_text(wording_of(row), decisions_of(row))
        )
        for row in rows.prefetch_related(*_ANSWERS, "decisions")
    }


def wording_of(observation: Observation) -> str:
    """What is shown to readers before decisions: the note rewritten for them, or the note."""
    return observation.public_note or observation.note


def decisions_of(
    observation: Observation,
) -> dict[tuple[PassageKind, str, str], Decision]:
    """By kind, passage and sentence. No query when they are prefetched."""
    rows: Iterable[PassageDecision] = observation.decisions.all()
    return {
        (PassageKind(row.kind), row.passage, row.sentence): Decision(
            PublicChoice(row.choice), row.replacement
        )
        for row in rows
    }


_ANSWERS = (
    Prefetch("answers", Answer.objects.select_related("question").order_by("question__position")),
    Prefetch("answers__categories", Category.objects.order_by("position", "pk")),
)


def observation_of(report: AnnualReport, effect_code: str) -> Observation | None:
    """With its answers. 3 queries, or 1 when there is none."""
    rows = report.observations.filter(effect__code=effect_code).select_related("updated_by")
    return rows.prefetch_related(*_ANSWERS).first()


def observation_input(observation: Observation) -> ObservationInput:
    """No query when the answers are prefetched."""
    return ObservationInput(
        state=ObservationState(observation.state),
        answers={answer.question.code: _answer(answer) for answer in observation.answers.all()},
        note=observation.note,
        since=snapshot.read_since(observation.since),
        is_public=observation.is_public,
        note_is_public=observation.note_is_public,
    )


def _answer(answer: Answer) -> AnswerValue:
    if answer.value is not None:
        return Count(answer.value, answer.approximate, answer.period)
    return tuple(category.code for category in answer.categories.all())


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
        categories=tuple(_category(row, polarity) for row in rows),
    )


def _parent(categories: Iterable[Category], codes: dict[int, str]) -> Parent | None:
    asked_after = list(categories)
    if not asked_after:
        return None
    question_id = asked_after[0].question_id
    assert question_id is not None  # a parent is a question's own category: see admin
    return Parent(codes[question_id], frozenset(category.code for category in asked_after))


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
