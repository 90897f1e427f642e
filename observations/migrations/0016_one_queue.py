from django.db import migrations


class Migration(migrations.Migration):
    """The queue of a library is gone: what is to be done is in rows of ours."""

    dependencies = [("observations", "0015_event")]
    operations = [
        migrations.RunSQL(
            [
                "DROP TABLE IF EXISTS django_q_ormq",
                "DROP TABLE IF EXISTS django_q_task",
                "DROP TABLE IF EXISTS django_q_schedule",
                "DELETE FROM django_migrations WHERE app = 'django_q'",
            ],
            migrations.RunSQL.noop,
        )
    ]
