"""A third place."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from observations.composer.territory import department_of
from observations.enums import InclusiveWriting
from observations.models.parts import validate_code

# First path segments that belong to the application: no site may hide behind them.
RESERVED_SLUGS = frozenset(
    "admin api comptes donnees equipe flux hors-connexion invitation lieux mes-lieux p robots"
    " session sitemap static verifier".split()
)


def validate_free_slug(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError("Cette adresse est réservée à l’application.", code="reserved")


class Site(models.Model):
    name = models.CharField("nom", max_length=120, help_text="Exemple : « Le WIP ».")
    name_with_de = models.CharField(
        "nom précédé de « de »",
        max_length=130,
        help_text="Exemple : « Effets sociaux et urbains du WIP, de l’Hôtel Pasteur, d’Arche ».",
    )
    slug = models.SlugField(
        "adresse",
        unique=True,
        max_length=80,
        validators=[validate_code, validate_free_slug],
        help_text="Celle de ses pages. Exemple : « le-wip », pour /le-wip/2022/.",
    )
    city = models.CharField(
        "commune", max_length=120, blank=True, help_text="Exemple : « Colombelles »."
    )
    postcode = models.CharField(
        "code postal",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{5}$", "Un code postal a cinq chiffres, comme 14460.")],
        help_text="Exemple : « 14460 ».",
    )
    opened_on = models.DateField(
        "ouvert le", null=True, blank=True, help_text="Exemple : 14/09/2019."
    )
    closed_on = models.DateField(
        "fermé le",
        null=True,
        blank=True,
        help_text="Ses rapports restent lisibles. Exemple : 31/12/2025.",
    )
    inclusive_writing = models.CharField(
        "écriture inclusive",
        max_length=20,
        choices=InclusiveWriting.choices(),
        default=InclusiveWriting.MEDIAN_POINT.value,
        help_text="De ses rapports. Exemple : « voisin·e·s » ou « voisins et voisines ».",
    )
    is_indexed = models.BooleanField(
        "visible dans les moteurs de recherche",
        default=False,
        help_text="Sans cela, les pages publiées restent lisibles mais les moteurs les ignorent. "
        "Exemple : un lieu qui n’a pas encore de site peut préférer attendre.",
    )
    needs_two_people = models.BooleanField(
        "relecture et publication par deux personnes",
        default=False,
        help_text="La personne qui publie n’est alors pas celle qui a relu. "
        "Exemple : un lieu géré par la personne qui relit.",
    )

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True)
                | models.Q(opened_on__isnull=True)
                | models.Q(closed_on__gte=models.F("opened_on")),
                name="site_closes_after_opening",
                violation_error_message="Un lieu ne ferme pas avant d’avoir ouvert.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def department(self) -> str:
        """Its code, such as « 14 » or « 2A »; empty without a postcode."""
        return department_of(self.postcode)
