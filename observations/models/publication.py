"""The frozen copy of a report: what readers get."""

from secrets import choice
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from observations.models.annual_report import AnnualReport

REASON_MAX = 250


CODE_LENGTH = 10
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that an eye confuses


def new_code() -> str:
    return "".join(choice(_ALPHABET) for _ in range(CODE_LENGTH))


def pdf_path(publication: "Publication", filename: str) -> str:
    return f"publications/{publication.sha256[:2]}/{publication.sha256}.pdf"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def readable(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def latest_of_reports(self) -> Self:
        """Of each report its last number, if it is not withdrawn: what readers get."""
        later = Publication.objects.filter(report=OuterRef("report"), number__gt=OuterRef("number"))
        return self.readable().filter(~Exists(later))


class Publication(models.Model):
    """Never edited: a correction is the next number. Withdrawn, it is gone for readers."""

    report = models.ForeignKey(
        AnnualReport, on_delete=models.PROTECT, related_name="publications", verbose_name="rapport"
    )
    number = models.PositiveSmallIntegerField("numéro")
    document = models.JSONField("arbre du rapport")
    code = models.CharField("code", max_length=CODE_LENGTH, unique=True, default=new_code)
    document_schema = models.PositiveSmallIntegerField("schéma")
    fingerprint = models.CharField("empreinte du contenu", max_length=64)
    pdf = models.FileField("PDF", upload_to=pdf_path)
    sha256 = models.CharField("SHA-256 du PDF", max_length=64)
    submitted_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="transmis par",
    )
    reviewed_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="relu par",
    )
    published_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="publié par",
    )
    published_at = models.DateTimeField("publié le")
    reason = models.CharField("motif", max_length=REASON_MAX, blank=True)

    changes = models.JSONField("ce qui a changé", default=list, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="retirée par",
    )
    withdrawn_reason = models.CharField("motif du retrait", max_length=REASON_MAX, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "publication"
        ordering = ("report", "-number")
        constraints = (
            models.UniqueConstraint(fields=["report", "number"], name="publication_number_unique"),
        )

    def __str__(self) -> str:
        return f"{self.report} · publication {self.number}"
