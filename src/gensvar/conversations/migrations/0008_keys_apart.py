"""The private links of addresses that were typed in a form: shown on a page and mailed, they were one key. Now they are two.

Nobody can tell who has the old key, so it becomes the one that was shown, and a new one is mailed from now on. The old one
opens what is sure to have come from whoever typed, and what was said to that alone. Words at the link may have come from the
owner of the address, by the mailed link: only where nothing was mailed, since the writer wished it so, are they whoever
typed's. For the rest the page offers to mail the new link.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from django.db import migrations
from django.db.models import Exists, OuterRef, Q

from gensvar.contract.channel import arriving
from gensvar.contract.values import Arrival
from gensvar.core.tokens import new_key

BATCH: Final = 500


def part(apps: Any, schema_editor: Any) -> None:
    """As it would be had there been two keys from the beginning, but that what is uncertain stays with the address."""
    participants = apps.get_model("conversations", "Participant").objects
    messages = apps.get_model("conversations", "Message").objects
    forms = arriving(Arrival.FORM)
    here = Q(conversation=OuterRef("conversation")) | Q(conversation=OuterRef("conversation__merged_into"))
    typed = messages.filter(
        here, direction="in", channel__in=forms, contact=OuterRef("contact")
    ).exclude(sender_address="")
    last = 0
    while True:
        found = participants.filter(Exists(typed), pk__gt=last, typed_key=None).exclude(address="")
        rows = list(found.order_by("pk")[:BATCH])
        if not rows:
            return
        last = rows[-1].pk
        for one in rows:
            one.typed_key, one.key = one.key, new_key()
        participants.bulk_update(rows, ["typed_key", "key"])
        opened = _opened(rows, messages, participants, forms)
        messages.bulk_update(opened, ["shown_typed"], batch_size=BATCH)


def _opened(rows: Any, messages: Any, participants: Any, forms: Any) -> list[Any]:
    """The words in the conversations of these participants that the old key of any of them goes on opening."""
    here = {one.conversation_id for one in rows}
    also = participants.filter(conversation__merged_into__in=here)
    merged = set(also.values_list("conversation__merged_into", "contact"))
    said = defaultdict(list)
    columns = ("conversation_id", "contact_id", "direction", "kind", "channel", "sender_address", "shown_to")
    for message in messages.filter(conversation__in=here).only(*columns).order_by("pk"):
        message.shown_typed = None
        said[message.conversation_id].append(message)
    for one in rows:
        if (one.conversation_id, one.contact_id) not in merged:  # else nobody can tell who typed which
            _open(one, said[one.conversation_id], forms)
    return [one for words in said.values() for one in words if one.shown_typed]


def _open(participant: Any, words: list[Any], forms: Any) -> None:
    nothing_mailed, alone = participant.answer_by == "here", True
    for word in words:
        if word.direction == "out":
            opens = alone and participant.pk in word.shown_to
        else:
            opens = (
                word.direction == "in"
                and word.channel in forms
                and word.contact_id == participant.contact_id
                and (word.sender_address != "" or nothing_mailed)
            )
            alone = alone and (opens or word.direction == "note" or word.kind in {"bounce", "complaint"})
        if opens:
            word.shown_typed = [*(word.shown_typed or ()), participant.pk]


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_typed_keys")]

    operations = [migrations.RunPython(part, migrations.RunPython.noop, elidable=True)]
