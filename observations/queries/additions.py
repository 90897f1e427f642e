"""What an open edition was given since a site last saved its pages, for the site to be told."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from observations.composer.french import typography
from observations.models import AnnualReport, Category, Effect, Question
from observations.queries.questionnaire import Effects, is_handed_in


def additions_of(report: AnnualReport, effects: Effects) -> dict[str, list[str]]:
    """Sentences, by effect code. 4 queries; none once the year is handed in.

    A page that is saved has been told. An effect is new to a site that had begun its year.
    """
    if is_handed_in(report):
        return {}
    saved = dict(report.observations.values_list("effect__code", "updated_at"))
    if not saved:
        return {}
    told: dict[str, list[str]] = {}
    known = {effect.code for effect in effects}
    for code, sentence, added_at in _added(report, effects):
        if added_at and code in known and added_at > saved.get(code, min(saved.values())):
            told.setdefault(code, []).append(typography(sentence))
    return told


def _added(report: AnnualReport, effects: Effects) -> Iterator[tuple[str, str, datetime | None]]:
    """Effect, sentence, when: all that was added to the edition. 3 queries."""
    edition = report.edition_id
    rows = Effect.objects.asked_at(report.site_id).filter(edition=edition)
    for code, added_at in rows.exclude(added_at=None).values_list("code", "added_at"):
        yield code, "Cet effet vient d’être ajouté au questionnaire.", added_at
    asked = Question.objects.asked_at(report.site_id).filter(effect__edition=edition)
    fields = ("effect__code", "label", "added_at")
    for code, label, added_at in asked.exclude(added_at=None).values_list(*fields):
        yield code, f"Nouvelle question : « {label} »", added_at
    yield from _categories(edition, effects)


def _categories(edition: int, effects: Effects) -> Iterator[tuple[str, str, datetime | None]]:
    """A category of a vocabulary is added to every question that asks it."""
    rows = Category.objects.filter(
        Q(question__effect__edition=edition) | Q(vocabulary__edition=edition),
        added_at__isnull=False,
        retired=False,
    )
    fields = ("form_label", "added_at", "question__effect__code", "question__code")
    for label, added_at, effect_code, code, vocabulary in rows.values_list(
        *fields, "vocabulary__code"
    ):
        for effect in effects:
            for question in effect.questions:
                own = (effect.code, question.code) == (effect_code, code)
                if own or (vocabulary and question.vocabulary == vocabulary):
                    sentence = f"Nouvelle réponse à « {question.label} » : « {label} »"
                    yield effect.code, sentence, added_at
