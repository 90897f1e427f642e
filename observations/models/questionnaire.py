"""The words, as data: editions, effects, questions, categories and sentences."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from observations.enums import EditionState, Layout, Lean, Period, Polarity, QuestionKind, Scale

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


class Effect(models.Model):
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
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="effect_code_unique",
                violation_error_message="Ce code existe déjà dans cette édition.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
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
    parent_categories: "models.ManyToManyField[Category, Any]" = models.ManyToManyField(
        "Category",
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


class CategoryQuerySet(models.QuerySet["Category"]):
    def beside(self, category: "Category") -> Self:
        """The others that answer the same."""
        home = {"question": category.question_id, "vocabulary": category.vocabulary_id}
        return self.filter(**home).exclude(pk=category.pk)

    def of(self, question: Question) -> Self:
        if question.vocabulary_id:
            return self.filter(vocabulary=question.vocabulary_id)
        return self.filter(question=question)


class Category(models.Model):
    question = models.ForeignKey(
        Question,
        on_delete=models.CASCADE,
        related_name="own_categories",
        null=True,
        blank=True,
        verbose_name="question",
    )
    vocabulary = models.ForeignKey(
        Vocabulary,
        on_delete=models.CASCADE,
        related_name="categories",
        null=True,
        blank=True,
        verbose_name="vocabulaire",
    )
    code = CodeField()
    position = models.PositiveSmallIntegerField("rang", default=0)
    form_label = models.CharField("ce que le lieu coche", max_length=200)
    report_wording = models.CharField("ce que dit le rapport", max_length=300)
    report_wording_full = models.CharField(
        "le même, en formes complètes",
        max_length=300,
        blank=True,
        help_text="« acteurs et actrices » là où le texte ci-dessus dit « acteur·rice·s ».",
    )
    polarity = models.CharField("sens", max_length=10, choices=Polarity.choices(), blank=True)
    silent = models.BooleanField(
        "le rapport n’en dit rien", default=False, help_text="Comme « nous ne savons pas »."
    )
    retired = models.BooleanField(
        "retirée", default=False, help_text="N’est plus proposée ; les réponses données restent."
    )

    # Codes of what it became, in the same question or vocabulary: one when it was merged, several
    # when it was split. Answers of other years are followed through it.
    successors = models.JSONField("devient", default=list, blank=True, editable=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "catégorie"
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(question__isnull=True, vocabulary__isnull=False)
                | models.Q(question__isnull=False, vocabulary__isnull=True),
                name="category_has_one_home",
                violation_error_message="Une catégorie est à une question ou à un vocabulaire.",
            ),
            models.UniqueConstraint(
                fields=["question", "code"],
                name="category_code_unique_in_question",
                violation_error_message="Ce code existe déjà dans cette question.",
            ),
            models.UniqueConstraint(
                fields=["vocabulary", "code"],
                name="category_code_unique_in_vocabulary",
                violation_error_message="Ce code existe déjà dans ce vocabulaire.",
            ),
        )

    def __str__(self) -> str:
        return self.form_label


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
