"""One small builder per kind of question: the question and its answer -> named form fields."""

from collections.abc import Callable

from django import forms
from django.core.validators import MaxValueValidator

from observations.composer.language.french import typography
from observations.composer.questionnaire.inputs import Answer, CategoryInput, Count, QuestionInput
from observations.enums import Period, QuestionKind
from observations.models.observation import COUNT_MAX

Fields = dict[str, forms.Field]
NO_ANSWER = ("", "Pas de réponse")


class WholeNumberField(forms.IntegerField):
    """Takes « 12 » and « 1 250 »; says what to do with « ?? » or « 12 ans environ »."""

    default_error_messages = {
        "invalid": "Écrivez seulement un nombre entier, en chiffres, comme 12. "
        "Si c’est une estimation, cochez « environ » ; si vous ne savez pas, laissez vide."
    }

    def to_python(self, value: object) -> int | None:
        if isinstance(value, str):
            value = "".join(value.split())
        if isinstance(value, str) and value and not (value.isascii() and value.isdigit()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def field_name(question: QuestionInput) -> str:
    return f"q-{question.code}"


def help_of(question: QuestionInput) -> str:
    """With whose question it is, when it is not the common core's."""
    mark = f"Question {question.origin.mark}." if question.origin.mark else ""
    return typography(f"{question.help_text} {mark}".strip())


def build_fields(question: QuestionInput, answer: Answer) -> Fields:
    return BUILDERS[question.kind](question, answer)


def read_answer(question: QuestionInput, cleaned: dict[str, object]) -> Answer:
    """The answer that valid form values give; `()` for none."""
    return READERS[question.kind](field_name(question), cleaned)


def _several(question: QuestionInput, answer: Answer) -> Fields:
    return {
        field_name(question): forms.MultipleChoiceField(
            label=typography(question.label),
            help_text=help_of(question),
            choices=_offered(question, answer),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": _UNKNOWN},
        )
    }


def _one(question: QuestionInput, answer: Answer) -> Fields:
    return {
        field_name(question): forms.ChoiceField(
            label=typography(question.label),
            help_text=help_of(question),
            choices=[NO_ANSWER, *_offered(question, answer)],
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": _UNKNOWN},
        )
    }


def _count(question: QuestionInput, answer: Answer) -> Fields:
    name = field_name(question)
    fields: Fields = {
        name: WholeNumberField(
            label=f"Nombre de {question.unit.plural}",
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            validators=[MaxValueValidator(COUNT_MAX, "Ce nombre est trop grand pour être juste.")],
        ),
        f"{name}-approximate": forms.BooleanField(label="environ", required=False),
    }
    if question.period:
        fields[f"{name}-period"] = forms.ChoiceField(
            label="Sur quelle durée\u202f?",
            choices=[
                ("", "En tout"),
                (question.period, Period(question.period).label.capitalize()),
            ],
            required=False,
        )
    return fields


def _offered(question: QuestionInput, answer: Answer) -> list[tuple[str, str]]:
    """Retired categories are offered only where they were already chosen."""
    chosen = answer if isinstance(answer, tuple) else ()
    shown = (row for row in question.categories if not row.retired or row.code in chosen)
    return [(row.code, _label(row)) for row in shown]


def _label(category: CategoryInput) -> str:
    label = typography(category.form_label)
    return f"{label} (n’est plus proposé)" if category.retired else label


_UNKNOWN = (
    "« %(value)s » ne fait pas partie des réponses proposées. Vos autres réponses sont gardées."
)


def _read_several(name: str, cleaned: dict[str, object]) -> Answer:
    chosen = cleaned.get(name)
    return tuple(map(str, chosen)) if isinstance(chosen, list) else ()


def _read_one(name: str, cleaned: dict[str, object]) -> Answer:
    chosen = cleaned.get(name)
    return (str(chosen),) if chosen else ()


def _read_count(name: str, cleaned: dict[str, object]) -> Answer:
    value = cleaned.get(name)
    if not isinstance(value, int):
        return ()
    period = str(cleaned.get(f"{name}-period") or "")
    return Count(value, bool(cleaned.get(f"{name}-approximate")), period)


BUILDERS: dict[QuestionKind, Callable[[QuestionInput, Answer], Fields]] = {
    QuestionKind.MULTIPLE: _several,
    QuestionKind.SINGLE: _one,
    QuestionKind.COUNT: _count,
}
READERS: dict[QuestionKind, Callable[[str, dict[str, object]], Answer]] = {
    QuestionKind.MULTIPLE: _read_several,
    QuestionKind.SINGLE: _read_one,
    QuestionKind.COUNT: _read_count,
}
