"""Whoever is external holds no other role: Wagtail asked each group for itself. What was taken away stands in the log."""

from django.db import migrations
from django.utils import timezone

OTHERS = ("administrator", "answerer", "coordinator", "editor", "registrar")


def stand_alone(apps, schema_editor):
    User = apps.get_model("core", "User")
    AuditEntry = apps.get_model("core", "AuditEntry")
    others = apps.get_model("auth", "Group").objects.filter(name__in=OTHERS)
    for user in User.objects.filter(groups__name="external").order_by("pk"):
        taken = user.groups.filter(pk__in=others.values("pk")).order_by("name")
        names = list(taken.values_list("name", flat=True))
        if not names:
            continue
        user.groups.remove(*taken)
        AuditEntry.objects.create(
            at=timezone.now(),
            action="people.set_roles",
            target_type="core.user",
            target_id=str(user.pk),
            details={"roles": ["external"], "taken": names},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_playbooks"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(stand_alone, migrations.RunPython.noop)]
