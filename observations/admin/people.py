"""Accounts, named by their e-mail address."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm

from observations.admin.help_texts import TypographicHelp
from observations.models import Membership, User


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class MembershipInline(TypographicHelp, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("site",)


@admin.register(User)
class PersonAdmin(TypographicHelp, UserAdmin):
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
