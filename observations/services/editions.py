"""Creates editions of the questionnaire."""

from dataclasses import replace

from django.db import transaction

from observations import queries
from observations.composer.questionnaire.inputs import (
    CategoryInput,
    EditionInput,
    EffectInput,
    QuestionInput,
)
from observations.enums import EditionState, Polarity, QuestionKind
from observations.exceptions import NotAllowedNow
from observations.models import Category, Edition, Effect, Question, Sentence, Site, Vocabulary


@transaction.atomic
def create_edition(*, edition: EditionInput, state: EditionState = EditionState.OPEN) -> Edition:
    """Raises NotAllowedNow when it asks something of a site that does not exist."""
    sites = _sites(edition)
    created = Edition.objects.create(
        first_year=edition.first_year, title=edition.title, state=state.value
    )
    vocabularies = {}
    for row in edition.vocabularies:
        vocabulary = Vocabulary.objects.create(edition=created, code=row.code, title=row.title)
        vocabularies[row.code] = vocabulary
        Category.objects.bulk_create(
            _category(category, position, row.polarities.get(category.code), vocabulary=vocabulary)
            for position, category in enumerate(row.categories, 1)
        )
    for position, effect in enumerate(edition.effects, 1):
        _create_effect(created, position, effect, vocabularies, sites)
    return created


def _sites(edition: EditionInput) -> dict[str, Site]:
    """Those that have questions of their own, by slug."""
    slugs = {effect.site for effect in edition.effects}
    slugs |= {question.site for effect in edition.effects for question in effect.questions}
    slugs.discard("")
    found = {site.slug: site for site in Site.objects.filter(slug__in=slugs)}
    if unknown := ", ".join(sorted(slugs - found.keys())):
        raise NotAllowedNow(
            f"Des questions sont propres à des lieux qui n’existent pas ici : {unknown}. "
            "Exportez plutôt le tronc commun."
        )
    return found


def _create_effect(
    edition: Edition,
    position: int,
    effect: EffectInput,
    vocabularies: dict[str, Vocabulary],
    sites: dict[str, Site],
) -> None:
    row = Effect.objects.create(
        edition=edition,
        position=position,
        scale=effect.scale.value,
        code=effect.code,
        title=effect.title,
        pictogram=effect.pictogram,
        prompt=effect.prompt,
        help_text=effect.help_text,
        not_observed=effect.not_observed,
        not_applicable=effect.not_applicable,
        origin=effect.origin.value,
        site=sites.get(effect.site),
        added_at=None,
    )
    for rank, question in enumerate(effect.questions, 1):
        _create_question(row, rank, question, vocabularies, sites)
    for question in effect.questions:  # once all are there: a parent may be of a later rank
        _ask_after_its_parent(row, question)
    Sentence.objects.bulk_create(
        Sentence(
            effect=row,
            position=rank,
            passage=sentence.passage,
            template=sentence.template.short,
            template_full=sentence.template.full,
            layout=sentence.layout.value,
            leans_on=sentence.leans_on.value,
        )
        for rank, sentence in enumerate(effect.sentences, 1)
    )


def _create_question(
    effect: Effect,
    position: int,
    question: QuestionInput,
    vocabularies: dict[str, Vocabulary],
    sites: dict[str, Site],
) -> None:
    row = Question.objects.create(
        effect=effect,
        position=position,
        code=question.code,
        kind=question.kind.value,
        label=question.label,
        help_text=question.help_text,
        vocabulary=vocabularies.get(question.vocabulary),
        polarity=question.polarity.value,
        subject=question.subject.short,
        subject_full=question.subject.full,
        unit_singular=question.unit.singular,
        unit_plural=question.unit.plural,
        unit_feminine=question.unit.feminine,
        period=question.period,
        carries_over=question.carries_over,
        origin=question.origin.value,
        site=sites.get(question.site),
        added_at=None,
    )
    if not question.vocabulary and question.kind is not QuestionKind.COUNT:
        Category.objects.bulk_create(
            _category(category, rank, category.polarity, question=row)
            for rank, category in enumerate(question.categories, 1)
        )


def _ask_after_its_parent(effect: Effect, question: QuestionInput) -> None:
    if question.parent:
        opening = Category.objects.filter(
            question__effect=effect,
            question__code=question.parent.question,
            code__in=question.parent.categories,
        )
        effect.questions.get(code=question.code).parent_categories.set(opening)


def _category(
    category: CategoryInput,
    position: int,
    polarity: Polarity | None,
    *,
    question: Question | None = None,
    vocabulary: Vocabulary | None = None,
) -> Category:
    return Category(
        question=question,
        vocabulary=vocabulary,
        position=position,
        code=category.code,
        form_label=category.form_label,
        report_wording=category.wording.short,
        report_wording_full=category.wording.full,
        polarity=polarity.value if polarity else "",
        silent=category.silent,
        retired=category.retired,
        successors=list(category.successors),
        added_at=None,
    )


def copy_edition(*, edition: Edition, first_year: int) -> Edition:
    """The same words with the same codes, for a later year, still in preparation."""
    return import_edition(edition=replace(queries.edition_input(edition), first_year=first_year))


def import_edition(*, edition: EditionInput) -> Edition:
    """Raises NotAllowedNow when its first year has one already."""
    if Edition.objects.filter(first_year=edition.first_year).exists():
        raise NotAllowedNow(f"L’édition {edition.first_year} existe déjà.")
    return create_edition(edition=edition, state=EditionState.DRAFT)
