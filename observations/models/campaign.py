"""The yearly campaign: by when, and who was reminded."""

from django.db import models
from django.utils import timezone

from observations.models.site import Site


class Campaign(models.Model):
    year = models.PositiveSmallIntegerField("année", unique=True)
    due_on = models.DateField("à transmettre avant le", null=True, blank=True)

    class Meta:
        verbose_name = "campagne"
        ordering = ("-year",)

    def __str__(self) -> str:
        return f"Campagne {self.year}"


class Reminder(models.Model):
    """One mail to the people of a site; never two the same day. Queued while `sent_at` is empty."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="reminders")
    year = models.PositiveSmallIntegerField("année")
    sent_on = models.DateField("demandé le", default=timezone.localdate)
    sent_at = models.DateTimeField("parti le", null=True, blank=True)
    error = models.CharField("motif de l’échec", max_length=200, blank=True)
    sent_to = models.JSONField("destinataires", default=list)
    text = models.TextField("message")
    by = models.ForeignKey(
        "observations.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "relance"
        ordering = ("-sent_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["site", "year", "sent_on"], name="reminder_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.site} {self.year} · {self.sent_on}"
