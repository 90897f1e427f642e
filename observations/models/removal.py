"""The ledger of what readers do not get any more."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q

from observations.composer.protecting.removal import effect_of, is_note
from observations.models.publication import CODE_LENGTH, REASON_MAX
from observations.models.site import Site

PLACE_MAX = 80


class RemovalQuerySet(models.QuerySet["Removal"]):
    def of_site(self, site: int) -> Self:
        """A site that came back with an older backup may have another key, or another address; who
        took a former address is somebody else."""
        slugs = Site.objects.filter(pk=site).values("slug")
        is_another = Exists(Site.objects.filter(pk=OuterRef("site_key")))
        return self.filter(Q(site_key=site) | Q(~is_another, slug__in=slugs))

    def passages(self) -> Self:
        return self.exclude(place="")


class Removal(models.Model):
    """A whole number, or a passage of it, that was taken away. Never edited and never erased: it
    points to nothing, so that it outlives what it is about, and never has its words."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    code = models.CharField("code de la publication", max_length=CODE_LENGTH)
    number = models.PositiveSmallIntegerField("numéro")
    site_key = models.PositiveBigIntegerField("clé du lieu")
    slug = models.SlugField("adresse du lieu", max_length=80)
    year = models.PositiveSmallIntegerField("année")
    place = models.CharField("endroit", max_length=PLACE_MAX, blank=True)  # none: the whole number
    seal = models.TextField("empreinte des mots", blank=True)  # see composer/protecting/sealing.py
    is_held = models.BooleanField("note retenue entière", default=False)
    reason = models.CharField("motif", max_length=REASON_MAX, blank=True)
    by = models.EmailField("par", blank=True)  # the address of their account then
    at = models.DateTimeField("le")

    objects = RemovalQuerySet.as_manager()

    class Meta:
        verbose_name = "retrait"
        ordering = ("at", "place")
        indexes = (models.Index(fields=["site_key", "year"]),)

    def __str__(self) -> str:
        told = f"{self.slug} · {self.year} · n° {self.number}"
        return f"{told} · {self.place}" if self.place else told

    @property
    def is_note(self) -> bool:
        return is_note(self.place)

    @property
    def effect(self) -> str:
        """Its code."""
        return effect_of(self.place)
