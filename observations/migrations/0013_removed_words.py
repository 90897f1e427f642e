from django.db import migrations, models


def keep_what_was_asked(apps, schema_editor):
    """What staff had chosen instead of the words of the flag was not kept."""
    Flag = apps.get_model("observations", "Flag")
    for flag in Flag.objects.filter(outcome="hidden"):
        flag.removed = [[flag.place, flag.quoted]]
        flag.save(update_fields=["removed"])


class Migration(migrations.Migration):
    dependencies = [("observations", "0012_one_address")]
    operations = [
        migrations.AddField(
            "flag",
            "removed",
            models.JSONField(blank=True, default=list, verbose_name="passages retirés"),
        ),
        migrations.RunPython(keep_what_was_asked, migrations.RunPython.noop),
    ]
