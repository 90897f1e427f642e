"""The tables as they were at the first eleven migrations, of 2026-11-24."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import observations.models.batch
import observations.models.parts
import observations.models.person
import observations.models.publication
import observations.models.site
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("observations", "0001_initial"),
        ("observations", "0002_observation_history"),
        ("observations", "0003_first_versions"),
        ("observations", "0004_question_carries_over"),
        ("observations", "0005_counts_do_not_carry_over"),
        ("observations", "0006_invitation"),
        ("observations", "0007_review_and_publication"),
        ("observations", "0008_batches_and_campaign"),
        ("observations", "0009_category_life"),
        ("observations", "0010_own_questions"),
        ("observations", "0011_help_and_ranks"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedQuestions",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("effects", models.JSONField(verbose_name="effets")),
            ],
            options={
                "verbose_name": "questions posées",
                "verbose_name_plural": "questions posées",
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="année")),
                (
                    "due_on",
                    models.DateField(blank=True, null=True, verbose_name="à transmettre avant le"),
                ),
            ],
            options={
                "verbose_name": "campagne",
                "ordering": ("-year",),
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Laissez 0 pour mettre à la fin. Exemple : 3 vient après 2.",
                        verbose_name="rang",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        blank=True,
                        default=django.utils.timezone.now,
                        editable=False,
                        null=True,
                        verbose_name="ajouté le",
                    ),
                ),
                (
                    "code",
                    observations.models.parts.CodeField(
                        help_text="Il ne changera plus ; les mots, si. Exemple : « lien-social ».",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "Un code s’écrit en minuscules sans accent, avec des tirets.",
                            )
                        ],
                    ),
                ),
                (
                    "form_label",
                    models.CharField(
                        help_text="Exemple : « Voisins et voisines ».",
                        max_length=200,
                        verbose_name="ce que le lieu coche",
                    ),
                ),
                (
                    "report_wording",
                    models.CharField(
                        help_text="Au milieu d’une phrase, sans majuscule ni point. Exemple : « des voisin·e·s ».",
                        max_length=300,
                        verbose_name="ce que dit le rapport",
                    ),
                ),
                (
                    "report_wording_full",
                    models.CharField(
                        blank=True,
                        help_text="Seulement s’il y a un point médian. Exemple : « des voisins et voisines ».",
                        max_length=300,
                        verbose_name="le même, en formes complètes",
                    ),
                ),
                (
                    "polarity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("positive", "Effet positif"),
                            ("neutral", "Ni positif ni négatif"),
                            ("negative", "Effet négatif"),
                        ],
                        help_text="Vide : celui de la question. Exemple : « Effet négatif » pour « du stress ».",
                        max_length=10,
                        verbose_name="sens",
                    ),
                ),
                (
                    "silent",
                    models.BooleanField(
                        default=False,
                        help_text="Exemple : « Nous ne savons pas ».",
                        verbose_name="le rapport n’en dit rien",
                    ),
                ),
                (
                    "retired",
                    models.BooleanField(
                        default=False,
                        help_text="N’est plus proposée ; les réponses données restent. Exemple : un public que plus aucun lieu ne reçoit.",
                        verbose_name="retirée",
                    ),
                ),
                (
                    "successors",
                    models.JSONField(
                        blank=True, default=list, editable=False, verbose_name="devient"
                    ),
                ),
            ],
            options={
                "verbose_name": "catégorie",
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "first_year",
                    models.PositiveSmallIntegerField(
                        help_text="Le questionnaire vaut de cette année à l’édition suivante. Exemple : 2026.",
                        unique=True,
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="première année",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Exemple : « Questionnaire commun de 2026 ».",
                        max_length=120,
                        verbose_name="titre",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "En préparation"),
                            ("open", "Ouverte"),
                            ("locked", "Verrouillée"),
                        ],
                        default="draft",
                        help_text="Ouverte, les lieux y répondent. Exemple : une année publiée peut être verrouillée.",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
            ],
            options={
                "verbose_name": "édition",
                "ordering": ("-first_year",),
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        help_text="Exemple : camille@le-wip.example.",
                        max_length=254,
                        unique=True,
                        verbose_name="adresse e-mail",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Vu de ses collègues. Exemple : « Camille ».",
                        max_length=150,
                        verbose_name="nom affiché",
                    ),
                ),
                (
                    "in_network_team",
                    models.BooleanField(
                        default=False,
                        help_text="Voit tous les lieux, relit, publie et exporte les rapports.",
                        verbose_name="équipe du réseau",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "personne",
                "verbose_name_plural": "personnes",
                "ordering": ("name",),
            },
            managers=[
                ("objects", observations.models.person.PersonManager()),
            ],
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("publish", "Publier les rapports relus"),
                            ("zip", "Tous les PDF dans un dossier ZIP"),
                            ("volume", "Tous les rapports en un volume"),
                        ],
                        max_length=10,
                        verbose_name="travail",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="demandé le"
                    ),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="suivi le"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="terminé le"),
                ),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        upload_to=observations.models.batch.batch_path,
                        verbose_name="fichier",
                    ),
                ),
                (
                    "sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 du fichier"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="demandé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "lot",
                "ordering": ("-asked_at",),
            },
        ),
        migrations.CreateModel(
            name="AnnualReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="année",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Pas encore transmis"),
                            ("submitted", "Transmis"),
                            ("returned", "À reprendre"),
                            ("published", "Publié"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="observations.edition",
                        verbose_name="édition",
                    ),
                ),
            ],
            options={
                "verbose_name": "rapport annuel",
                "verbose_name_plural": "rapports annuels",
                "ordering": ("-year", "site__name"),
            },
        ),
        migrations.CreateModel(
            name="Effect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Laissez 0 pour mettre à la fin. Exemple : 3 vient après 2.",
                        verbose_name="rang",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        blank=True,
                        default=django.utils.timezone.now,
                        editable=False,
                        null=True,
                        verbose_name="ajouté le",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("core", "Tronc commun"),
                            ("network", "Propre au réseau"),
                            ("site", "Propre à un lieu"),
                        ],
                        default="core",
                        help_text="Seul le tronc commun se compare avec les autres réseaux. Exemple : une question sur votre label est « propre au réseau ».",
                        max_length=10,
                        verbose_name="qui pose la question",
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[
                            ("individuel", "Individuel"),
                            ("collectif", "Collectif"),
                            ("territorial", "Territorial"),
                        ],
                        help_text="Ce qui change pour les personnes, les groupes ou le quartier. Exemple : « Santé » est à l’échelle individuelle.",
                        max_length=20,
                        verbose_name="échelle",
                    ),
                ),
                (
                    "code",
                    observations.models.parts.CodeField(
                        help_text="Il ne changera plus ; les mots, si. Exemple : « lien-social ».",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "Un code s’écrit en minuscules sans accent, avec des tirets.",
                            )
                        ],
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Exemple : « Lien social ».", max_length=120, verbose_name="titre"
                    ),
                ),
                (
                    "pictogram",
                    models.CharField(
                        blank=True,
                        help_text="Sans lui, celui de l’échelle. Exemple : « sante » montre un cœur.",
                        max_length=60,
                        verbose_name="pictogramme",
                    ),
                ),
                (
                    "prompt",
                    models.CharField(
                        blank=True,
                        help_text="Posée en tête de la page. Exemple : « Des personnes vont-elles mieux ? »",
                        max_length=250,
                        verbose_name="question d’ouverture",
                    ),
                ),
                (
                    "help_text",
                    models.TextField(
                        blank=True,
                        help_text="Exemple : « Ce que les personnes en disent, ou ce que vous en voyez. »",
                        verbose_name="aide",
                    ),
                ),
                (
                    "not_observed",
                    models.CharField(
                        help_text="Exemple : « L’équipe a cherché des effets sur la santé, sans en observer. »",
                        max_length=250,
                        verbose_name="phrase si non observé",
                    ),
                ),
                (
                    "not_applicable",
                    models.CharField(
                        help_text="Exemple : « Le lieu n’est pas concerné par l’insertion professionnelle. »",
                        max_length=250,
                        verbose_name="phrase si non concerné",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        help_text="Exemple : « Édition 2026 ».",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="observations.edition",
                        verbose_name="édition",
                    ),
                ),
            ],
            options={
                "verbose_name": "effet",
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("observed", "Nous l’avons observé"),
                            ("not_observed", "Nous l’avons cherché, sans l’observer"),
                            ("not_applicable", "Cela ne concerne pas notre lieu"),
                        ],
                        default="observed",
                        max_length=20,
                        verbose_name="état",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=50000, verbose_name="note")),
                (
                    "internal_note",
                    models.TextField(blank=True, max_length=50000, verbose_name="note interne"),
                ),
                (
                    "since",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="depuis l’année dernière"
                    ),
                ),
                ("is_public", models.BooleanField(default=True, verbose_name="publiée")),
                ("note_is_public", models.BooleanField(default=True, verbose_name="note publiée")),
                (
                    "public_note",
                    models.TextField(blank=True, max_length=50000, verbose_name="note réécrite"),
                ),
                ("public_note_of", models.CharField(blank=True, max_length=64)),
                (
                    "public_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="publication décidée le"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="modifiée le")),
                (
                    "effect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="observations.effect",
                        verbose_name="effet",
                    ),
                ),
                (
                    "public_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="publication décidée par",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observations",
                        to="observations.annualreport",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="modifiée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "observation",
                "ordering": ("effect__position",),
            },
        ),
        migrations.CreateModel(
            name="ObservationVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("said", models.JSONField(verbose_name="ce qui est dit")),
                ("internal_note", models.TextField(blank=True, verbose_name="note interne")),
                (
                    "saved_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="enregistrée le"
                    ),
                ),
                ("key", models.UUIDField(blank=True, null=True, verbose_name="clé d’envoi")),
                (
                    "restores",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="rétablit la version"
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="observations.observation",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="enregistrée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "version d’une observation",
                "verbose_name_plural": "versions des observations",
                "ordering": ("-number",),
            },
        ),
        migrations.CreateModel(
            name="PassageDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("name", "Prénom ou nom"),
                            ("mail", "Adresse e-mail"),
                            ("phone", "Téléphone"),
                            ("address", "Adresse postale"),
                            ("age", "Âge d’une personne"),
                            ("health", "Santé"),
                            ("religion", "Religion"),
                            ("origin", "Origine"),
                            ("opinion", "Opinions"),
                            ("offence", "Infractions"),
                            ("minor", "Mineurs"),
                            ("small_group", "Petit groupe reconnaissable"),
                            ("flagged", "Signalé par une personne"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("passage", models.TextField(verbose_name="passage")),
                ("sentence", models.TextField(verbose_name="phrase")),
                ("sentence_sha256", models.CharField(max_length=64)),
                ("passage_sha256", models.CharField(max_length=64)),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("keep", "Garder"),
                            ("initial", "Initiale"),
                            ("generalise", "Généraliser"),
                            ("remove", "Retirer"),
                            ("reword", "Reformuler"),
                        ],
                        max_length=20,
                        verbose_name="décision",
                    ),
                ),
                ("replacement", models.TextField(blank=True, verbose_name="remplacé par")),
                (
                    "decided_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="décidé le"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="observations.observation",
                    ),
                ),
            ],
            options={
                "verbose_name": "décision sur un passage",
                "verbose_name_plural": "décisions sur des passages",
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("document", models.JSONField(verbose_name="arbre du rapport")),
                (
                    "code",
                    models.CharField(
                        default=observations.models.publication.new_code,
                        max_length=10,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("document_schema", models.PositiveSmallIntegerField(verbose_name="schéma")),
                (
                    "fingerprint",
                    models.CharField(max_length=64, verbose_name="empreinte du contenu"),
                ),
                (
                    "pdf",
                    models.FileField(
                        upload_to=observations.models.publication.pdf_path, verbose_name="PDF"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 du PDF")),
                ("published_at", models.DateTimeField(verbose_name="publié le")),
                ("reason", models.CharField(blank=True, max_length=250, verbose_name="motif")),
                (
                    "changes",
                    models.JSONField(blank=True, default=list, verbose_name="ce qui a changé"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="retirée le"),
                ),
                (
                    "withdrawn_reason",
                    models.CharField(blank=True, max_length=250, verbose_name="motif du retrait"),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="publié par",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="observations.annualreport",
                        verbose_name="rapport",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="relu par",
                    ),
                ),
                (
                    "transmitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="transmis par",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="retirée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "ordering": ("report", "-number"),
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=80, verbose_name="endroit")),
                ("quoted", models.TextField(verbose_name="passage")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail"),
                ),
                (
                    "sent_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="reçu le"),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "À traiter"),
                            ("hidden", "Passage retiré"),
                            ("kept", "Passage gardé"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="suite",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="motif")),
                (
                    "handled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="traité le"),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="observations.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "signalement",
                "ordering": ("-sent_at",),
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "À faire"),
                            ("claimed", "En cours"),
                            ("done", "Fait"),
                            ("failed", "Échec"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="pris le")),
                (
                    "worker",
                    models.CharField(blank=True, max_length=60, verbose_name="par le processus"),
                ),
                ("error", models.TextField(blank=True, verbose_name="motif de l’échec")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="observations.batch",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="observations.annualreport",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="observations.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "rapport d’un lot",
                "verbose_name_plural": "rapports d’un lot",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Laissez 0 pour mettre à la fin. Exemple : 3 vient après 2.",
                        verbose_name="rang",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        blank=True,
                        default=django.utils.timezone.now,
                        editable=False,
                        null=True,
                        verbose_name="ajouté le",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("core", "Tronc commun"),
                            ("network", "Propre au réseau"),
                            ("site", "Propre à un lieu"),
                        ],
                        default="core",
                        help_text="Seul le tronc commun se compare avec les autres réseaux. Exemple : une question sur votre label est « propre au réseau ».",
                        max_length=10,
                        verbose_name="qui pose la question",
                    ),
                ),
                (
                    "code",
                    observations.models.parts.CodeField(
                        help_text="Il ne changera plus ; les mots, si. Exemple : « lien-social ».",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "Un code s’écrit en minuscules sans accent, avec des tirets.",
                            )
                        ],
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("multiple", "Plusieurs catégories"),
                            ("single", "Une seule catégorie"),
                            ("count", "Un nombre"),
                        ],
                        help_text="Exemple : « Un nombre » pour « Combien de personnes ? ».",
                        max_length=10,
                        verbose_name="sorte",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        help_text="Exemple : « Entre quels publics ces liens se sont-ils noués ? »",
                        max_length=250,
                        verbose_name="question posée",
                    ),
                ),
                (
                    "help_text",
                    models.CharField(
                        blank=True,
                        help_text="Exemple : « Plusieurs réponses possibles. »",
                        max_length=250,
                        verbose_name="aide",
                    ),
                ),
                (
                    "polarity",
                    models.CharField(
                        choices=[
                            ("positive", "Effet positif"),
                            ("neutral", "Ni positif ni négatif"),
                            ("negative", "Effet négatif"),
                        ],
                        default="neutral",
                        help_text="Vaut pour les catégories qui n’ont pas le leur. Exemple : « Effet négatif » pour « Qui a pu se sentir exclu ? ».",
                        max_length=10,
                        verbose_name="sens des réponses",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True,
                        help_text="Pour réunir les réponses égales. Exemple : « dans l’équipe de gestion ».",
                        max_length=120,
                        verbose_name="ce dont parle la question",
                    ),
                ),
                (
                    "subject_full",
                    models.CharField(
                        blank=True,
                        help_text="Exemple : « parmi les occupants et occupantes ».",
                        max_length=160,
                        verbose_name="le même, en formes complètes",
                    ),
                ),
                (
                    "unit_singular",
                    models.CharField(
                        blank=True,
                        help_text="Pour un nombre. Exemple : « nouveau projet ».",
                        max_length=60,
                        verbose_name="unité, au singulier",
                    ),
                ),
                (
                    "unit_plural",
                    models.CharField(
                        blank=True,
                        help_text="Exemple : « nouveaux projets ».",
                        max_length=60,
                        verbose_name="unité, au pluriel",
                    ),
                ),
                (
                    "unit_feminine",
                    models.BooleanField(
                        default=False,
                        help_text="Exemple : « aucune personne » : cochez.",
                        verbose_name="unité au féminin",
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        choices=[("an", "par an")],
                        help_text="Proposée au lieu. Exemple : « par an », pour « 5 nouveaux projets par an ».",
                        max_length=10,
                        verbose_name="période",
                    ),
                ),
                (
                    "carries_over",
                    models.BooleanField(
                        default=True,
                        help_text="L’année suivante, la réponse est montrée et peut être confirmée d’un geste. À décocher pour ce qui se recompte chaque année. Exemple : un nombre de personnes.",
                        verbose_name="se reprend l’année suivante",
                    ),
                ),
                (
                    "effect",
                    models.ForeignKey(
                        help_text="Exemple : « Lien social ».",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="observations.effect",
                        verbose_name="effet",
                    ),
                ),
                (
                    "parent_categories",
                    models.ManyToManyField(
                        blank=True,
                        help_text="La question n’est posée qu’après l’une de ces réponses. Exemple : « De quelle façon ? », après « L’image du quartier a changé ».",
                        related_name="asked_after",
                        to="observations.category",
                        verbose_name="posée après",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "ordering": ("position", "pk"),
            },
        ),
        migrations.AddField(
            model_name="category",
            name="question",
            field=models.ForeignKey(
                blank=True,
                help_text="Pour une catégorie qui n’est qu’à elle. Exemple : « À quelle occasion ? ».",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="own_categories",
                to="observations.question",
                verbose_name="question",
            ),
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("multiple", "Plusieurs catégories"),
                            ("single", "Une seule catégorie"),
                            ("count", "Un nombre"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.PositiveIntegerField(blank=True, null=True)),
                ("approximate", models.BooleanField(default=False)),
                ("period", models.CharField(blank=True, choices=[("an", "par an")], max_length=10)),
                (
                    "observation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="observations.observation",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="observations.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse",
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("versions", models.JSONField(default=dict, verbose_name="versions transmises")),
                (
                    "message",
                    models.TextField(blank=True, max_length=2000, verbose_name="mot du lieu"),
                ),
                (
                    "transmitted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="transmis le"
                    ),
                ),
                (
                    "reviewed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="relu le"),
                ),
                (
                    "returned_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="rendu le"),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="motif")),
                (
                    "effects",
                    models.JSONField(blank=True, default=list, verbose_name="effets à reprendre"),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="observations.askedquestions",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="observations.annualreport",
                        verbose_name="rapport",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="relu par",
                    ),
                ),
                (
                    "transmitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="transmis par",
                    ),
                ),
            ],
            options={
                "verbose_name": "tour de relecture",
                "verbose_name_plural": "tours de relecture",
                "ordering": ("-number",),
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effect", models.SlugField(max_length=60, verbose_name="effet")),
                ("quoted", models.TextField(verbose_name="passage")),
                ("text", models.TextField(max_length=2000, verbose_name="remarque")),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="écrite le"
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="réponse")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="répondue le"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="observations.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "remarque",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ScaleAssessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scale",
                    models.CharField(
                        choices=[
                            ("individuel", "Individuel"),
                            ("collectif", "Collectif"),
                            ("territorial", "Territorial"),
                        ],
                        max_length=20,
                        verbose_name="échelle",
                    ),
                ),
                (
                    "intensity",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="intensité"
                    ),
                ),
                ("keywords", models.JSONField(blank=True, default=list, verbose_name="mots-clés")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="observations.annualreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "appréciation d’une échelle",
                "verbose_name_plural": "appréciations des échelles",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Sentence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Laissez 0 pour mettre à la fin. Exemple : 3 vient après 2.",
                        verbose_name="rang",
                    ),
                ),
                (
                    "passage",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Les phrases d’un même passage disent la même chose : la plus complète est prise. Exemple : 1 pour la première chose à dire, 2 pour la suivante.",
                        verbose_name="passage",
                    ),
                ),
                (
                    "template",
                    models.CharField(
                        help_text="Exemple : « Des liens se sont noués entre {publics} ».",
                        max_length=400,
                        verbose_name="phrase",
                    ),
                ),
                (
                    "template_full",
                    models.CharField(
                        blank=True,
                        help_text="Seulement s’il y a un point médian. Exemple : « les habitants et habitantes ».",
                        max_length=400,
                        verbose_name="la même, en formes complètes",
                    ),
                ),
                (
                    "layout",
                    models.CharField(
                        choices=[
                            ("inline", "Dans la phrase"),
                            ("bullets", "En liste à puces, après deux-points"),
                        ],
                        default="inline",
                        help_text="Exemple : une liste à puces, pour « … entre : {publics} ».",
                        max_length=10,
                        verbose_name="présentation",
                    ),
                ),
                (
                    "leans_on",
                    models.CharField(
                        choices=[
                            ("nothing", "Rien : la phrase se suffit"),
                            ("anything", "Une autre phrase du même effet"),
                            ("positive", "Une phrase positive du même effet"),
                        ],
                        default="nothing",
                        help_text="Exemple : « Ces échanges… » demande qu’une phrase en ait déjà parlé.",
                        max_length=10,
                        verbose_name="s’appuie sur",
                    ),
                ),
                (
                    "effect",
                    models.ForeignKey(
                        help_text="Exemple : « Lien social ».",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sentences",
                        to="observations.effect",
                        verbose_name="effet",
                    ),
                ),
            ],
            options={
                "verbose_name": "phrase",
                "ordering": ("passage", "position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Exemple : « Le WIP ».", max_length=120, verbose_name="nom"
                    ),
                ),
                (
                    "name_with_de",
                    models.CharField(
                        help_text="Exemple : « Effets sociaux et urbains du WIP, de l’Hôtel Pasteur, d’Arche ».",
                        max_length=130,
                        verbose_name="nom précédé de « de »",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Celle de ses pages. Exemple : « le-wip », pour /le-wip/2022/.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "Un code s’écrit en minuscules sans accent, avec des tirets.",
                            ),
                            observations.models.site.validate_free_slug,
                        ],
                        verbose_name="adresse",
                    ),
                ),
                (
                    "city",
                    models.CharField(
                        blank=True,
                        help_text="Exemple : « Colombelles ».",
                        max_length=120,
                        verbose_name="commune",
                    ),
                ),
                (
                    "postcode",
                    models.CharField(
                        blank=True,
                        help_text="Exemple : « 14460 ».",
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{5}$", "Un code postal a cinq chiffres, comme 14460."
                            )
                        ],
                        verbose_name="code postal",
                    ),
                ),
                (
                    "opened_on",
                    models.DateField(
                        blank=True,
                        help_text="Exemple : 14/09/2019.",
                        null=True,
                        verbose_name="ouvert le",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(
                        blank=True,
                        help_text="Ses rapports restent lisibles. Exemple : 31/12/2025.",
                        null=True,
                        verbose_name="fermé le",
                    ),
                ),
                (
                    "inclusive_writing",
                    models.CharField(
                        choices=[
                            ("point-median", "Point médian (acteur·rice·s)"),
                            ("full", "Formes complètes (acteurs et actrices)"),
                        ],
                        default="point-median",
                        help_text="De ses rapports. Exemple : « voisin·e·s » ou « voisins et voisines ».",
                        max_length=20,
                        verbose_name="écriture inclusive",
                    ),
                ),
                (
                    "is_indexed",
                    models.BooleanField(
                        default=False,
                        help_text="Sans cela, les pages publiées restent lisibles mais les moteurs les ignorent. Exemple : un lieu qui n’a pas encore de site peut préférer attendre.",
                        verbose_name="visible dans les moteurs de recherche",
                    ),
                ),
                (
                    "needs_two_people",
                    models.BooleanField(
                        default=False,
                        help_text="La personne qui publie n’est alors pas celle qui a relu. Exemple : un lieu géré par la personne qui relit.",
                        verbose_name="relecture et publication par deux personnes",
                    ),
                ),
            ],
            options={
                "verbose_name": "lieu",
                "verbose_name_plural": "lieux",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("opened_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="site_closes_after_opening",
                        violation_error_message="Un lieu ne ferme pas avant d’avoir ouvert.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                (
                    "sent_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="demandé le"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="parti le")),
                (
                    "error",
                    models.CharField(blank=True, max_length=200, verbose_name="motif de l’échec"),
                ),
                ("sent_to", models.JSONField(default=list, verbose_name="destinataires")),
                ("text", models.TextField(verbose_name="message")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="observations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "relance",
                "ordering": ("-sent_on", "-pk"),
            },
        ),
        migrations.AddField(
            model_name="question",
            name="site",
            field=models.ForeignKey(
                blank=True,
                help_text="Lui seul y répondra ; vide pour le reste. Exemple : « Le WIP ».",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="observations.site",
                verbose_name="lieu",
            ),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Gestionnaire"),
                            ("contributor", "Contributeur ou contributrice"),
                            ("reader", "Lecture"),
                        ],
                        default="manager",
                        help_text="Exemple : un ou une gestionnaire transmet le rapport.",
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True,
                        help_text="Dernier jour de son accès. Exemple : 31/12/2026.",
                        null=True,
                        verbose_name="jusqu’au",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        help_text="Exemple : « Camille ».",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        help_text="Exemple : « Le WIP ».",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="observations.site",
                        verbose_name="lieu",
                    ),
                ),
            ],
            options={
                "verbose_name": "membre",
                "verbose_name_plural": "membres",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="adresse e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Gestionnaire"),
                            ("contributor", "Contributeur ou contributrice"),
                            ("reader", "Lecture"),
                        ],
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "key",
                    models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="clé d’envoi"),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(verbose_name="envoyée le")),
                ("expires_at", models.DateTimeField(verbose_name="expire le")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="acceptée le"),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="annulée le"),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invitée par",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="observations.site",
                        verbose_name="lieu",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "ordering": ("-sent_at",),
            },
        ),
        migrations.AddField(
            model_name="effect",
            name="site",
            field=models.ForeignKey(
                blank=True,
                help_text="Lui seul y répondra ; vide pour le reste. Exemple : « Le WIP ».",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="observations.site",
                verbose_name="lieu",
            ),
        ),
        migrations.AddField(
            model_name="annualreport",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="observations.site",
                verbose_name="lieu",
            ),
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ticks",
                        to="observations.answer",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticks",
                        to="observations.category",
                    ),
                ),
            ],
            options={
                "verbose_name": "case cochée",
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="categories",
            field=models.ManyToManyField(
                related_name="answers", through="observations.Tick", to="observations.category"
            ),
        ),
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    observations.models.parts.CodeField(
                        help_text="Il ne changera plus ; les mots, si. Exemple : « lien-social ».",
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$",
                                "Un code s’écrit en minuscules sans accent, avec des tirets.",
                            )
                        ],
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Pour s’y retrouver. Exemple : « Publics du lieu ».",
                        max_length=120,
                        verbose_name="titre",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        help_text="Exemple : « Édition 2026 ».",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vocabularies",
                        to="observations.edition",
                        verbose_name="édition",
                    ),
                ),
            ],
            options={
                "verbose_name": "vocabulaire",
                "ordering": ("code",),
            },
        ),
        migrations.AddField(
            model_name="question",
            name="vocabulary",
            field=models.ForeignKey(
                blank=True,
                help_text="Laissez vide si la question a ses propres catégories. Exemple : « Publics du lieu ».",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="observations.vocabulary",
                verbose_name="vocabulaire",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="vocabulary",
            field=models.ForeignKey(
                blank=True,
                help_text="Pour une catégorie commune à plusieurs questions. Exemple : « Publics ».",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="categories",
                to="observations.vocabulary",
                verbose_name="vocabulaire",
            ),
        ),
        migrations.CreateModel(
            name="WordingAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mend", "Corriger les mots"),
                            ("reword", "Reformuler à partir d’une édition"),
                            ("merge", "Réunir avec une autre"),
                            ("split", "Partager en plusieurs"),
                            ("retire", "Ne plus la proposer"),
                            ("offer", "La proposer de nouveau"),
                        ],
                        max_length=10,
                        verbose_name="acte",
                    ),
                ),
                ("before", models.JSONField(default=dict, verbose_name="avant")),
                ("moved", models.JSONField(default=list, verbose_name="réponses suivies")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="le")),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="annulé le"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to="observations.category",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="annulé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "acte sur une catégorie",
                "verbose_name_plural": "actes sur les catégories",
                "ordering": ("-pk",),
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                name="user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                fields=("report", "effect"), name="observation_once_an_effect"
            ),
        ),
        migrations.AddConstraint(
            model_name="observationversion",
            constraint=models.UniqueConstraint(
                fields=("observation", "number"), name="version_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="observationversion",
            constraint=models.UniqueConstraint(
                fields=("observation", "key"), name="version_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="passagedecision",
            constraint=models.UniqueConstraint(
                fields=("observation", "kind", "sentence_sha256", "passage_sha256"),
                name="passage_decided_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("report", "number"), name="publication_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchitem",
            constraint=models.UniqueConstraint(
                fields=("batch", "report"), name="report_once_a_batch"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                fields=("report", "number"), name="round_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="scaleassessment",
            constraint=models.UniqueConstraint(
                fields=("report", "scale"), name="assessment_once_a_scale"
            ),
        ),
        migrations.AddConstraint(
            model_name="scaleassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("intensity__isnull", True), ("intensity__range", (1, 5)), _connector="OR"
                ),
                name="assessment_intensity_1_to_5",
                violation_error_message="Une intensité va de 1 à 5.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("site", "year", "sent_on"), name="reminder_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "site"),
                name="membership_once",
                violation_error_message="Cette personne est déjà membre de ce lieu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                models.F("site"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                name="invitation_open_once",
                violation_error_message="Une invitation attend déjà une réponse de cette adresse.",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "site"), ("site__isnull", False)),
                    models.Q(models.Q(("origin", "site"), _negated=True), ("site__isnull", True)),
                    _connector="OR",
                ),
                name="effect_own_to_a_site",
                violation_error_message="Ce qui est propre à un lieu a un lieu ; le reste n’en a pas.",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                fields=("edition", "code"),
                name="effect_code_unique",
                violation_error_message="Ce code existe déjà dans cette édition.",
            ),
        ),
        migrations.AddConstraint(
            model_name="annualreport",
            constraint=models.UniqueConstraint(
                fields=("site", "year"),
                name="report_once_a_year",
                violation_error_message="Ce lieu a déjà un rapport pour cette année.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tick",
            constraint=models.UniqueConstraint(fields=("answer", "category"), name="tick_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("observation", "question"), name="answer_once_a_question"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "count"), ("value__lte", 999999)),
                    models.Q(
                        models.Q(("kind", "count"), _negated=True),
                        ("approximate", False),
                        ("period", ""),
                        ("value__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="answer_fills_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="vocabulary",
            constraint=models.UniqueConstraint(
                fields=("edition", "code"),
                name="vocabulary_code_unique",
                violation_error_message="Ce code existe déjà dans cette édition.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "site"), ("site__isnull", False)),
                    models.Q(models.Q(("origin", "site"), _negated=True), ("site__isnull", True)),
                    _connector="OR",
                ),
                name="question_own_to_a_site",
                violation_error_message="Ce qui est propre à un lieu a un lieu ; le reste n’en a pas.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("effect", "code"),
                name="question_code_unique",
                violation_error_message="Ce code existe déjà dans cet effet.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "count"), _negated=True),
                    models.Q(
                        ("vocabulary__isnull", True),
                        models.Q(("unit_singular", ""), _negated=True),
                        models.Q(("unit_plural", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="question_count_has_unit",
                violation_error_message="Un nombre a une unité, au singulier et au pluriel, et pas de catégories.",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("question__isnull", True), ("vocabulary__isnull", False)),
                    models.Q(("question__isnull", False), ("vocabulary__isnull", True)),
                    _connector="OR",
                ),
                name="category_has_one_home",
                violation_error_message="Une catégorie est à une question ou à un vocabulaire.",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("question", "code"),
                name="category_code_unique_in_question",
                violation_error_message="Ce code existe déjà dans cette question.",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("vocabulary", "code"),
                name="category_code_unique_in_vocabulary",
                violation_error_message="Ce code existe déjà dans ce vocabulaire.",
            ),
        ),
    ]
