"""Questions in notes whose colleague has written in the conversation since are seen to: nobody begins with old ones."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef
from django.utils import timezone


def see_to(apps: Any, schema_editor: Any) -> None:
    """As `conversations.asked.seen_to` does from now on, at every word of theirs."""
    mentions = apps.get_model("conversations", "Mention").objects
    later = apps.get_model("conversations", "Message").objects.filter(
        conversation=OuterRef("message__conversation"), person=OuterRef("person"), pk__gt=OuterRef("message")
    )
    answered = mentions.filter(Exists(later), seen_at=None)
    mentions.filter(pk__in=answered.values("pk")).update(seen_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_co_signer")]

    operations = [migrations.RunPython(see_to, migrations.RunPython.noop, elidable=True)]
