"""The page of one effect as a form."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, LayoutObject
from crispy_forms.utils import render_field
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from observations.composer.comparing.last_year import LastItem, LastYear, last_items, settle
from observations.composer.language.french import clean_text, number, typography
from observations.composer.questionnaire.inputs import (
    Answer,
    Count,
    EffectInput,
    Entry,
    Key,
    ObservationInput,
    QuestionInput,
)
from observations.composer.questionnaire.lineage import follow
from observations.composer.questionnaire.standing import standing_answers
from observations.enums import ObservationState, QuestionKind, Since
from observations.forms.questions import build_fields, field_name, help_of, read_answer
from observations.models.observation import NOTE_ADVISED, NOTE_MAX


class Part(LayoutObject):  # type: ignore[misc]  # untyped library
    """Fields inside a template of ours. Crispy's own HTML and Fieldset run labels as templates."""

    def __init__(self, template: str, fields: list[str], context: dict[str, Any]) -> None:
        self.template, self.fields, self.context = template, fields, context

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        inner = "".join(render_field(name, form, context, **kwargs) for name in self.fields)
        safe = mark_safe(inner)  # noqa: S308  # rendered by crispy, escaped
        return render_to_string(self.template, {**self.context, "fields": safe})


class LastYearPart(LayoutObject):  # type: ignore[misc]  # untyped library
    """What was said the year before, each item with its three answers."""

    def __init__(self, form: "EffectForm") -> None:
        self.fields: list[str] = []
        self.context = {
            "last": form.last,
            "questions": [
                (question, [_LastRow(form, item) for item in items])
                for question, items in groupby(form.items, key=lambda item: item.question)
            ],
        }

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        for name in form.fields:
            if name.startswith("since/"):
                form.rendered_fields.add(name)
        return render_to_string("components/last_year.html", self.context)


class _LastRow:
    def __init__(self, form: "EffectForm", item: LastItem) -> None:
        name = since_name(item)
        self.item, self.field = item, form[name] if name in form.fields else None


class NoteField(forms.CharField):
    """Free text, whole: only characters that nobody can see are taken out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, widget=forms.Textarea, **kwargs)
        self.max_characters = NOTE_MAX

    def to_python(self, value: Any) -> str:
        return clean_text(str(value)) if value else ""

    def validate(self, value: str) -> None:
        if len(value) > self.max_characters:
            raise forms.ValidationError(
                f"Cette note a {len(value)} caractères ; elle peut en avoir {self.max_characters}. "
                "Rien n’est perdu : raccourcissez-la ici même.",
                code="max_length",
            )


class EffectForm(forms.Form):
    """Bound to an effect's questions; `said()` is what its valid values mean."""

    def __init__(
        self,
        data: Any = None,
        *,
        effect: EffectInput,
        before: Entry,
        version: int = 0,
        last: LastYear | None = None,
    ) -> None:
        self.effect, self.before = effect, before
        self.last = last and replace(last, said=follow(effect, last.said).said)
        said = before.said
        self.unsaid = unsaid_questions(effect, said)
        self.items = last_items(effect, self.last.said, said) if self.last else []
        initial = _initial(effect, said)
        initial |= {"internal_note": before.internal_note, "version": version}
        super().__init__(data, initial=initial)
        self.fields["version"] = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
        self.fields["state"] = forms.ChoiceField(
            label="Avez-vous observé cet effet\u202f?",
            choices=ObservationState.choices(),
            widget=forms.RadioSelect,
            required=False,
        )
        for question in effect.questions:
            self.fields |= build_fields(question, said.answers.get(question.code, ()))
        for item in self.items:
            if item.question.carries_over:
                self.fields[since_name(item)] = _since_field(item)
        self.fields["note"] = NoteField(
            label="Racontez",
            help_text="Un exemple, une scène, une parole. Le rapport citera ce texte en entier : "
            "ne nommez personne. Trois à dix phrases se lisent bien ; "
            f"au-delà de {number(NOTE_ADVISED)} caractères, pensez à couper.",
        )
        self.fields["internal_note"] = NoteField(
            label="Note interne",
            help_text="Pour vous et l’équipe du réseau. Elle n’est jamais publiée.",
        )
        self.helper = _helper(self)

    def entry(self) -> Entry:
        """What the page says; what cannot be read stays as it was."""
        kept, values = self.before, self.cleaned_data
        answers = {
            question.code: answer
            for question in self.effect.questions
            if (answer := self._answer(question)) != ()
        }
        said = ObservationInput(
            ObservationState(values.get("state") or ObservationState.OBSERVED),
            answers,
            values.get("note", kept.said.note),
            kept.said.since,
        )
        if self.last:
            said = settle(self.items, self._verdicts(), self.last.said, said)
        return Entry(said, values.get("internal_note", kept.internal_note))

    def _answer(self, question: QuestionInput) -> Answer:
        name = field_name(question)
        if any(field == name or field.startswith(f"{name}-") for field in self.errors):
            return self.before.said.answers.get(question.code, ())
        return read_answer(question, self.cleaned_data)

    def _verdicts(self) -> dict[Key, Since | None]:
        found = {item.key: self.cleaned_data.get(since_name(item)) for item in self.items}
        return {key: Since(value) if value else None for key, value in found.items()}


