"""One site's year."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from observations.composer.questionnaire.inputs import INTENSITY_MAX, INTENSITY_MIN
from observations.enums import ReportState, Scale
from observations.lifecycle import RECORDABLE, SUBMITTED_STATES
from observations.models.questionnaire import Edition
from observations.models.site import Site


class AnnualReport(models.Model):
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="reports", verbose_name="lieu"
    )
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="reports", verbose_name="édition"
    )
    state = models.CharField(
        "état", max_length=10, choices=ReportState.choices(), default=ReportState.DRAFT.value
    )

    class Meta:
        verbose_name = "rapport annuel"
        verbose_name_plural = "rapports annuels"
        ordering = ("-year", "site__name")
        constraints = (
            models.UniqueConstraint(
                fields=["site", "year"],
                name="report_once_a_year",
                violation_error_message="Ce lieu a déjà un rapport pour cette année.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.site} {self.year}"

    @property
    def is_recordable(self) -> bool:
        """Whether the site may write it; one that was returned in part has effects that wait."""
        return self.state in RECORDABLE

    @property
    def is_submitted(self) -> bool:
        return self.state in SUBMITTED_STATES


class ScaleAssessment(models.Model):
    """Without a row, or with no intensity, the scale is not assessed."""

    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="assessments")
    scale = models.CharField("échelle", max_length=20, choices=Scale.choices())
    intensity = models.PositiveSmallIntegerField("intensité", null=True, blank=True)
    keywords = models.JSONField("mots-clés", default=list, blank=True)

    class Meta:
        verbose_name = "appréciation d’une échelle"
        verbose_name_plural = "appréciations des échelles"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["report", "scale"], name="assessment_once_a_scale"),
            models.CheckConstraint(
                condition=models.Q(intensity__isnull=True)
                | models.Q(intensity__range=(INTENSITY_MIN, INTENSITY_MAX)),
                name="assessment_intensity_1_to_5",
                violation_error_message="Une intensité va de 1 à 5.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.report} · {self.scale}"
