"""Who works for a site: inviting, changing a role, joining."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.password_validation import validate_password

from observations.composer.language.french import clean_text
from observations.enums import Role


class InvitationForm(forms.Form):
    """`key` makes a double click one invitation."""

    email = forms.EmailField(
        label="Adresse e-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez l’adresse de la personne à inviter."},
    )
    role = forms.ChoiceField(label="Rôle", choices=Role.choices(), initial=Role.CONTRIBUTOR.value)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class MembershipForm(forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=Role.choices())
    ends_on = forms.DateField(
        label="Dernier jour",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez une date, comme 31/12/2026."},
    )


class JoiningForm(forms.Form):
    """For a person who has no account yet."""

    name = forms.CharField(
        label="Votre nom",
        max_length=150,
        help_text="Tel que vos collègues le verront.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Écrivez le nom que vos collègues verront."},
    )
    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        help_text="Dix caractères au moins ; une phrase se retient bien.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choisissez un mot de passe."},
    )

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"])

    def clean_password(self) -> Any:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]
