"""What a site says about one effect."""

from django.db import models
from django.utils import timezone

from observations.enums import ObservationState, Period, QuestionKind
from observations.models.annual_report import AnnualReport
from observations.models.category import Category
from observations.models.questionnaire import Effect, Question

COUNT_MAX = 999_999
NOTE_MAX = 50_000
NOTE_ADVISED = 10_000


class Observation(models.Model):
    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="observations")
    effect = models.ForeignKey(
        Effect, on_delete=models.PROTECT, related_name="observations", verbose_name="effet"
    )
    state = models.CharField(
        "état",
        max_length=20,
        choices=ObservationState.choices(),
        default=ObservationState.OBSERVED.value,
    )
    note = models.TextField("note", blank=True, max_length=NOTE_MAX)
    internal_note = models.TextField("note interne", blank=True, max_length=NOTE_MAX)
    since = models.JSONField("depuis l’année dernière", default=dict, blank=True)
    is_public = models.BooleanField("publiée", default=True)
    note_is_public = models.BooleanField("note publiée", default=True)
    # The wording for readers when it is not the note's; `public_note_of`: SHA-256 of that note.
    public_note = models.TextField("note réécrite", blank=True, max_length=NOTE_MAX)
    public_note_of = models.CharField(max_length=64, blank=True)
    public_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="publication décidée par",
    )
    public_at = models.DateTimeField("publication décidée le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    updated_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="modifiée par",
    )

    class Meta:
        verbose_name = "observation"
        ordering = ("effect__position",)
        constraints = (
            models.UniqueConstraint(fields=["report", "effect"], name="observation_once_an_effect"),
        )

    def __str__(self) -> str:
        return f"{self.report} · {self.effect}"


class ObservationVersion(models.Model):
    """One save of an observation, whole: `said` is what `composer.snapshot` writes. Never edited."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("version")
    said = models.JSONField("ce qui est dit")
    internal_note = models.TextField("note interne", blank=True)
    saved_at = models.DateTimeField("enregistrée le", default=timezone.now)
    saved_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="enregistrée par",
    )
    key = models.UUIDField("clé d’envoi", null=True, blank=True)
    restores = models.PositiveIntegerField("rétablit la version", null=True, blank=True)

    class Meta:
        verbose_name = "version d’une observation"
        verbose_name_plural = "versions des observations"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["observation", "number"], name="version_number_unique"),
            models.UniqueConstraint(fields=["observation", "key"], name="version_sent_once"),
        )

    def __str__(self) -> str:
        return f"{self.observation} · version {self.number}"


class Answer(models.Model):
    """`kind` repeats the question's, so that the database holds the columns to it."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10, choices=QuestionKind.choices())
    categories = models.ManyToManyField(Category, through="Tick", related_name="answers")
    value = models.PositiveIntegerField(null=True, blank=True)
    approximate = models.BooleanField(default=False)
    period = models.CharField(max_length=10, choices=Period.choices(), blank=True)

    class Meta:
        verbose_name = "réponse"
        constraints = (
            models.UniqueConstraint(
                fields=["observation", "question"], name="answer_once_a_question"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=QuestionKind.COUNT.value, value__lte=COUNT_MAX)
                | (
                    ~models.Q(kind=QuestionKind.COUNT.value)
                    & models.Q(value__isnull=True, approximate=False, period="")
                ),
                name="answer_fills_its_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.observation} · {self.question}"


class Tick(models.Model):
    """A category chosen in an answer. A category in use cannot be deleted, only retired."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="ticks")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="ticks")

    class Meta:
        verbose_name = "case cochée"
        constraints = (models.UniqueConstraint(fields=["answer", "category"], name="tick_once"),)

    def __str__(self) -> str:
        return f"{self.answer} · {self.category}"
