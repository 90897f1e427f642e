"""Effects, questions, categories and sentences: the words, edited in French."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.db.models import Model
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path

from observations import queries
from observations.admin.category_life import life_view
from observations.admin.help_texts import TypographicHelp
from observations.admin.rehearsal import RehearsedAdmin
from observations.admin.wording_forms import (
    CategoryForm,
    CategoryFormSet,
    EffectForm,
    QuestionForm,
    SentenceForm,
    SettledForm,
    still_needed,
)
from observations.enums import EditionState
from observations.models import Category, Effect, Question, Sentence, User, Vocabulary
from observations.services.wording import WORDS, keep_mended


class HomedChoiceField(ModelChoiceField):
    """« Entre quels publics ? (Lien social, Édition 2026) »: many are worded alike."""

    def label_from_instance(self, obj: Model) -> str:
        match obj:
            case Question():
                return f"{obj} ({obj.effect}, {obj.effect.edition})"
            case Effect() | Vocabulary():
                return f"{obj} ({obj.edition})"
        return str(obj)


class HomedAdmin(TypographicHelp):
    """What belongs to an edition: only read once that is locked."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and not is_locked(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not is_locked(obj)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **rest: Any
    ) -> ModelChoiceField | None:
        """Nothing is added to a locked edition; the choices are read once for all the rows."""
        way = _WAY_TO_EDITION.get(db_field.name)
        if way is None:
            return super().formfield_for_foreignkey(db_field, request, **rest)
        rows = db_field.related_model._default_manager.select_related(*way)
        open_rows = rows.exclude(**{"__".join((*way, "state")): EditionState.LOCKED.value})
        field = super().formfield_for_foreignkey(
            db_field, request, queryset=open_rows, form_class=HomedChoiceField, **rest
        )
        if field is not None:
            choices: Any = field.choices
            field.choices = list(choices)
        return field


_WAY_TO_EDITION = {
    "edition": (),
    "effect": ("edition",),
    "vocabulary": ("edition",),
    "question": ("effect__edition",),
}


