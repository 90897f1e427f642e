"""The words, as data: editions, effects, questions, categories and sentences."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from observations.enums import (
    EditionState,
    Layout,
    Lean,
    Origin,
    Period,
    Polarity,
    QuestionKind,
    Scale,
)

validate_code = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", "Un code s’écrit en minuscules sans accent, avec des tirets."
)


class CodeField(models.CharField):
    """A stable name that never changes once given; the words around it may."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("validators", [validate_code])
        super().__init__("code", *args, **kwargs)  # type: ignore[arg-type]  # passed through

    def deconstruct(self):  # type: ignore[no-untyped-def]  # Django's own untyped signature
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("verbose_name", None)
        return name, "observations.models.questionnaire.CodeField", args, kwargs


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
        help_text="Le questionnaire vaut de cette année à l’édition suivante.",
    )
    title = models.CharField("titre", max_length=120)
    state = models.CharField(
        "état",
        max_length=10,
        choices=EditionState.choices(),
        default=EditionState.DRAFT.value,
        help_text="Une édition verrouillée ne se modifie plus.",
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "édition"
        ordering = ("-first_year",)

    def __str__(self) -> str:
        return f"Édition {self.first_year}"


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


class Owned(Added):
    """Asked everywhere, or by the network or one site beside the common core."""

    origin = models.CharField(
        "qui la pose", max_length=10, choices=Origin.choices(), default=Origin.CORE.value
    )
    site = models.ForeignKey(
        "observations.Site",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="lieu",
        help_text="Seulement pour ce qui est propre à un lieu, qui sera seul à y répondre.",
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


class Vocabulary(models.Model):
    """Categories shared by several questions."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="vocabularies", verbose_name="édition"
    )
    code = CodeField()
    title = models.CharField("titre", max_length=120)

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
    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="effects", verbose_name="édition"
    )
    scale = models.CharField("échelle", max_length=20, choices=Scale.choices())
    code = CodeField()
    position = models.PositiveSmallIntegerField("rang", default=0)
    title = models.CharField("titre", max_length=120)
    pictogram = models.CharField("pictogramme", max_length=60, blank=True)
    prompt = models.CharField("question d’ouverture", max_length=250, blank=True)
    help_text = models.TextField("aide", blank=True)
    not_observed = models.CharField("phrase si non observé", max_length=250)
    not_applicable = models.CharField("phrase si non concerné", max_length=250)

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
    effect = models.ForeignKey(
        Effect, on_delete=models.CASCADE, related_name="questions", verbose_name="effet"
    )
    code = CodeField()
    position = models.PositiveSmallIntegerField("rang", default=0)
    kind = models.CharField("sorte", max_length=10, choices=QuestionKind.choices())
    label = models.CharField("question posée", max_length=250)
    help_text = models.CharField("aide", max_length=250, blank=True)
    vocabulary = models.ForeignKey(
        Vocabulary,
        on_delete=models.PROTECT,
        related_name="questions",
        null=True,
        blank=True,
        verbose_name="vocabulaire",
        help_text="Laissez vide si la question a ses propres catégories.",
    )
    polarity = models.CharField(
        "sens des réponses",
        max_length=10,
        choices=Polarity.choices(),
        default=Polarity.NEUTRAL.value,
        help_text="Vaut pour les catégories qui n’ont pas le leur.",
    )
    parent_categories: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "observations.Category",
        blank=True,
        related_name="asked_after",
        verbose_name="posée après",
        help_text="La question n’est posée qu’après l’une de ces réponses.",
    )
    subject = models.CharField(
        "ce dont parle la question",
        max_length=120,
        blank=True,
        help_text="Pour réunir les réponses égales : « dans l’équipe de gestion ».",
    )
    subject_full = models.CharField("le même, en formes complètes", max_length=160, blank=True)
    unit_singular = models.CharField("unité, au singulier", max_length=60, blank=True)
    unit_plural = models.CharField("unité, au pluriel", max_length=60, blank=True)
    unit_feminine = models.BooleanField("unité au féminin", default=False)
    period = models.CharField("période", max_length=10, choices=Period.choices(), blank=True)
    carries_over = models.BooleanField(
        "se reprend l’année suivante",
        default=True,
        help_text="L’année suivante, la réponse est montrée et peut être confirmée d’un geste. "
        "À décocher pour ce qui se recompte chaque année.",
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


class Sentence(models.Model):
    effect = models.ForeignKey(
        Effect, on_delete=models.CASCADE, related_name="sentences", verbose_name="effet"
    )
    passage = models.PositiveSmallIntegerField(
        "passage",
        default=1,
        help_text="Les phrases d’un même passage disent la même chose : la plus complète est prise.",
    )
    position = models.PositiveSmallIntegerField("rang", default=0)
    template = models.CharField(
        "phrase",
        max_length=400,
        help_text="« … entre {publics} », « … [projets: a émergé / ont émergé] ».",
    )
    template_full = models.CharField("la même, en formes complètes", max_length=400, blank=True)
    layout = models.CharField(
        "présentation", max_length=10, choices=Layout.choices(), default=Layout.INLINE.value
    )
    leans_on = models.CharField(
        "s’appuie sur", max_length=10, choices=Lean.choices(), default=Lean.NOTHING.value
    )

    class Meta:
        verbose_name = "phrase"
        ordering = ("passage", "position", "pk")

    def __str__(self) -> str:
        return self.template
