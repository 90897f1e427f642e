"""Editions, effects, questions, categories and sentences: the words, edited in French."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest

from observations.admin.rehearsal import RehearsedAdmin
from observations.admin.wording_forms import (
    CategoryForm,
    QuestionForm,
    SentenceForm,
)
from observations.composer.template import parse
from observations.enums import EditionState
from observations.exceptions import NotAllowedNow
from observations.models import Category, Edition, Effect, Question, Sentence, Vocabulary
from observations.services.editions import copy_edition


def edition_of(row: Model | None) -> Edition | None:
    """The edition that a row of the questionnaire belongs to."""
    match row:
        case Edition():
            return row
        case Effect() | Vocabulary():
            return row.edition
        case Question() | Sentence():
            return row.effect.edition
        case Category():
            return edition_of(row.vocabulary or row.question)
    return None


class QuestionnaireAdmin(admin.ModelAdmin):
    """Codes never change, and a locked edition is only read."""

    list_per_page = 50
    formfield_overrides = {models.CharField: {"widget": AdminTextInputWidget(attrs={"size": 90})}}

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "code") if obj is not None and hasattr(obj, "code") else tuple(fixed)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_locked(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_locked(obj)


def _is_locked(row: Model | None) -> bool:
    edition = edition_of(row)
    return edition is not None and edition.state == EditionState.LOCKED.value


class QuestionnaireInline(admin.TabularInline):
    extra = 0
    show_change_link = True

    def has_add_permission(  # type: ignore[override]  # inlines are given their parent
        self, request: HttpRequest, obj: Model | None
    ) -> bool:
        return super().has_add_permission(request, obj) and not _is_locked(obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_locked(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_locked(obj)


class CategoryInline(QuestionnaireInline):
    model = Category
    form = CategoryForm
    fields = (
        "position",
        "code",
        "form_label",
        "report_wording",
        "report_wording_full",
        "polarity",
        "silent",
        "retired",
    )


class SentenceInline(QuestionnaireInline):
    model = Sentence
    form = SentenceForm


class QuestionInline(QuestionnaireInline):
    model = Question
    fields = ("position", "code", "kind", "label", "unit_singular", "unit_plural")
    can_delete = False


class EffectInline(QuestionnaireInline):
    model = Effect
    fields = ("position", "scale", "code", "title", "not_observed", "not_applicable")
    can_delete = False


class VocabularyInline(QuestionnaireInline):
    model = Vocabulary
    fields = ("code", "title")
    can_delete = False


@admin.register(Edition)
class EditionAdmin(QuestionnaireAdmin):
    list_display = ("__str__", "title", "state", "effect_count")
    list_filter = ("state",)
    search_fields = ("title",)
    inlines = (EffectInline, VocabularyInline)
    actions = ("prepare_next",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # A locked edition can still be unlocked: its words are held by the other admins.
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        editions: QuerySet[Edition] = super().get_queryset(request)
        return editions.annotate(effects_total=Count("effects"))

    @admin.display(description="effets")
    def effect_count(self, edition: Edition) -> int:
        return edition.effects_total  # type: ignore[attr-defined,no-any-return]  # annotated above

    @admin.action(description="Préparer l’édition de l’année suivante, à partir de celle-ci")
    def prepare_next(self, request: HttpRequest, editions: QuerySet[Edition]) -> None:
        for edition in editions:
            try:
                copy = copy_edition(edition=edition, first_year=edition.first_year + 1)
            except NotAllowedNow as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, f"{copy} est prête à modifier, encore en préparation.")


@admin.register(Vocabulary)
class VocabularyAdmin(RehearsedAdmin, QuestionnaireAdmin):
    list_display = ("title", "code", "edition")
    list_filter = ("edition",)
    search_fields = ("title", "code")
    list_select_related = ("edition",)
    inlines = (CategoryInline,)


@admin.register(Effect)
class EffectAdmin(RehearsedAdmin, QuestionnaireAdmin):
    list_display = ("title", "scale", "code", "position", "edition")
    list_filter = ("edition", "scale")
    search_fields = ("title", "code", "prompt")
    list_select_related = ("edition",)
    inlines = (QuestionInline, SentenceInline)


@admin.register(Question)
class QuestionAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = QuestionForm
    list_display = ("label", "kind", "code", "effect")
    list_filter = ("effect__edition", "effect__scale", "kind")
    search_fields = ("label", "code", "effect__title")
    list_select_related = ("effect",)
    inlines = (CategoryInline,)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        in_use = isinstance(obj, Question) and obj.answers.exists()
        return (*fixed, "effect", "kind", "vocabulary") if in_use else tuple(fixed)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A question that a sentence still says cannot go: the sentence would break."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        for question in objs:
            spoken = (s for s in question.effect.sentences.all() if says(s, question))
            protected += [f"La phrase « {sentence} » dit cette question." for sentence in spoken]
        return deleted, counts, needed, protected


def says(sentence: Sentence, question: Question) -> bool:
    """Whether the sentence has a slot or an agreement of this question."""
    names = {getattr(token, "slot", token) for token in parse(sentence.template)}
    own = {getattr(name, "name", "") for name in names}
    vocabulary = question.vocabulary.code if question.vocabulary else ""
    return bool(own & {question.code, vocabulary} - {""})


@admin.register(Category)
class CategoryAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = CategoryForm
    list_display = ("form_label", "report_wording", "code", "question", "vocabulary", "retired")
    list_filter = ("retired", "silent", "polarity", "question__effect", "vocabulary")
    search_fields = ("form_label", "report_wording", "code")
    list_select_related = ("question", "vocabulary")


@admin.register(Sentence)
class SentenceAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = SentenceForm
    list_display = ("template", "effect", "passage", "position", "layout", "leans_on")
    list_filter = ("effect__edition", "effect", "layout", "leans_on")
    search_fields = ("template", "effect__title")
    list_select_related = ("effect",)
