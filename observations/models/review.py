"""What the network's staff and a site say to each other about a year, round after round."""

from django.db import models
from django.utils import timezone

from observations.models.annual_report import AnnualReport

WORDS_MAX = 2000


class AskedQuestions(models.Model):
    """The questions and their words as they were when years were submitted: `composer.asked`
    writes them. One row for all the years that were asked the same."""

    digest = models.CharField("empreinte", max_length=64, unique=True)  # SHA-256
    effects = models.JSONField("effets")

    class Meta:
        verbose_name = "questions posées"
        verbose_name_plural = "questions posées"

    def __str__(self) -> str:
        return self.digest


class Round(models.Model):
    """From a submission to what became of it. `versions`: those of the observations, by effect
    code, when it was submitted; `effects`: the codes that are asked back, none for the whole year.
    `asked`: what the year keeps of the questionnaire, whatever becomes of it."""

    report = models.ForeignKey(
        AnnualReport, on_delete=models.CASCADE, related_name="rounds", verbose_name="rapport"
    )
    number = models.PositiveSmallIntegerField("numéro")
    versions = models.JSONField("versions transmises", default=dict)
    asked = models.ForeignKey(
        AskedQuestions, on_delete=models.PROTECT, null=True, related_name="rounds"
    )
    message = models.TextField("mot du lieu", blank=True, max_length=WORDS_MAX)
    submitted_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="transmis par",
    )
    submitted_at = models.DateTimeField("transmis le", default=timezone.now)
    reviewed_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="relu par",
    )
    reviewed_at = models.DateTimeField("relu le", null=True, blank=True)
    returned_at = models.DateTimeField("rendu le", null=True, blank=True)
    reason = models.TextField("motif", blank=True, max_length=WORDS_MAX)
    effects = models.JSONField("effets à reprendre", default=list, blank=True)

    class Meta:
        verbose_name = "tour de relecture"
        verbose_name_plural = "tours de relecture"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["report", "number"], name="round_number_unique"),
        )

    def __str__(self) -> str:
        return f"{self.report} · tour {self.number}"


class Comment(models.Model):
    """Beside a sentence or a note: `quoted` is what it said then."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="comments")
    effect = models.SlugField("effet", max_length=60)
    quoted = models.TextField("passage")
    text = models.TextField("remarque", max_length=WORDS_MAX)
    by = models.ForeignKey(
        "observations.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField("écrite le", default=timezone.now)
    answer = models.TextField("réponse", blank=True, max_length=WORDS_MAX)
    answered_by = models.ForeignKey(
        "observations.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)

    class Meta:
        verbose_name = "remarque"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.round} · {self.effect}"
