"""Appearances get a place among all that is told one after another: when they were entered or, long after, their own day."""

import datetime as dt

from django.db import migrations, models
from django.utils import timezone


def find_their_places(apps, schema_editor):
    for row in apps.get_model("publishing", "Appearance").objects.order_by("pk"):
        own = dt.datetime.combine(row.day, dt.time(12), tzinfo=timezone.get_default_timezone())
        row.told_at = row.entered_at if row.entered_at - own <= dt.timedelta(days=30) else own
        row.save(update_fields=["told_at"])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0023_appearances")]

    operations = [
        migrations.AddField(
            "appearance",
            "told_at",
            models.DateTimeField(default=dt.datetime(2000, 1, 1, tzinfo=dt.timezone.utc)),
            preserve_default=False,
        ),
        migrations.RunPython(find_their_places, migrations.RunPython.noop),
        migrations.AddIndex(
            "appearance",
            models.Index(
                fields=["-told_at", "-id"], name="appearance_told", condition=models.Q(("withdrawn_at__isnull", True))
            ),
        ),
    ]
