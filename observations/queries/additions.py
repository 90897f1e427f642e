"""What an open edition was given since a site last saved its pages, for the site to be told."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from observations.composer.language.french import typography
from observations.models import AnnualReport, Category, Effect, Question
from observations.queries.questionnaire import Effects

# Codes from the effect down, the sentence that tells it, when.
Addition = tuple[tuple[str, ...], str, datetime | None]


def additions_of(report: AnnualReport, effects: Effects) -> dict[str, list[str]]:
    """Sentences, by effect code. 4 queries; none once the year is submitted.

    A page that is saved has been told. An effect is new to a site that had begun its year; of what
    is new, its own parts are not told again.
    """
    if report.is_submitted:
        return {}
    saved = dict(report.observations.values_list("effect__code", "updated_at"))
    if not saved:
        return {}
    told: dict[str, list[str]] = {}
    new: set[tuple[str, ...]] = set()
    known = {effect.code for effect in effects}
    for codes, sentence, added_at in _added(report, effects):
        effect = codes[0]
        if added_at and effect in known and added_at > saved.get(effect, min(saved.values())):
            new.add(codes)
            if not any(codes[:depth] in new for depth in range(1, len(codes))):
                told.setdefault(effect, []).append(typography(sentence))
    return told


def _added(report: AnnualReport, effects: Effects) -> Iterator[Addition]:
    """All that the edition was given. 3 queries."""
    edition = report.edition_id
    rows = Effect.objects.asked_at(report.site_id).filter(edition=edition)
    for code, added_at in rows.exclude(added_at=None).values_list("code", "added_at"):
        yield (code,), "Cet effet vient d’être ajouté au questionnaire.", added_at
    asked = Question.objects.asked_at(report.site_id).filter(effect__edition=edition)
    fields = ("effect__code", "code", "label", "added_at")
    for effect, code, label, added_at in asked.exclude(added_at=None).values_list(*fields):
        yield (effect, code), f"Nouvelle question : « {label} »", added_at
    yield from _categories(edition, effects)


def _categories(edition: int, effects: Effects) -> Iterator[Addition]:
    """A category of a vocabulary is added to every question that asks it."""
    rows = Category.objects.filter(
        Q(question__effect__edition=edition) | Q(vocabulary__edition=edition),
        added_at__isnull=False,
        retired=False,
    )
    for row in rows.select_related("question__effect", "vocabulary"):
        for effect in effects:
            for question in effect.questions:
                if _answers(row, effect.code, question.code, question.vocabulary):
                    path = (effect.code, question.code, row.code)
                    sentence = f"Nouvelle réponse à « {question.label} » : « {row.form_label} »"
                    yield path, sentence, row.added_at


def _answers(row: Category, effect: str, question: str, vocabulary: str) -> bool:
    if row.vocabulary:
        return row.vocabulary.code == vocabulary
    return bool(
        row.question and (row.question.effect.code, row.question.code) == (effect, question)
    )
