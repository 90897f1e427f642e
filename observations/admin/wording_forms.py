"""What an admin may not write: words that the report could not say. Refused with the reason."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from observations import queries
from observations.composer.language.french import typography
from observations.composer.questionnaire.inputs import (
    EffectInput,
    Parent,
    QuestionInput,
    SentenceInput,
    Wording,
)
from observations.composer.questionnaire.origin import Owner, misplaced
from observations.composer.questionnaire.template import (
    check_sentence,
    check_shared_wording,
    check_wording,
    named,
)
from observations.enums import Layout, Lean, Origin, QuestionKind
from observations.exceptions import FullFormError, TemplateError
from observations.models import Category, Effect, Question, Sentence, Site
from observations.templatetags.pictograms import sources


def effect_input(effect: Effect) -> EffectInput:
    return queries.edition_effects(effect.edition, effect.code)[0]


class SettledForm(forms.ModelForm):
    """A code is chosen once, and so is the place of a row: what was answered stays readable."""

    settled: tuple[str, ...] = ("code", "edition", "effect", "question")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fields.keys() & set(self.settled):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        return super().clean() or {}


class SentenceForm(SettledForm):
    """Refuses a sentence that its effect cannot say, with the reason beside it."""

    class Meta:
        model = Sentence
        fields = (
            "effect",
            "passage",
            "position",
            "template",
            "template_full",
            "layout",
            "leans_on",
        )
        widgets = {
            "template": forms.Textarea(attrs={"rows": 3, "cols": 60}),
            "template_full": forms.Textarea(attrs={"rows": 3, "cols": 40}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        effect = cleaned.get("effect")
        if effect is None or effect.pk is None or "template" not in cleaned:
            return cleaned
        sentence = SentenceInput(
            cleaned.get("passage") or 1,
            Wording(cleaned["template"], cleaned.get("template_full", "")),
            Layout(cleaned["layout"]),
            Lean(cleaned["leans_on"]),
        )
        try:
            check_sentence(sentence, effect_input(effect))
        except TemplateError as error:
            is_full = isinstance(error, FullFormError)
            self.add_error("template_full" if is_full else "template", str(error))
        return cleaned


class CategoryForm(SettledForm):
    """Refuses a wording that agrees with a question that its effect does not ask."""

    settled = (*SettledForm.settled, "vocabulary")

    class Meta:
        model = Category
        fields = (
            "question",
            "vocabulary",
            "code",
            "position",
            "form_label",
            "report_wording",
            "report_wording_full",
            "polarity",
            "silent",
            "retired",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_unsayable(self, cleaned, cleaned.get("question"))
        return cleaned


def still_needed(row: Model) -> list[str]:
    """Why it cannot be deleted though nothing was answered, as French sentences."""
    return [typography(reason) for reason in _needs(row)]


def _needs(row: Model) -> Iterator[str]:
    match row:
        case Question():
            for sentence in row.effect.sentences.all():
                if _says(sentence, row):
                    yield f"La phrase « {sentence} » dit cette question."
            for child in Question.objects.filter(parent_categories__question=row).distinct():
                yield f"La question « {child} » est posée après celle-ci."
        case Category():
            for other in Category.objects.that_became(row):
                yield f"« {other} » est devenue cette catégorie : les années se comparent par elle."
            for child in row.asked_after.all():
                yield f"La question « {child} » est posée après cette réponse."


def _says(sentence: Sentence, question: Question) -> bool:
    about, shared = named(Wording(sentence.template, sentence.template_full))
    own = {question.code, question.vocabulary.code if question.vocabulary else question.code}
    return bool((about | shared) & own)


class CategoryFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if reasons := still_needed(form.instance):
                raise ValidationError(reasons)


def refuse_unsayable(
    form: forms.BaseForm, cleaned: dict[str, Any], question: Question | None
) -> None:
    """The words of a category of this question, or of a vocabulary when there is none."""
    effect = effect_input(question.effect) if question and question.effect_id else None
    for name in ("report_wording", "report_wording_full"):
        try:
            if effect is not None:
                check_wording(cleaned.get(name) or "", effect)
            elif question is None:
                check_shared_wording(cleaned.get(name) or "")
        except TemplateError as error:
            form.add_error(name, str(error))


class OwnedForm(SettledForm):
    """What sites have answered may be asked of more of them, never of fewer."""

    answers_name: str
    owner: Owner | None = None  # once it is clean

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "origin" in cleaned and "site" in cleaned:
            self.owner = _owner(cleaned["origin"], cleaned["site"])
            if self._narrows(self.owner):
                refusal = "Des lieux y ont déjà répondu, et n’y auraient plus accès."
                self.add_error("origin", refusal)
        return cleaned

    def _narrows(self, owner: Owner) -> bool:
        row = self.instance
        if row.pk is None or not getattr(row, self.answers_name).exists():
            return False
        site = Site.objects.filter(pk=self.initial["site"]).first()
        return not _owner(self.initial["origin"], site).within(owner)

    def refuse_misplaced(self, effect: EffectInput) -> None:
        """`effect` as it would be asked."""
        if reason := next((reason for _, reason in misplaced(effect)), ""):
            self.add_error("origin", reason)


def _owner(origin: str, site: Site | None) -> Owner:
    return Owner(Origin(origin), site.slug if site else "")


class EffectForm(OwnedForm):
    answers_name = "observations"

    class Meta:
        model = Effect
        fields = "__all__"  # noqa: DJ007  # an admin edits all of it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pictogram" in self.fields:
            drawn = [name for name in sources() if not name.startswith("echelle-")]
            self.fields["pictogram"].widget = forms.Select(
                choices=[("", "Celui de l’échelle"), *((name, name) for name in drawn)]
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.owner and self.instance.pk:
            origin, site = self.owner
            self.refuse_misplaced(replace(effect_input(self.instance), origin=origin, site=site))
        return cleaned


class QuestionForm(OwnedForm):
    answers_name = "answers"

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007  # an admin edits all of it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = self.fields.get("parent_categories")
        if isinstance(parents, forms.ModelMultipleChoiceField):
            own = Category.objects.select_related("question")
            parents.queryset = own.filter(question__effect=self.instance.effect_id).exclude(
                question=self.instance.pk
            )
            parents.error_messages["invalid_choice"] = (
                "Choisissez des réponses à une autre question du même effet."
            )

    def clean_parent_categories(self) -> Any:
        parents = self.cleaned_data["parent_categories"]
        if len({category.question_id for category in parents}) > 1:
            refusal = (
                "Ces réponses viennent de plusieurs questions : choisissez celles d’une seule."
            )
            raise ValidationError(typography(refusal))
        return parents

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        row = self.instance
        effect = cleaned.get("effect") or (row.effect if row.pk else None)
        if self.owner is None or effect is None:
            return cleaned
        # Only who asks it, and after what, is looked at.
        asked = QuestionInput(
            code=cleaned.get("code") or row.code,
            kind=QuestionKind.MULTIPLE,
            label="",
            parent=_parent(cleaned.get("parent_categories") or ()),
            origin=self.owner.origin,
            site=self.owner.site,
        )
        known = effect_input(effect)
        others = (question for question in known.questions if question.code != asked.code)
        self.refuse_misplaced(replace(known, questions=(*others, asked)))
        return cleaned


def _parent(categories: Iterable[Category]) -> Parent | None:
    rows = list(categories)
    codes = frozenset(row.code for row in rows)
    return Parent(rows[0].question.code, codes) if rows and rows[0].question else None
