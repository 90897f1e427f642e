"""The words, as data: editions, effects and questions."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from observations.enums import (
    EditionState,
    Period,
    Polarity,
    QuestionKind,
    Scale,
)
from observations.models.parts import CodeField, Owned


class EditionQuerySet(models.QuerySet["Edition"]):
    def for_year(self, year: int) -> "Edition | None":
        """The edition that a report of this year is recorded in."""
        usable = self.exclude(state=EditionState.DRAFT.value)
        return usable.filter(first_year__lte=year).order_by("-first_year").first()


class Edition(models.Model):
    first_year = models.PositiveSmallIntegerField(
        "première année",
        unique=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text="Le questionnaire vaut de cette année à l’édition suivante. Exemple : 2026.",
    )
    title = models.CharField(
        "titre", max_length=120, help_text="Exemple : « Questionnaire commun de 2026 »."
    )
    state = models.CharField(
        "état",
        max_length=10,
        choices=EditionState.choices(),
        default=EditionState.DRAFT.value,
        help_text="Ouverte, les lieux y répondent. Exemple : une année publiée peut être verrouillée.",
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        ordering = ("-first_year",)

    def __str__(self) -> str:
        return f"Édition {self.first_year}"


class Vocabulary(models.Model):
    """Categories shared by several questions."""

    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        related_name="vocabularies",
        verbose_name="édition",
        help_text="Exemple : « Édition 2026 ».",
    )
    code = CodeField()
    title = models.CharField(
        "titre", max_length=120, help_text="Pour s’y retrouver. Exemple : « Publics du lieu »."
    )

    class Meta:
        verbose_name = "vocabulaire"
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="vocabulary_code_unique",
                violation_error_message="Ce code existe déjà dans cette édition.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Effect(Owned):
    ranked_within = ("edition_id",)

    edition = models.ForeignKey(
        Edition,
        on_delete=models.CASCADE,
        related_name="effects",
        verbose_name="édition",
        help_text="Exemple : « Édition 2026 ».",
    )
    scale = models.CharField(
        "échelle",
        max_length=20,
        choices=Scale.choices(),
        help_text="Ce qui change pour les personnes, les groupes ou le quartier. "
        "Exemple : « Santé » est à l’échelle individuelle.",
    )
    code = CodeField()
    title = models.CharField("titre", max_length=120, help_text="Exemple : « Lien social ».")
    pictogram = models.CharField(
        "pictogramme",
        max_length=60,
        blank=True,
        help_text="Sans lui, celui de l’échelle. Exemple : « sante » montre un cœur.",
    )
    prompt = models.CharField(
        "question d’ouverture",
        max_length=250,
        blank=True,
        help_text="Posée en tête de la page. Exemple : « Des personnes vont-elles mieux ? »",
    )
    help_text = models.TextField(
        "aide",
        blank=True,
        help_text="Exemple : « Ce que les personnes en disent, ou ce que vous en voyez. »",
    )
    not_observed = models.CharField(
        "phrase si non observé",
        max_length=250,
        help_text="Exemple : « L’équipe a cherché des effets sur la santé, sans en observer. »",
    )
    not_applicable = models.CharField(
        "phrase si non concerné",
        max_length=250,
        help_text="Exemple : « Le lieu n’est pas concerné par l’insertion professionnelle. »",
    )

    class Meta:
        verbose_name = "effet"
        ordering = ("position", "pk")
        constraints = (
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="effect_code_unique",
                violation_error_message="Ce code existe déjà dans cette édition.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Question(Owned):
    ranked_within = ("effect_id",)

    effect = models.ForeignKey(
        Effect,
        on_delete=models.CASCADE,
        related_name="questions",
        verbose_name="effet",
        help_text="Exemple : « Lien social ».",
    )
    code = CodeField()
    kind = models.CharField(
        "sorte",
        max_length=10,
        choices=QuestionKind.choices(),
        help_text="Exemple : « Un nombre » pour « Combien de personnes ? ».",
    )
    label = models.CharField(
        "question posée",
        max_length=250,
        help_text="Exemple : « Entre quels publics ces liens se sont-ils noués ? »",
    )
    help_text = models.CharField(
        "aide", max_length=250, blank=True, help_text="Exemple : « Plusieurs réponses possibles. »"
    )
    vocabulary = models.ForeignKey(
        Vocabulary,
        on_delete=models.PROTECT,
        related_name="questions",
        null=True,
        blank=True,
        verbose_name="vocabulaire",
        help_text="Laissez vide si la question a ses propres catégories. Exemple : « Publics du lieu ».",
    )
    polarity = models.CharField(
        "sens des réponses",
        max_length=10,
        choices=Polarity.choices(),
        default=Polarity.NEUTRAL.value,
        help_text="Vaut pour les catégories qui n’ont pas le leur. "
        "Exemple : « Effet négatif » pour « Qui a pu se sentir exclu ? ».",
    )
    parent_categories: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "observations.Category",
        blank=True,
        related_name="asked_after",
        verbose_name="posée après",
        help_text="La question n’est posée qu’après l’une de ces réponses. "
        "Exemple : « De quelle façon ? », après « L’image du quartier a changé ».",
    )
    subject = models.CharField(
        "ce dont parle la question",
        max_length=120,
        blank=True,
        help_text="Pour réunir les réponses égales. Exemple : « dans l’équipe de gestion ».",
    )
    subject_full = models.CharField(
        "le même, en formes complètes",
        max_length=160,
        blank=True,
        help_text="Exemple : « parmi les occupants et occupantes ».",
    )
    unit_singular = models.CharField(
        "unité, au singulier",
        max_length=60,
        blank=True,
        help_text="Pour un nombre. Exemple : « nouveau projet ».",
    )
    unit_plural = models.CharField(
        "unité, au pluriel", max_length=60, blank=True, help_text="Exemple : « nouveaux projets »."
    )
    unit_feminine = models.BooleanField(
        "unité au féminin", default=False, help_text="Exemple : « aucune personne » : cochez."
    )
    period = models.CharField(
        "période",
        max_length=10,
        choices=Period.choices(),
        blank=True,
        help_text="Proposée au lieu. Exemple : « par an », pour « 5 nouveaux projets par an ».",
    )
    carries_over = models.BooleanField(
        "se reprend l’année suivante",
        default=True,
        help_text="L’année suivante, la réponse est montrée et peut être confirmée d’un geste. "
        "À décocher pour ce qui se recompte chaque année. Exemple : un nombre de personnes.",
    )

    class Meta:
        verbose_name = "question"
        ordering = ("position", "pk")
        constraints = (
            *Owned.Meta.constraints,
            models.UniqueConstraint(
                fields=["effect", "code"],
                name="question_code_unique",
                violation_error_message="Ce code existe déjà dans cet effet.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=QuestionKind.COUNT.value)
                | (
                    models.Q(vocabulary__isnull=True)
                    & ~models.Q(unit_singular="")
                    & ~models.Q(unit_plural="")
                ),
                name="question_count_has_unit",
                violation_error_message="Un nombre a une unité, au singulier et au pluriel, et pas de catégories.",
            ),
        )

    def __str__(self) -> str:
        return self.label
