"""What stood with the contact is with their parts now."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversations", "0009_where_to_reach_them")]

    operations = [
        migrations.RemoveField("contact", "phone"),
        migrations.RemoveField("contact", "postal_address"),
    ]
