"""Accounts, named by their e-mail address."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest

from observations.admin.help_texts import TypographicHelp
from observations.admin.members import DecidesMembers
from observations.models import Membership, User
from observations.services.accounts import address_of, move_account


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class MembershipInline(TypographicHelp, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("site",)


@admin.register(User)
class PersonAdmin(TypographicHelp, DecidesMembers, UserAdmin):
    add_form = PersonCreationForm
    list_display = ("email", "name", "in_network_team", "is_staff", "is_active")
    list_filter = ("in_network_team", "is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "password", "name")}),
        (
            "Rôles",
            {"fields": ("is_active", "in_network_team", "is_staff", "is_superuser", "groups")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            address_of(obj)
        elif "email" in form.changed_data:
            move_account(user=obj)
