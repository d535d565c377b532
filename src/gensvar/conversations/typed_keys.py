"""What the key opens that was shown to whoever typed an address in a form: their own words, and what answered those alone.

Anybody can type any address. What the address itself says, by mail or by the key that was mailed to it, and all that is said
after it, is told by that key and by mail. It is decided when a word is written (`Message.shown_typed`) and never changes: a
merge shows nobody more. Neighbours: matching finds the key, writing and outgoing write, queries reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from gensvar.contract.values import Kind
from gensvar.conversations.models import Conversation, Message, Participant

ITSELF: Final = Q(shown_typed__isnull=True)  # neither by a typed key nor doubted by our mail server
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
    """Whether a word of that address came there by no typed key, and is not doubted by our mail server."""
    said = Message.objects.filter(
        conversation=conversation, contact=participant.contact_id, direction=Message.Direction.IN
    )
    return said.filter(ITSELF).exists()


def with_writing(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """These, each knowing in `wrote_itself` whether what somebody wrote there came from the address itself. No query more."""
    place = Coalesce(OuterRef("conversation__merged_into"), OuterRef("conversation"))
    said = Message.objects.filter(
        ITSELF, conversation=place, contact=OuterRef("contact"), direction=Message.Direction.IN
    )
    return participants.annotate(wrote_itself=Exists(said.filter(kind=str(Kind.MESSAGE))))


def is_only_typed(participant: Participant) -> bool:
    """Whether the address of one of `with_writing` is no more than a claim: typed in a form, and silent since."""
    claimed = participant.typed_key is not None and participant.address != ""
    return claimed and not participant.wrote_itself  # type: ignore[attr-defined]
