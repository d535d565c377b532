"""Whoever was protected before the upgrade is so in what came home from an older website under their address, too."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models.functions import Lower


def protect(apps: Any, schema_editor: Any) -> None:
    """As protecting.protect does since: the words keep that address, and the contact they belong to has none."""
    table = {
        name: apps.get_model("conversations", name).objects
        for name in ("Contact", "ContactAddress", "Conversation", "Message")
    }
    theirs = table["ContactAddress"].filter(contact__protected=True, address__contains="@")
    words = table["Message"].filter(conversation__imported=True, envelope=None, contact__addresses=None)
    said = words.annotate(said=Lower("sender_address")).filter(
        said__in=theirs.annotate(said=Lower("address")).values("said"), contact__protected=False
    )
    for pk in set(said.values_list("contact", flat=True)):
        table["Contact"].filter(pk=pk).update(protected=True)
        table["Conversation"].filter(contact=pk).update(contact_name="")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0011_doubted")]

    operations = [migrations.RunPython(protect, migrations.RunPython.noop, elidable=True)]
