"""Plain words shared by every layer: no Django, no logic beyond labels."""

from enum import StrEnum


class Labelled(StrEnum):
    """A string enum whose members carry a French label: `NAME = "value", "Label"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class Scale(Labelled):
    INDIVIDUAL = "individuel", "Individuel"
    COLLECTIVE = "collectif", "Collectif"
    TERRITORIAL = "territorial", "Territorial"

    @property
    def report_title(self) -> str:
        if self is Scale.TERRITORIAL:
            return "Effets sur le quartier et le territoire"
        return f"Effets {self.label.lower()}s"


class Origin(Labelled):
    """Who asks a question, from the widest to the narrowest."""

    CORE = "core", "Tronc commun"
    NETWORK = "network", "Propre au réseau"
    SITE = "site", "Propre à un lieu"

    @property
    def rank(self) -> int:
        return list(Origin).index(self)

    @property
    def mark(self) -> str:
        """How a report says it; the common core has none."""
        return ("", "propre au réseau", "propre au lieu")[self.rank]

    @property
    def explanation(self) -> str:
        """What its mark means for whoever compares."""
        return (
            "",
            "Ce qui est marqué « propre au réseau » n’est demandé qu’aux lieux de ce réseau : "
            "cela ne se compare pas avec ceux d’un autre.",
            "Ce qui est marqué « propre au lieu » n’est demandé qu’à lui : "
            "cela ne se compare pas d’un lieu à l’autre.",
        )[self.rank]


class QuestionKind(Labelled):
    MULTIPLE = "multiple", "Plusieurs catégories"
    SINGLE = "single", "Une seule catégorie"
    COUNT = "count", "Un nombre"


class Polarity(Labelled):
    POSITIVE = "positive", "Effet positif"
    NEUTRAL = "neutral", "Ni positif ni négatif"
    NEGATIVE = "negative", "Effet négatif"


class Layout(Labelled):
    INLINE = "inline", "Dans la phrase"
    BULLETS = "bullets", "En liste à puces, après deux-points"


class Lean(Labelled):
    """What must have been said before in the same effect for a sentence to make sense."""

    NOTHING = "nothing", "Rien : la phrase se suffit"
    ANYTHING = "anything", "Une autre phrase du même effet"
    POSITIVE = "positive", "Une phrase positive du même effet"


class ActKind(Labelled):
    """What an admin does to a category once it is in use."""

    MEND = "mend", "Corriger les mots"
    REWORD = "reword", "Reformuler à partir d’une édition"
    MERGE = "merge", "Réunir avec une autre"
    SPLIT = "split", "Partager en plusieurs"
    RETIRE = "retire", "Ne plus la proposer"
    OFFER = "offer", "La proposer de nouveau"


class InclusiveWriting(Labelled):
    MEDIAN_POINT = "point-median", "Point médian (acteur·rice·s)"
    FULL = "full", "Formes complètes (acteurs et actrices)"


class ObservationState(Labelled):
    OBSERVED = "observed", "Nous l’avons observé"
    NOT_OBSERVED = "not_observed", "Nous l’avons cherché, sans l’observer"
    NOT_APPLICABLE = "not_applicable", "Cela ne concerne pas notre lieu"


class Absence(Labelled):
    """The five absences, never confused: why a report says nothing of an effect."""

    NOT_ASKED = "not_asked", "Question non posée cette année-là"
    NOT_ANSWERED = "not_answered", "Non renseigné"
    NOT_APPLICABLE = "not_applicable", "Non concerné"
    NOT_OBSERVED = "not_observed", "Cherché et non observé"
    NOT_PUBLISHED = "not_published", "Observé, mais non publié"


class Progress(Labelled):
    TO_DO = "to_do", "À faire"
    STARTED = "started", "En cours"
    COMPLETE = "complete", "Complet"
    NOT_OBSERVED = "not_observed", "Non observé"
    NOT_APPLICABLE = "not_applicable", "Non concerné"


class ReportState(Labelled):
    DRAFT = "draft", "Pas encore transmis"
    SUBMITTED = "submitted", "Transmis"
    RETURNED = "returned", "À reprendre"
    PUBLISHED = "published", "Publié"


class EventKind(Labelled):
    """What happens to a year that somebody may want to be told."""

    SUBMITTED = "submitted", "Transmis"
    REVIEWED = "reviewed", "Relu"
    REMARKED = "remarked", "Remarqué"
    ANSWERED = "answered", "Réponse à une remarque"
    RETURNED = "returned", "Rendu"
    PUBLISHED = "published", "Publié"
    WITHDRAWN = "withdrawn", "Retiré"
    FLAGGED = "flagged", "Signalé"
    TAKEN_DOWN = "taken_down", "Passage retiré"


class EditionState(Labelled):
    DRAFT = "draft", "En préparation"
    OPEN = "open", "Ouverte"
    LOCKED = "locked", "Verrouillée"


class Role(Labelled):
    MANAGER = "manager", "Gestionnaire"
    CONTRIBUTOR = "contributor", "Contributeur ou contributrice"
    READER = "reader", "Lecture"


class Since(Labelled):
    """What became of something that was said last year."""

    STILL = "still", "Toujours vrai"
    CHANGED = "changed", "A changé"
    ENDED = "ended", "Terminé"


class Keep(Labelled):
    """Of two versions of the same thing, which one stays."""

    SAVED = "saved", "Garder ce qui est enregistré"
    TYPED = "typed", "Garder ma page"
    BOTH = "both", "Garder les deux"


class Period(Labelled):
    YEAR = "an", "par an"


class PassageKind(Labelled):
    """What a passage of a note may tell about a person."""

    NAME = "name", "Prénom ou nom"
    MAIL = "mail", "Adresse e-mail"
    PHONE = "phone", "Téléphone"
    ADDRESS = "address", "Adresse postale"
    AGE = "age", "Âge d’une personne"
    HEALTH = "health", "Santé"
    RELIGION = "religion", "Religion"
    ORIGIN = "origin", "Origine"
    OPINION = "opinion", "Opinions"
    OFFENCE = "offence", "Infractions"
    MINOR = "minor", "Mineurs"
    SMALL_GROUP = "small_group", "Petit groupe reconnaissable"
    FLAGGED = "flagged", "Signalé par une personne"


class PublicChoice(Labelled):
    """What readers get of a passage."""

    KEEP = "keep", "Garder"
    INITIAL = "initial", "Initiale"
    GENERALISE = "generalise", "Généraliser"
    REMOVE = "remove", "Retirer"
    REWORD = "reword", "Reformuler"


class FlagOutcome(Labelled):
    OPEN = "open", "À traiter"
    HIDDEN = "hidden", "Passage retiré"
    KEPT = "kept", "Passage gardé"


class BatchKind(Labelled):
    PUBLISH = "publish", "Publier les rapports relus"
    ZIP = "zip", "Tous les PDF dans un dossier ZIP"
    VOLUME = "volume", "Tous les rapports en un volume"


class ItemState(Labelled):
    WAITING = "waiting", "À faire"
    CLAIMED = "claimed", "En cours"
    DONE = "done", "Fait"
    FAILED = "failed", "Échec"


class CampaignState(Labelled):
    """Where a site's year stands, in the order of the work."""

    NOT_STARTED = "not_started", "Pas commencé"
    STARTED = "started", "En cours"
    SUBMITTED = "submitted", "Transmis"
    REVIEWED = "reviewed", "Relu"
    RETURNED = "returned", "À reprendre"
    PUBLISHED = "published", "Publié"
