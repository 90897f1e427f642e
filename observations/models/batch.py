"""Long work on many reports, done by workers and found again later."""

import uuid

from django.db import models
from django.utils import timezone

from observations.enums import BatchKind, ItemState
from observations.models.annual_report import AnnualReport
from observations.models.publication import Publication


def batch_path(batch: "Batch", filename: str) -> str:
    return f"batches/{batch.pk}/{filename}"


class Batch(models.Model):
    """`claimed_at`: when a worker was last seen at it; without a sign for a while, it is free."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("travail", max_length=10, choices=BatchKind.choices())
    year = models.PositiveSmallIntegerField("année")
    asked_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandé par",
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    claimed_at = models.DateTimeField("suivi le", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    file = models.FileField("fichier", upload_to=batch_path, blank=True)
    sha256 = models.CharField("SHA-256 du fichier", max_length=64, blank=True)

    class Meta:
        verbose_name = "lot"
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{BatchKind(self.kind).label} {self.year}"


class BatchItem(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="+")
    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        "état", max_length=10, choices=ItemState.choices(), default=ItemState.WAITING.value
    )
    claimed_at = models.DateTimeField("pris le", null=True, blank=True)
    worker = models.CharField("par le processus", max_length=60, blank=True)
    error = models.TextField("motif de l’échec", blank=True)

    class Meta:
        verbose_name = "rapport d’un lot"
        verbose_name_plural = "rapports d’un lot"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["batch", "report"], name="report_once_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.batch} · {self.report}"
