"""The frozen copy of a report: what readers get."""

from django.db import models

from observations.models.annual_report import AnnualReport

REASON_MAX = 250


def pdf_path(publication: "Publication", filename: str) -> str:
    return f"publications/{publication.sha256[:2]}/{publication.sha256}.pdf"


class Publication(models.Model):
    """Never edited: a correction is the next number."""

    report = models.ForeignKey(
        AnnualReport, on_delete=models.PROTECT, related_name="publications", verbose_name="rapport"
    )
    number = models.PositiveSmallIntegerField("numéro")
    document = models.JSONField("arbre du rapport")
    document_schema = models.PositiveSmallIntegerField("schéma")
    fingerprint = models.CharField("empreinte du contenu", max_length=64)
    pdf = models.FileField("PDF", upload_to=pdf_path)
    sha256 = models.CharField("SHA-256 du PDF", max_length=64)
    published_by = models.ForeignKey(
        "observations.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="publié par",
    )
    published_at = models.DateTimeField("publié le")
    reason = models.CharField("motif", max_length=REASON_MAX, blank=True)

    class Meta:
        verbose_name = "publication"
        ordering = ("report", "-number")
        constraints = (
            models.UniqueConstraint(fields=["report", "number"], name="publication_number_unique"),
        )

    def __str__(self) -> str:
        return f"{self.report} · publication {self.number}"
