"""A log-in ends with a last tenure that is external, also of who was employed here before: those that stood open get their day.

Each stands in the log, so that who could no longer come in can be told why.
"""

from django.db import migrations
from django.utils import timezone


def give_last_days(apps, schema_editor):
    Tenure, User = apps.get_model("people", "Tenure"), apps.get_model("core", "User")
    AuditEntry = apps.get_model("core", "AuditEntry")
    last = {}
    rows = Tenure.objects.filter(person__user__access_until=None, person__user__isnull=False)
    for user, kind, ends in rows.order_by("pk").values_list("person__user", "kind", "ends"):
        last.setdefault(user, []).append((ends is None, ends, kind != "external"))
    for user, tenures in last.items():
        if any(endless for endless, _ends, _lasting in tenures):
            continue
        _endless, ends, lasting = max(tenures)
        if not lasting:
            User.objects.filter(pk=user).update(access_until=ends)
            AuditEntry.objects.create(
                at=timezone.now(),
                action="people.end_access",
                target_type="core.user",
                target_id=str(user),
                details={"until": ends.isoformat()},
            )


class Migration(migrations.Migration):
    dependencies = [("people", "0005_tenure_corrections"), ("core", "0007_external_alone")]

    operations = [migrations.RunPython(give_last_days, migrations.RunPython.noop)]
