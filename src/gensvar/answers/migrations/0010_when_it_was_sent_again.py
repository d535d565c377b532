"""When somebody sent again what had failed is kept: it was told from the time to take it back, which a setting changes."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def as_told_until_now(apps: Any, _schema_editor: Any) -> None:
    """What was sent later than it could be taken back was sent again."""
    undo = dt.timedelta(seconds=settings.GENSVAR_UNDO_SECONDS)
    rows = apps.get_model("answers", "Delivery").objects.filter(kind__in=["answer", "first"])
    rows.filter(send_after__gt=F("created_at") + undo).update(retried_at=F("send_after"))


class Migration(migrations.Migration):
    dependencies = [("answers", "0009_counted_by_state")]

    operations = [
        migrations.AddField("delivery", "retried_at", models.DateTimeField(null=True)),
        migrations.RunPython(as_told_until_now, migrations.RunPython.noop, elidable=True),
    ]
