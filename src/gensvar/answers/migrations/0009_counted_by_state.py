"""Deliveries are counted and listed by their state without a look at their bytes, which lie in the same rows."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("answers", "0008_one_first_word")]

    operations = [
        migrations.AddIndex(
            "Delivery", models.Index(fields=["state", "-created_at", "-id"], name="delivery_states")
        ),
        migrations.RemoveIndex("Delivery", "delivery_unsettled"),
        migrations.RemoveIndex("Delivery", "delivery_failed"),
    ]
