"""Counts are counted anew each year, unless an admin says otherwise."""

from django.db import migrations


def untick(apps, schema_editor):
    Question = apps.get_model("observations", "Question")
    Question.objects.filter(kind="count").update(carries_over=False)


class Migration(migrations.Migration):
    dependencies = [("observations", "0004_question_carries_over")]

    operations = [migrations.RunPython(untick, migrations.RunPython.noop)]
