import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observations", "0005_counts_do_not_carry_over")]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("manager", "Gestionnaire"),
                    ("contributor", "Contributeur ou contributrice"),
                    ("reader", "Lecture"),
                ],
                default="manager",
                max_length=20,
                verbose_name="rôle",
            ),
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
                "constraints": [
                    models.UniqueConstraint(
                        models.F("site"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(
                            ("accepted_at__isnull", True), ("revoked_at__isnull", True)
                        ),
                        name="invitation_open_once",
                        violation_error_message="Une invitation attend déjà une réponse de cette adresse.",
                    )
                ],
            },
        ),
    ]
