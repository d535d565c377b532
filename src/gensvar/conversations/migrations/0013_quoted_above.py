"""A word keeps where it stood beside what it quotes; of what came before, all of that is given out below it as until now."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0012_protected_long_ago")]

    operations = [
        migrations.AddField("message", "quoted_above", models.PositiveIntegerField(default=0, db_default=0)),
    ]
