"""What an answer is called to each whom it reaches: by words of their own, never by another's in the same conversation.

Neighbour: services, where the writer typed no subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gensvar.conversations.models import Conversation, Message, Participant


def called(conversation: Conversation, participants: Sequence[Participant]) -> dict[int, str]:
    """By participant the subject that they wrote last, else that of the last mail that they were copied in, else the number.

    Whoever began it without a subject knows it by what it is called, since that is their first words. One query.
    """
    said = conversation.messages.filter(direction=Message.Direction.IN, kind="message").exclude(subject="")
    wrote: dict[int, str] = {}
    read: dict[str, str] = {}
    rows = said.order_by("at", "pk").values_list("contact_id", "subject", "recipients", "copied")
    for contact, subject, recipients, copied in rows:
        wrote[contact] = subject
        read |= {address.lower(): subject for address, _name in (*recipients, *copied) if address}
    began = {conversation.contact_id: conversation.subject} if conversation.subject else {}
    return {
        one.pk: wrote.get(one.contact_id)
        or began.get(one.contact_id)
        or read.get(one.address.lower())
        or conversation.number
        for one in participants
    }


def shared(called: Mapping[int, str], conversation: Conversation) -> str:
    """What it is called where one word goes to all of them: the same words, else the number."""
    subjects = set(called.values())
    return subjects.pop() if len(subjects) == 1 else conversation.number
