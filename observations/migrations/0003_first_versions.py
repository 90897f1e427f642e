"""What is already recorded becomes the first version that history keeps."""

from django.db import migrations


def keep(apps, schema_editor):
    Observation = apps.get_model("observations", "Observation")
    ObservationVersion = apps.get_model("observations", "ObservationVersion")
    rows = Observation.objects.prefetch_related("answers__question", "answers__categories")
    for row in rows.filter(versions=None).order_by("pk").iterator(chunk_size=500):
        ObservationVersion.objects.create(
            observation=row,
            number=row.version,
            said={
                "state": row.state,
                "answers": {a.question.code: _answer(a) for a in row.answers.all()},
                "note": row.note,
                "since": row.since,
            },
            internal_note=row.internal_note,
            saved_at=row.updated_at,
            saved_by_id=row.updated_by_id,
        )


def _answer(answer):
    if answer.kind == "count":
        return {
            "value": answer.value,
            "approximate": answer.approximate,
            "period": answer.period,
        }
    ticked = sorted(answer.categories.all(), key=lambda row: (row.position, row.pk))
    return [category.code for category in ticked]


class Migration(migrations.Migration):
    dependencies = [("observations", "0002_observation_history")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
