from uuid import uuid4

from django.db import migrations, models

from observations.composer.protecting.sealing import seal


def write_down(apps, schema_editor):
    """What was taken away until now, without its words."""
    Flag, Publication, Removal = (
        apps.get_model("observations", name) for name in ("Flag", "Publication", "Removal")
    )

    def removal(publication, **fields):
        report = publication.report
        return Removal(
            code=publication.code,
            number=publication.number,
            site_key=report.site_id,
            slug=report.site.slug,
            year=report.year,
            **fields,
        )

    gone = Publication.objects.exclude(withdrawn_at=None).defer("document", "changes")
    rows = [
        removal(
            row,
            reason=row.withdrawn_reason,
            by=row.withdrawn_by.email if row.withdrawn_by else "",
            at=row.withdrawn_at,
        )
        for row in gone.select_related("report__site", "withdrawn_by")
    ]
    hidden = Flag.objects.filter(outcome="hidden").defer("publication__document")
    for flag in hidden.select_related("publication__report__site", "handled_by"):
        rows += [
            removal(
                flag.publication,
                place=place,
                seal=seal(text),
                reason=flag.reason[:250],
                by=flag.handled_by.email if flag.handled_by else "",
                at=flag.handled_at or flag.sent_at,
            )
            for place, text in flag.removed or [[flag.place, flag.quoted]]
        ]
    Removal.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("observations", "0013_removed_words")]
    operations = [
        migrations.CreateModel(
            "Removal",
            [
                ("id", models.UUIDField(default=uuid4, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=10, verbose_name="code de la publication")),
                ("number", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("site_key", models.PositiveBigIntegerField(verbose_name="clé du lieu")),
                ("slug", models.SlugField(max_length=80, verbose_name="adresse du lieu")),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="endroit")),
                ("seal", models.TextField(blank=True, verbose_name="empreinte des mots")),
                (
                    "is_held",
                    models.BooleanField(default=False, verbose_name="note retenue entière"),
                ),
                ("reason", models.CharField(blank=True, max_length=250, verbose_name="motif")),
                ("by", models.EmailField(blank=True, max_length=254, verbose_name="par")),
                ("at", models.DateTimeField(verbose_name="le")),
            ],
            options={
                "verbose_name": "retrait",
                "ordering": ("at", "place"),
                "indexes": [
                    models.Index(fields=["site_key", "year"], name="observation_site_ke_4fade4_idx")
                ],
            },
        ),
        migrations.RunPython(write_down, migrations.RunPython.noop),
        migrations.RemoveField("flag", "removed"),
    ]
