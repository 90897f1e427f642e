"""What the report may say of an effect."""

from django.db import models

from observations.enums import Layout, Lean
from observations.models.parts import Ranked
from observations.models.questionnaire import Effect


class Sentence(Ranked):
    ranked_within = ("effect_id",)

    effect = models.ForeignKey(
        Effect,
        on_delete=models.CASCADE,
        related_name="sentences",
        verbose_name="effet",
        help_text="Exemple : « Lien social ».",
    )
    passage = models.PositiveSmallIntegerField(
        "passage",
        default=1,
        help_text="Les phrases d’un même passage disent la même chose : la plus complète est prise. "
        "Exemple : 1 pour la première chose à dire, 2 pour la suivante.",
    )
    template = models.CharField(
        "phrase",
        max_length=400,
        help_text="Exemple : « Des liens se sont noués entre {publics} ».",
    )
    template_full = models.CharField(
        "la même, en formes complètes",
        max_length=400,
        blank=True,
        help_text="Seulement s’il y a un point médian. Exemple : « les habitants et habitantes ».",
    )
    layout = models.CharField(
        "présentation",
        max_length=10,
        choices=Layout.choices(),
        default=Layout.INLINE.value,
        help_text="Exemple : une liste à puces, pour « … entre : {publics} ».",
    )
    leans_on = models.CharField(
        "s’appuie sur",
        max_length=10,
        choices=Lean.choices(),
        default=Lean.NOTHING.value,
        help_text="Exemple : « Ces échanges… » demande qu’une phrase en ait déjà parlé.",
    )

    class Meta:
        verbose_name = "phrase"
        ordering = ("passage", "position", "pk")

    def __str__(self) -> str:
        return self.template
