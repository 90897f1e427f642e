import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observations", "0003_first_versions")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="carries_over",
            field=models.BooleanField(
                default=True,
                help_text="L’année suivante, la réponse est montrée et peut être confirmée d’un geste. À décocher pour ce qui se recompte chaque année.",
                verbose_name="se reprend l’année suivante",
            ),
        ),
    ]
