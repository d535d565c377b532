"""A row of the list says that the sender of their newest word is doubted; for what came before, the words tell."""

from __future__ import annotations

from typing import Any, Final

from django.db import migrations, models

DOUBTED: Final = "doubted"
BATCH: Final = 500


def mark(apps: Any, schema_editor: Any) -> None:
    """Conversations whose newest word from a person is doubted: such a word is never without a list in `shown_typed`."""
    messages = apps.get_model("conversations", "Message").objects.filter(direction="in", kind="message")
    conversations = apps.get_model("conversations", "Conversation").objects
    doubted = {
        conversation
        for conversation, marks in messages.filter(shown_typed__isnull=False)
        .values_list("conversation", "marks")
        .iterator(BATCH)
        if DOUBTED in marks
    }
    for pk in doubted:
        newest = messages.filter(conversation=pk).order_by("-at", "-pk").values_list("marks", flat=True)[0]
        conversations.filter(pk=pk).update(doubted=DOUBTED in newest)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0010_not_with_the_contact")]

    operations = [
        migrations.AddField("conversation", "doubted", models.BooleanField(default=False)),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
