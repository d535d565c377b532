"""What the key opens that was shown to whoever typed an address in a form: their own words, and what answered those alone.

Anybody can type any address. What the address itself says, by mail or by the key that was mailed to it, and all that is said
after it, is told by that key and by mail. It is decided when a word is written (`Message.shown_typed`) and never changes: a
merge shows nobody more. Neighbours: matching finds the key, writing and outgoing write, queries reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gensvar.contract.values import Kind
from gensvar.conversations.models import Conversation, Message, Participant

REPORTS: Final = (str(Kind.BOUNCE), str(Kind.COMPLAINT))  # of machines on the way: nobody has said anything


def opened_by(message: Message, participant: Participant) -> bool:
    """Whether the key by which the participant was found opens that word, if it is for them at all."""
    return not participant.typed or participant.pk in (message.shown_typed or ())


def told_of_what_is_said_now(conversation: Conversation, participants: Sequence[Participant]) -> list[int]:
    """The ids of those with a typed key by which all came that was said to us there: it opens our next word as well.

    No query where no address was typed.
    """
    left = [one.pk for one in participants if one.typed_key is not None]
    if left:
        said = Message.objects.filter(conversation=conversation, direction=Message.Direction.IN)
        for shown in said.exclude(kind__in=REPORTS).values_list("shown_typed", flat=True):
            left = [one for one in left if one in (shown or ())]
    return left


def has_spoken_itself(conversation: Conversation, participant: Participant) -> bool:
    """Whether a word of that address came there otherwise than by the participant's typed key."""
    said = Message.objects.filter(
        conversation=conversation, contact=participant.contact_id, direction=Message.Direction.IN
    )
    return any(participant.pk not in (shown or ()) for shown in said.values_list("shown_typed", flat=True))
