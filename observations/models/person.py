"""Who signs in, and which sites they work for."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from observations.enums import Role
from observations.models.site import Site


class PersonManager(UserManager["User"]):
    """Accounts are named by their e-mail address."""

    def create_user(  # type: ignore[override]  # no username
        self, email: str, password: str | None = None, **fields: object
    ) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]  # no username
        self, email: str, password: str | None = None, **fields: object
    ) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """`is_staff` is Django's: it opens the admin. `in_network_team` is the network's own staff."""

    username = None  # type: ignore[assignment]  # the e-mail address is the name
    email = models.EmailField("adresse e-mail", unique=True)
    name = models.CharField("nom affiché", max_length=150)
    in_network_team = models.BooleanField(
        "équipe du réseau",
        default=False,
        help_text="Voit tous les lieux, relit, publie et exporte les rapports.",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = "personne"
        verbose_name_plural = "personnes"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=timezone.localdate())
        )


class Membership(models.Model):
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name="personne"
    )
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="memberships", verbose_name="lieu"
    )
    role = models.CharField(
        "rôle", max_length=20, choices=Role.choices(), default=Role.MANAGER.value
    )
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "membre"
        verbose_name_plural = "membres"
        constraints = (
            models.UniqueConstraint(
                fields=["user", "site"],
                name="membership_once",
                violation_error_message="Cette personne est déjà membre de ce lieu.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.site}"
