"""Keeps a word that was said in public elsewhere, long ago: read, closed, found by search, answered to nobody.

Neighbour: publishing brings the comments of an old blog home by it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import cleaning, counts
from gensvar.conversations.changing import put_in_index
from gensvar.conversations.counts import Standing
from gensvar.conversations.models import Contact, Conversation, Message, Participant
from gensvar.conversations.numbering import next_number
from gensvar.conversations.states import State
from gensvar.conversations.stems import indexed
from gensvar.conversations.turns import turn
from gensvar.conversations.writers import contact_at
from gensvar.people.models import Function

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class OldSaying:
    """What was said. `address` is what the writer gave as theirs: nobody has confirmed it, and nothing is sent there."""

    subject: str
    name: str
    address: str
    text: str
    at: dt.datetime  # aware
    language: str = ""
    spam: bool = False
    protected: bool = False  # somebody with a protected identity has that address


def bring_home(
    said: OldSaying, place: ContactPoint, function: Function, *, contact_id: int | None = None
) -> Message:
    """A closed conversation of its own with that one word, by a new contact or the one that is known already.

    Its participant has no address, so that nothing can be mailed; the address stays with the word, for staff. Where it is a
    protected identity's, so is this contact's: it is not joined to theirs, since nobody has shown that the word is.
    """
    name = cleaning.line(said.name, LONGEST_NAME)
    text = cleaning.text(said.text)
    with turn():
        contact = contact_id or _new_contact(said, name)
        conversation = Conversation.objects.create(
            number=next_number(),
            subject=cleaning.subject_line(said.subject),
            channel=place.channel,
            contact_point=place,
            function=function,
            contact_id=contact,
            contact_name="" if said.protected else name,
            state=State.SPAM if said.spam else State.CLOSED,
            language=said.language,
            opened_at=said.at,
            last_at=said.at,
            closed_at=None if said.spam else said.at,
            imported=True,
            preview=cleaning.preview_of(text),
            message_count=1,
            unread=False,
        )
        Participant.objects.create(
            conversation=conversation, contact_id=contact, channel=place.channel, show_name=True
        )
        message = Message.objects.create(
            conversation=conversation,
            direction=Message.Direction.IN,
            author=Message.Author.RESIDENT,
            channel=place.channel,
            contact_id=contact,
            at=said.at,
            sent_at=said.at,
            sender_address=cleaning.line(said.address, 320),
            sender_name=name,
            subject=conversation.subject,
            text=text,
            language=said.language,
            may_publish=None if said.spam else True,
        )
        put_in_index(message, conversation, indexed(message.subject, text, name))
        counts.moved(None, Standing.of(conversation))
    return message


def _new_contact(said: OldSaying, name: str) -> int:
    made = contact_at("", "", name=name, language=said.language, now=said.at).id
    if said.protected:
        Contact.objects.filter(pk=made).update(protected=True)
    return made
