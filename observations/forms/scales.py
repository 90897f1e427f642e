"""Intensity and keywords of the three scales."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from observations.composer.language.french import clean_text
from observations.composer.questionnaire.inputs import INTENSITY_MAX, KEYWORDS_MAX, ScaleInput
from observations.enums import Scale

KEYWORD_LENGTH = 40
_INTENSITIES = [
    ("", "Non évaluée"),
    ("1", "1 · très faible"),
    ("2", "2 · faible"),
    ("3", "3 · moyenne"),
    ("4", "4 · forte"),
    (str(INTENSITY_MAX), f"{INTENSITY_MAX} · très forte"),
]


class KeywordsField(forms.CharField):
    """Keywords between commas -> a tuple."""

    def clean(self, value: Any) -> tuple[str, ...]:
        words = [" ".join(word.split()) for word in clean_text(str(value or "")).split(",")]
        words = list(dict.fromkeys(word for word in words if word))
        if len(words) > KEYWORDS_MAX:
            raise forms.ValidationError(
                f"Gardez {KEYWORDS_MAX} mots-clés au plus : vous en avez écrit {len(words)}."
            )
        if any(len(word) > KEYWORD_LENGTH for word in words):
            raise forms.ValidationError(
                f"Un mot-clé a {KEYWORD_LENGTH} caractères au plus. Séparez-les par des virgules."
            )
        return tuple(words)


class ScalesForm(forms.Form):
    def __init__(self, data: Any = None, *, scales: dict[Scale, ScaleInput]) -> None:
        super().__init__(data)
        for scale in Scale:
            facts = scales.get(scale, ScaleInput())
            self.fields[f"{scale}-intensity"] = forms.ChoiceField(
                label=f"{scale.report_title} : intensité",
                choices=_INTENSITIES,
                widget=forms.RadioSelect,
                required=False,
                initial=str(facts.intensity or ""),
            )
            self.fields[f"{scale}-keywords"] = KeywordsField(
                label=f"{scale.report_title} : mots-clés",
                required=False,
                initial=", ".join(facts.keywords),
                help_text=f"{KEYWORDS_MAX} au plus, séparés par des virgules.",
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            *(
                Div(f"{scale}-intensity", f"{scale}-keywords", css_class=f"question scale--{scale}")
                for scale in Scale
            )
        )

    def scales(self) -> dict[Scale, ScaleInput]:
        return {
            scale: ScaleInput(
                int(self.cleaned_data[f"{scale}-intensity"] or 0) or None,
                self.cleaned_data[f"{scale}-keywords"],
            )
            for scale in Scale
        }
