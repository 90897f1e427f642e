"""The acts of an admin on a category in use: each is told, kept, and undone while nothing was
published since. Only drafts follow; what is submitted or published keeps its own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from observations import queries
from observations.composer.comparing import snapshot
from observations.composer.language.french import typography
from observations.composer.questionnaire.inputs import Answer, ObservationInput
from observations.composer.questionnaire.template import check_shared_wording, check_wording
from observations.enums import ActKind, EditionState
from observations.exceptions import NotAllowedNow, TemplateError
from observations.lifecycle import RECORDABLE
from observations.models import (
    AnnualReport,
    Category,
    Edition,
    Observation,
    Question,
    User,
    WordingAct,
)
from observations.services.recording import (
    restore_observation,
    save_observation,
    says_the_same,
)

WORDS = ("form_label", "report_wording", "report_wording_full")
_KEPT = (*WORDS, "retired", "successors")


@dataclass(frozen=True, slots=True)
class Words:
    form_label: str
    report_wording: str
    report_wording_full: str = ""


def keep_mended(*, category: Category, before: dict[str, str], by: User) -> WordingAct:
    """Remembers what a form has just changed: `before` has the words that were there."""
    return _kept(category, ActKind.MEND, by, before)


@transaction.atomic
def reword(*, category: Category, edition: Edition, words: Words, by: User) -> list[WordingAct]:
    """Says it otherwise in this edition and those after it. Raises NotAllowedNow."""
    own = queries.edition_of(category)
    if edition.first_year <= own.first_year:
        raise NotAllowedNow("Choisissez une édition plus récente que celle-ci.")
    rows = [
        row
        for row in _same_in_others(category)
        if queries.edition_of(row).first_year >= edition.first_year
    ]
    if not rows:
        raise NotAllowedNow(f"{edition} n’a pas cette catégorie.")
    acts = []
    for row in rows:
        _refuse_locked(row)
        _refuse_unsayable(row, words)
        acts.append(_kept(row, ActKind.REWORD, by))
        row.form_label, row.report_wording = words.form_label, words.report_wording
        row.report_wording_full = words.report_wording_full
        row.save(update_fields=WORDS)
    return acts


def _refuse_unsayable(category: Category, words: Words) -> None:
    """Another edition may not ask the question that the words agree with."""
    effect = queries.effect_of(category)
    for text in (words.report_wording, words.report_wording_full):
        try:
            if effect is None:
                check_shared_wording(text)
            else:
                check_wording(text, effect)
        except TemplateError as error:
            raise NotAllowedNow(f"{queries.edition_of(category)} : {error}") from None


def _same_in_others(category: Category) -> list[Category]:
    """The category of the same code and home in the other editions."""
    rows = Category.objects.filter(code=category.code).exclude(pk=category.pk)
    question, vocabulary = category.question, category.vocabulary
    rows = (
        rows.filter(question__code=question.code, question__effect__code=question.effect.code)
        if question
        else rows.filter(vocabulary__code=vocabulary and vocabulary.code)
    )
    return list(rows.select_related("vocabulary__edition", "question__effect__edition"))


@transaction.atomic
def retire(*, category: Category, by: User) -> WordingAct:
    """No longer offered; kept where it is ticked."""
    return _become(category, ActKind.RETIRE, by, retired=True, successors=category.successors)


@transaction.atomic
def offer(*, category: Category, by: User) -> WordingAct:
    if category.successors:
        raise NotAllowedNow("Elle a été réunie ou partagée : annulez d’abord cet acte.")
    return _become(category, ActKind.OFFER, by, retired=False, successors=[])


@transaction.atomic
def merge(*, category: Category, into: Category, by: User) -> WordingAct:
    """Drafts that tick it tick `into` instead, each as a new version that its authors can see."""
    _refuse_strangers(category, [into])
    _refuse_closing(category, into)
    act = _become(category, ActKind.MERGE, by, retired=True, successors=[into.code])
    _move_all(act, _that_tick(category), into)
    return act


def catch_up(report: AnnualReport) -> None:
    """A year that is returned follows the merges made while it was away."""
    rows = WordingAct.objects.filter(
        Q(category__question__effect__edition=report.edition_id)
        | Q(category__vocabulary__edition=report.edition_id),
        kind=ActKind.MERGE.value,
        undone_at=None,
    )
    for act in rows.select_related("category", "by").order_by("pk"):
        into = (
            Category.objects.beside(act.category).filter(code__in=act.category.successors).first()
        )
        if into is not None:
            _move_all(act, _that_tick(act.category).filter(report=report), into)


def _move_all(act: WordingAct, observations: Iterable[Observation], into: Category) -> None:
    act.moved += [
        [observation.pk, version]
        for observation in observations
        if (version := _move(observation, act.category, into, act.by)) is not None
    ]
    act.save(update_fields=["moved"])


@transaction.atomic
def split(*, category: Category, into: Iterable[Category], by: User) -> WordingAct:
    """Drafts keep it until their authors choose between what it became."""
    parts = list(into)
    if len(parts) < 2:
        raise NotAllowedNow("Choisissez au moins deux catégories.")
    _refuse_strangers(category, parts)
    codes = [row.code for row in parts]
    return _become(category, ActKind.SPLIT, by, retired=True, successors=codes)


@transaction.atomic
def undo(*, act: WordingAct, by: User) -> int:
    """Puts back the words and the answers; returns how many answers stayed, changed since by
    somebody. Raises NotAllowedNow."""
    act = WordingAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
    category = act.category
    _refuse_locked(category)
    if act.undone_at is not None:
        raise NotAllowedNow("Cet acte est déjà annulé.")
    if category.acts.filter(pk__gt=act.pk, undone_at=None).exists():
        raise NotAllowedNow("Annulez d’abord ce qui a été fait depuis à cette catégorie.")
    last = queries.last_published_at(queries.edition_of(category))
    if last is not None and last > act.at:
        raise NotAllowedNow("Un rapport a été publié depuis : cet acte ne s’annule plus.")
    for name, value in act.before.items():
        setattr(category, name, value)
    category.save(update_fields=list(act.before))
    act.undone_by, act.undone_at = by, timezone.now()
    act.save(update_fields=["undone_by", "undone_at"])
    return sum(not _moved_back(pk, version, by) for pk, version in act.moved)


def _moved_back(pk: int, version: int, by: User) -> bool:
    row = Observation.objects.select_related("report__edition", "effect").filter(pk=pk).first()
    if row is None or not _says_still(row, version):
        return False
    try:
        restore_observation(
            report=row.report, effect=row.effect, number=version - 1, version=row.version, by=by
        )
    except NotAllowedNow:  # submitted since
        return False
    return True


def _says_still(observation: Observation, version: int) -> bool:
    """Whether nobody has said anything else since; acts undone in between change nothing."""
    rows = {row.number: row for row in observation.versions.filter(number__gte=version)}
    then, now = rows.get(version), rows[observation.version]
    return then is not None and says_the_same(then, snapshot.read(now.said), now.internal_note)


def _become(
    category: Category, kind: ActKind, by: User, *, retired: bool, successors: list[str]
) -> WordingAct:
    _refuse_locked(category)
    if (category.retired, category.successors) == (retired, successors):
        raise NotAllowedNow("C’est déjà fait.")
    act = _kept(category, kind, by)
    category.retired, category.successors = retired, successors
    category.save(update_fields=["retired", "successors"])
    return act


def _kept(
    category: Category, kind: ActKind, by: User, before: dict[str, str] | None = None
) -> WordingAct:
    words = before or {name: getattr(category, name) for name in _KEPT}
    return WordingAct.objects.create(category=category, kind=kind.value, before=words, by=by)


def _refuse_locked(category: Category) -> None:
    if queries.edition_of(category).state == EditionState.LOCKED.value:
        raise NotAllowedNow("Cette édition est verrouillée.")


def _refuse_strangers(category: Category, others: list[Category]) -> None:
    if category.successors:
        raise NotAllowedNow("Elle est déjà réunie ou partagée.")
    beside = set(Category.objects.beside(category).filter(retired=False))
    if not beside.issuperset(others):
        raise NotAllowedNow("Choisissez parmi les autres réponses proposées à la même question.")


def _refuse_closing(category: Category, into: Category) -> None:
    """Ticks move, and what was answered after them would no longer be asked."""
    waiting = Question.objects.filter(parent_categories=category)
    lost = waiting.exclude(parent_categories=into).first()
    if lost is not None:
        raise NotAllowedNow(
            typography(
                f"« {lost} » est posée après cette réponse : "
                f"faites-la d’abord poser aussi après « {into} »."
            )
        )


def _that_tick(category: Category) -> QuerySet[Observation]:
    """Of the years that are in the hands of their site."""
    rows = Observation.objects.filter(answers__ticks__category=category).distinct()
    rows = rows.filter(report__state__in=RECORDABLE).select_related("report__edition", "effect")
    return rows.order_by("pk")


def _move(
    observation: Observation, category: Category, into: Category, by: User | None
) -> int | None:
    """The version written; None where the effect is not asked back from the site, or where
    somebody has just unticked it."""
    # Held from the reading to the writing, so that nobody's save falls between the two.
    AnnualReport.objects.select_for_update(of=("self",)).get(pk=observation.report_id)
    observation.refresh_from_db()
    questions = {
        answer.question.code
        for answer in observation.answers.filter(ticks__category=category).select_related(
            "question"
        )
    }
    if not questions:
        return None
    said = _moved(queries.observation_input(observation), questions, category.code, into.code)
    try:
        saved = save_observation(
            report=observation.report, effect=observation.effect, said=said, by=by
        )
    except NotAllowedNow:
        return None
    return saved.number


def _moved(said: ObservationInput, questions: set[str], code: str, into: str) -> ObservationInput:
    answers: dict[str, Answer] = dict(said.answers)
    for name in questions:
        ticked = answers[name]
        assert isinstance(ticked, tuple)  # a category is ticked there
        answers[name] = tuple(dict.fromkeys(into if row == code else row for row in ticked))
    since = {
        (name, into if name in questions and row == code else row): verdict
        for (name, row), verdict in said.since.items()
    }
    return replace(said, answers=answers, since=since)
