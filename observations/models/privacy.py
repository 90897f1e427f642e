"""What a reader may see of a note, and what readers ask to take away."""

from django.db import models
from django.utils import timezone

from observations.enums import FlagOutcome, PassageKind, PublicChoice
from observations.models.observation import Observation
from observations.models.publication import Publication
from observations.models.removal import PLACE_MAX


class PassageDecision(models.Model):
    """What becomes of a passage of a note, in its sentence: asked once for the same words."""

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField("nature", max_length=20, choices=PassageKind.choices())
    passage = models.TextField("passage")
    sentence = models.TextField("phrase")
    sentence_sha256 = models.CharField(max_length=64)
    passage_sha256 = models.CharField(max_length=64)
    choice = models.CharField("décision", max_length=20, choices=PublicChoice.choices())
    replacement = models.TextField("remplacé par", blank=True)
    decided_by = models.ForeignKey(
        "observations.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", default=timezone.now)

    class Meta:
        verbose_name = "décision sur un passage"
        verbose_name_plural = "décisions sur des passages"
        constraints = (
            models.UniqueConstraint(
                fields=["observation", "kind", "sentence_sha256", "passage_sha256"],
                name="passage_decided_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.observation} · {self.get_kind_display()}"


class Flag(models.Model):
    """A reader says that a passage is about them. `place`: which block of the publication."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="flags")
    place = models.CharField("endroit", max_length=PLACE_MAX)
    quoted = models.TextField("passage")
    message = models.TextField("message", blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    sent_at = models.DateTimeField("reçu le", default=timezone.now)
    outcome = models.CharField(
        "suite", max_length=10, choices=FlagOutcome.choices(), default=FlagOutcome.OPEN.value
    )
    reason = models.TextField("motif", blank=True)
    handled_by = models.ForeignKey(
        "observations.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField("traité le", null=True, blank=True)

    class Meta:
        verbose_name = "signalement"
        ordering = ("-sent_at",)

    def __str__(self) -> str:
        return f"{self.publication} · {self.place}"
