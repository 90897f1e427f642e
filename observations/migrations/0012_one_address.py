"""An account has one address, written as it is looked up; those that nobody ever changed, which an
admin or a command gave, stay as good as they were."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Lower


def keep_one_address(apps, schema_editor):
    User = apps.get_model("observations", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    User.objects.exclude(email=Lower("email")).update(email=Lower("email"))
    never_changed = set(User.objects.filter(emailaddress=None).values_list("pk", flat=True))
    EmailAddress.objects.exclude(email=F("user__email")).delete()
    EmailAddress.objects.update(primary=True)
    without = User.objects.filter(emailaddress=None).values_list("pk", "email")
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=pk, email=email, primary=True, verified=pk in never_changed)
        for pk, email in without
    )


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("observations", "0011_help_and_ranks"),
    ]
    operations = [migrations.RunPython(keep_one_address, migrations.RunPython.noop)]