def since_name(item: LastItem) -> str:
    """`/` is in no code: the name says which question and which category."""
    return f"since/{item.question.code}/{item.category}"


def _since_field(item: LastItem) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=typography(item.label),
        choices=[("", "Pas encore relu"), *Since.choices()],
        initial=item.verdict.value if item.verdict else "",
        widget=forms.RadioSelect,
        required=False,
    )


def unsaid_questions(effect: EffectInput, said: ObservationInput) -> list[QuestionInput]:
    """Answered, but under a parent that does not hold: kept, and not in the report."""
    standing = standing_answers(effect, said)
    return [
        question
        for question in effect.questions
        if said.answers.get(question.code, ()) != () and question.code not in standing
    ]


def _initial(effect: EffectInput, said: ObservationInput) -> dict[str, Any]:
    initial: dict[str, Any] = {"state": said.state.value, "note": said.note}
    for question in effect.questions:
        name, answer = field_name(question), said.answers.get(question.code, ())
        if isinstance(answer, Count):
            initial |= {
                name: answer.value,
                f"{name}-approximate": answer.approximate,
                f"{name}-period": answer.period,
            }
        elif question.kind is QuestionKind.COUNT:
            initial[f"{name}-period"] = question.period
        else:
            initial[name] = (
                list(answer) if question.kind is QuestionKind.MULTIPLE else _only(answer)
            )
    return initial


def _only(answer: Answer) -> str:
    return answer[0] if isinstance(answer, tuple) and answer else ""


def _helper(form: EffectForm) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        "version",
        Div(Field("state"), css_class="question question--state"),
        *([LastYearPart(form)] if form.last else []),
        *(_question_layout(form, question) for question in form.effect.questions),
        Div(Field("note", rows=8), css_class="question"),
        Div(Field("internal_note", rows=3), css_class="question question--internal"),
    )
    return helper


def _question_layout(form: EffectForm, question: QuestionInput) -> Part:
    name = field_name(question)
    names = [key for key in form.fields if key == name or key.startswith(f"{name}-")]
    parent = next((q for q in form.effect.questions if _asks(question, q)), None)
    context: dict[str, Any] = {
        "question": question,
        "help_text": help_of(question),
        "is_count": question.kind is QuestionKind.COUNT,
    }
    if parent is not None and question.parent is not None:
        context |= {
            "parent": field_name(parent),
            "parent_label": parent.label,
            "values": " ".join(sorted(question.parent.categories)),
            "wanted": [
                row.form_label
                for row in parent.categories
                if row.code in question.parent.categories
            ],
            "is_unsaid": question in form.unsaid,
        }
    return Part("components/question.html", names, context)


def _asks(question: QuestionInput, other: QuestionInput) -> bool:
    return question.parent is not None and question.parent.question == other.code
