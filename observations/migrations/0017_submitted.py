from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("observations", "0016_one_queue")]
    operations = [
        migrations.RenameField("round", "transmitted_by", "submitted_by"),
        migrations.RenameField("round", "transmitted_at", "submitted_at"),
        migrations.RenameField("publication", "transmitted_by", "submitted_by"),
    ]
