"""Where somebody wants to be phoned or written to is told for a conversation: by whom is known there alone.

The first that was ever told under an address stood with the contact, whoever typed it, and a newer one was lost. It goes to
those parts in whose conversations it would be used, and to the oldest one, where it most likely was told.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import migrations, models

BATCH: Final = 500


def move(apps: Any, schema_editor: Any) -> None:
    """From the contact to their parts."""
    participants = apps.get_model("conversations", "Participant").objects
    contacts = apps.get_model("conversations", "Contact").objects.exclude(phone="", postal_address="")
    for contact in contacts.order_by("pk").iterator(BATCH):
        parts = participants.filter(contact=contact, author=True)
        first = parts.order_by("pk").values_list("pk", flat=True).first()
        for name, wish in (("phone", "phone"), ("postal_address", "letter")):
            told = getattr(contact, name)
            if told:
                parts.filter(models.Q(answer_by=wish) | models.Q(pk=first)).update(**{name: told})


class Migration(migrations.Migration):
    dependencies = [("conversations", "0008_keys_apart")]

    operations = [
        migrations.AddField("participant", "phone", models.CharField(blank=True, max_length=60, default=""), False),
        migrations.AddField("participant", "postal_address", models.TextField(blank=True, default=""), False),
        migrations.RunPython(move, migrations.RunPython.noop, elidable=True),
    ]
