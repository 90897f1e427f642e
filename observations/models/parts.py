"""What the rows of a questionnaire share: a code, a rank, a date, an owner."""

from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from observations.enums import Origin

validate_code = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", "Un code s’écrit en minuscules sans accent, avec des tirets."
)


class CodeField(models.CharField):
    """A stable name that never changes once given; the words around it may."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("validators", [validate_code])
        kwargs.setdefault(
            "help_text", "Il ne changera plus ; les mots, si. Exemple : « lien-social »."
        )
        super().__init__("code", *args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("verbose_name", None)
        return name, "observations.models.parts.CodeField", args, kwargs


class Ranked(models.Model):
    """Its place among the others; without one, it comes last."""

    ranked_within: tuple[str, ...]  # the keys that the others share with it

    position = models.PositiveSmallIntegerField(
        "rang", default=0, help_text="Laissez 0 pour mettre à la fin. Exemple : 3 vient après 2."
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.position:
            home = {name: getattr(self, name) for name in self.ranked_within}
            others = type(self)._default_manager.filter(**home)
            self.position = (others.aggregate(last=models.Max("position"))["last"] or 0) + 1
        super().save(*args, **kwargs)


class Added(models.Model):
    """What an edition may be given after sites have begun to answer it."""

    # Empty: it was there from the start.
    added_at = models.DateTimeField(
        "ajouté le", default=timezone.now, null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True


class OwnedQuerySet(models.QuerySet[Any]):
    def asked_at(self, *sites: int) -> Self:
        """What these sites are asked: all but the other sites' own."""
        return self.filter(models.Q(site__isnull=True) | models.Q(site__in=sites))


class Owned(Ranked, Added):
    """Asked everywhere, or by the network or one site beside the common core."""

    origin = models.CharField(
        "qui pose la question",
        max_length=10,
        choices=Origin.choices(),
        default=Origin.CORE.value,
        help_text="Seul le tronc commun se compare avec les autres réseaux. "
        "Exemple : une question sur votre label est « propre au réseau ».",
    )
    site = models.ForeignKey(
        "observations.Site",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="lieu",
        help_text="Lui seul y répondra ; vide pour le reste. Exemple : « Le WIP ».",
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=models.Q(origin=Origin.SITE.value, site__isnull=False)
                | (~models.Q(origin=Origin.SITE.value) & models.Q(site__isnull=True)),
                name="%(class)s_own_to_a_site",
                violation_error_message="Ce qui est propre à un lieu a un lieu ; le reste n’en a pas.",
            ),
        )
