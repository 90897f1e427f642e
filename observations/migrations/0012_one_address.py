"""An account has one address, written as it is looked up; those that nobody ever changed, which an
admin or a command gave, stay as good as they were."""

from django.db import migrations
from django.db.models import F


def keep_one_address(apps, schema_editor):
    User = apps.get_model("observations", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    for user in User.objects.all():
        if user.email != user.email.lower():
            user.email = user.email.lower()
            user.save(update_fields=["email"])
    never_changed = User.objects.filter(emailaddress=None).values_list("pk", flat=True)
    verified = EmailAddress.objects.filter(verified=True).select_related("user")
    proved = {row.user_id for row in verified if row.email.lower() == row.user.email}
    proved.update(never_changed)
    EmailAddress.objects.exclude(email=F("user__email")).delete()
    EmailAddress.objects.update(primary=True)
    EmailAddress.objects.filter(user__in=proved).update(verified=True)
    without = User.objects.filter(emailaddress=None).values_list("pk", "email")
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=pk, email=email, primary=True, verified=pk in proved)
        for pk, email in without
    )


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("observations", "0001_squashed_0011"),
    ]
    operations = [migrations.RunPython(keep_one_address, migrations.RunPython.noop)]
