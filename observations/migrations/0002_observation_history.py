import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="observation",
            name="since",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="depuis l’année dernière"
            ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("observation", "number"), name="version_number_unique"
                    ),
                    models.UniqueConstraint(
                        fields=("observation", "key"), name="version_sent_once"
                    ),
                ],
            },
        ),
    ]
