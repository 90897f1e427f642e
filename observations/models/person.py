"""Who signs in, and which sites they work for."""

from typing import ClassVar
from uuid import uuid4

from django.apps import apps
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
        """Whoever runs the server answers for the address."""
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        addresses = apps.get_model("account", "EmailAddress").objects
        addresses.create(user=user, email=user.email, primary=True, verified=True)
        return user


class User(AbstractUser):
    """`is_staff` is Django's: it opens the admin. `in_network_team` is the network's own staff."""

    username = None  # type: ignore[assignment]  # the e-mail address is the name
    email = models.EmailField(
        "adresse e-mail", unique=True, help_text="Exemple : camille@le-wip.example."
    )
    name = models.CharField(
        "nom affiché", max_length=150, help_text="Vu de ses collègues. Exemple : « Camille »."
    )
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

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()  # as it is looked up


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=timezone.localdate())
        )


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; it may have expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Invitation(models.Model):
    """The link is only in the mail: `token_hash` is its SHA-256."""

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="invitations", verbose_name="lieu"
    )
    email = models.EmailField("adresse e-mail")
    role = models.CharField("rôle", max_length=20, choices=Role.choices())
    key = models.UUIDField("clé d’envoi", unique=True, default=uuid4)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="invitée par"
    )
    sent_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ("-sent_at",)
        constraints = (
            models.UniqueConstraint(
                "site",
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
                violation_error_message="Une invitation attend déjà une réponse de cette adresse.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} · {self.site}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class Membership(models.Model):
    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="personne",
        help_text="Exemple : « Camille ».",
    )
    site = models.ForeignKey(
        Site,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="lieu",
        help_text="Exemple : « Le WIP ».",
    )
    role = models.CharField(
        "rôle",
        max_length=20,
        choices=Role.choices(),
        default=Role.MANAGER.value,
        help_text="Exemple : un ou une gestionnaire transmet le rapport.",
    )
    ends_on = models.DateField(
        "jusqu’au",
        null=True,
        blank=True,
        help_text="Dernier jour de son accès. Exemple : 31/12/2026.",
    )

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
