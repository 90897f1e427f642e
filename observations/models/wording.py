"""What admins did to categories in use: told to the others, and undone while nothing depends on it."""

from django.db import models
from django.utils import timezone

from observations.enums import ActKind
from observations.models.category import Category


class WordingAct(models.Model):
    """`before`: the category's fields as they were; `moved`: [observation pk, version written]."""

    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="acts", verbose_name="catégorie"
    )
    kind = models.CharField("acte", max_length=10, choices=ActKind.choices())
    before = models.JSONField("avant", default=dict)
    moved = models.JSONField("réponses suivies", default=list)
    by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="par",
    )
    at = models.DateTimeField("le", default=timezone.now)
    undone_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="annulé par",
    )
    undone_at = models.DateTimeField("annulé le", null=True, blank=True)

    class Meta:
        verbose_name = "acte sur une catégorie"
        verbose_name_plural = "actes sur les catégories"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{ActKind(self.kind).label} · {self.category}"
