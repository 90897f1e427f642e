"""What happened, for whoever is to be told: written with the act, delivered afterwards."""

from django.db import models
from django.utils import timezone

from observations.enums import EventKind
from observations.models.annual_report import AnnualReport

NAME_MAX = 40


class Event(models.Model):
    """`about`: keys of what it is about (a round, a remark, numbers), never anybody's words."""

    kind = models.CharField("nature", max_length=20, choices=EventKind.choices())
    report = models.ForeignKey(AnnualReport, on_delete=models.CASCADE, related_name="events")
    by = models.ForeignKey(
        "observations.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    about = models.JSONField("à propos de", default=dict)
    at = models.DateTimeField("le", default=timezone.now)
    is_handed_out = models.BooleanField("distribué", default=False)

    class Meta:
        verbose_name = "événement"
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["id"], name="event_to_hand_out", condition=models.Q(is_handed_out=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.report} · {self.get_kind_display()}"


class Delivery(models.Model):
    """An event on its way to one listener. `due_at`: not before; none once it is delivered or
    given up, and then `error` says why."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    listener = models.CharField("destinataire", max_length=NAME_MAX)
    tries = models.PositiveSmallIntegerField("essais", default=0)
    due_at = models.DateTimeField("à remettre le", null=True, default=timezone.now, db_index=True)
    error = models.TextField("motif de l’échec", blank=True)

    class Meta:
        verbose_name = "remise d’un événement"
        verbose_name_plural = "remises d’événements"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["event", "listener"], name="event_delivered_once"),
        )

    def __str__(self) -> str:
        return f"{self.event} → {self.listener}"