class QuestionnaireAdmin(HomedAdmin, admin.ModelAdmin):
    """Codes never change, and a locked edition is only read."""

    class Media:
        css = {"all": ("css/rehearsal.css",)}  # Django's own way
        js = ("js/ordering.js",)

    list_per_page = 50
    formfield_overrides = {models.CharField: {"widget": AdminTextInputWidget(attrs={"size": 90})}}

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        reasons = (reason for row in objs for reason in still_needed(row))
        return deleted, counts, needed, [*protected, *reasons]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        _keep_mended(request, form)
        return super().save_form(request, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.initial_forms:
            _keep_mended(request, row)
        super().save_formset(request, form, formset, change)


def _keep_mended(request: HttpRequest, form: Any) -> None:
    """The words of a category that were there before this form."""
    words = {
        name: form.initial[name]
        for name in form.changed_data
        if name in WORDS and name in form.initial
    }
    if words and isinstance(form.instance, Category) and isinstance(request.user, User):
        keep_mended(category=form.instance, before=words, by=request.user)


def is_locked(row: Model | None) -> bool:
    return row is not None and queries.edition_of(row).state == EditionState.LOCKED.value


class QuestionnaireInline(HomedAdmin, admin.TabularInline):
    """Rows with a rank are moved by it, or by hand."""

    form: type[ModelForm] = SettledForm
    extra = 0
    show_change_link = True

    def has_add_permission(  # type: ignore[override]  # inlines are given their parent
        self, request: HttpRequest, obj: Model | None
    ) -> bool:
        return super().has_add_permission(request, obj) and not is_locked(obj)


class CategoryInline(QuestionnaireInline):
    model = Category
    form = CategoryForm
    formset = CategoryFormSet
    prepopulated_fields = {"code": ("form_label",)}
    readonly_fields = ("retired",)
    fields = (
        "position",
        "form_label",
        "code",
        "report_wording",
        "report_wording_full",
        "polarity",
        "silent",
        "retired",
    )


class SentenceInline(QuestionnaireInline):
    model = Sentence
    form = SentenceForm
    fields = ("passage", "position", "template", "template_full", "layout", "leans_on")


class QuestionInline(QuestionnaireInline):
    model = Question
    prepopulated_fields = {"code": ("label",)}
    fields = (
        "position",
        "label",
        "code",
        "kind",
        "vocabulary",
        "unit_singular",
        "unit_plural",
        "unit_feminine",
    )
    can_delete = False


@admin.register(Vocabulary)
class VocabularyAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = SettledForm
    prepopulated_fields = {"code": ("title",)}
    fields = ("edition", "title", "code")
    list_display = ("title", "code", "edition")
    list_filter = ("edition",)
    search_fields = ("title", "code")
    list_select_related = ("edition",)
    inlines = (CategoryInline,)


@admin.register(Effect)
class EffectAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = EffectForm
    list_display = ("title", "scale", "code", "position", "edition", "origin", "site")
    list_filter = ("edition", "scale", "origin")
    search_fields = ("title", "code", "prompt", "site__name")
    list_select_related = ("edition", "site")
    autocomplete_fields = ("site",)
    prepopulated_fields = {"code": ("title",)}
    fieldsets = (
        (None, {"fields": ("edition", "scale", "title", "code", "position", "pictogram")}),
        ("Ce que le lieu lit", {"fields": ("prompt", "help_text")}),
        ("Ce que dit le rapport", {"fields": ("not_observed", "not_applicable")}),
        ("Qui pose la question", {"fields": ("origin", "site")}),
    )
    inlines = (QuestionInline, SentenceInline)


@admin.register(Question)
class QuestionAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = QuestionForm
    list_display = ("label", "kind", "code", "effect", "origin", "site")
    list_filter = ("effect__edition", "effect__scale", "kind", "origin")
    search_fields = ("label", "code", "effect__title", "site__name")
    list_select_related = ("effect", "site")
    autocomplete_fields = ("site",)
    prepopulated_fields = {"code": ("label",)}
    fieldsets = (
        (None, {"fields": ("effect", "label", "code", "kind", "position", "help_text")}),
        ("Catégories partagées", {"fields": ("vocabulary", "polarity", "subject", "subject_full")}),
        ("Nombre", {"fields": ("unit_singular", "unit_plural", "unit_feminine", "period")}),
        ("Quand elle est posée", {"fields": ("parent_categories", "carries_over")}),
        ("Qui pose la question", {"fields": ("origin", "site")}),
    )
    inlines = (CategoryInline,)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        in_use = isinstance(obj, Question) and obj.answers.exists()
        return (*fixed, "effect", "kind", "vocabulary") if in_use else tuple(fixed)


@admin.register(Category)
class CategoryAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = CategoryForm
    prepopulated_fields = {"code": ("form_label",)}
    fieldsets = (
        (None, {"fields": ("question", "vocabulary", "form_label", "code", "position")}),
        (
            "Ce que dit le rapport",
            {"fields": ("report_wording", "report_wording_full", "polarity", "silent", "retired")},
        ),
    )
    list_display = ("form_label", "report_wording", "code", "question", "vocabulary", "retired")
    list_filter = ("retired", "silent", "polarity", "question__effect", "vocabulary")
    readonly_fields = ("retired",)
    change_form_template = "admin/observations/category/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(partial(life_view, self))
        return [path("<int:pk>/vie/", view, name="observations_category_life"), *super().get_urls()]

    search_fields = ("form_label", "report_wording", "code")
    list_select_related = ("question", "vocabulary")


@admin.register(Sentence)
class SentenceAdmin(RehearsedAdmin, QuestionnaireAdmin):
    form = SentenceForm
    list_display = ("template", "effect", "passage", "position", "layout", "leans_on")
    list_filter = ("effect__edition", "effect", "layout", "leans_on")
    search_fields = ("template", "effect__title")
    list_select_related = ("effect",)
