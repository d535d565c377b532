"""What must hold before anything of a draft goes out: it is the writer's own, says something, and the writer speaks for it.

Neighbours: services and forwarding ask here first, inside their transactions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gensvar.answers.errors import (
    AlreadySent,
    ChangedElsewhere,
    IsSpam,
    NothingWritten,
    NotYours,
    SomethingNew,
)
from gensvar.answers.models import Draft
from gensvar.conversations import cleaning
from gensvar.conversations import queries as conversation_queries
from gensvar.conversations.changing import OF_PERSONS
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.conversations.states import State
from gensvar.conversations.turns import take_turn
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people import queries as people
from gensvar.people.models import Function, Person

SHOWN: Final = 20  # new words that are told at once


@dataclass(frozen=True, slots=True)
class Screen:
    """What the writer had before them when they pressed the button; None where their page did not say.

    `newest`: the id of the newest message. `read`: how many words of persons stood there. `to`: the ids of those to whom an
    answer goes. The last two change where another conversation became part of this one: what came with it is older.
    """

    newest: int | None = None
    read: int | None = None
    to: frozenset[int] | None = None

    def require_shown(
        self, conversation: Conversation, writer: Person, to: Sequence[Participant] = ()
    ) -> None:
        """Raise SomethingNew where somebody else said something, or would be answered, that the screen did not show.

        In the transaction that sends, after the turn.
        """
        here = Message.objects.filter(conversation=conversation)
        if self.newest is not None:
            newer = here.filter(pk__gt=self.newest).exclude(person=writer)
            if found := list(newer.select_related("person", "contact").order_by("pk")[:SHOWN]):
                raise SomethingNew(found)
        if self.read is not None and here.filter(OF_PERSONS).count() > self.read:
            raise SomethingNew
        if self.to is not None and not self.to.issuperset(one.pk for one in to):
            raise SomethingNew


def own_draft(draft: Draft, by: User, permission: May, *, may_be_empty: bool = False) -> Draft:
    """The draft as it is now, locked until the transaction ends.

    Raises NotAllowed, AlreadySent, NothingWritten, and ChangedElsewhere where it says something else by now.
    """
    require(by, permission)
    found = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("person", "function", "contact_point")
        .filter(pk=draft.pk)
        .first()
    )
    if found is None:
        raise AlreadySent
    if found.person.user_id != by.pk:
        raise NotAllowed("A draft is sent by the person who wrote it.")
    if found.text != draft.text or found.recipient != draft.recipient or found.subject != draft.subject:
        raise ChangedElsewhere(found)  # never other words than those that the caller saw
    if not may_be_empty and not found.text.strip() and not found.files.exists():
        raise NothingWritten
    return found


def said_already(draft: Draft, seen_message_id: int | None) -> bool:
    """Whether its writer said just this in the conversation after the newest message that their screen showed.

    So it is with a second click, and with the page that the browser's back button shows once more.
    """
    if seen_message_id is None:
        return False
    note = draft.kind == Draft.Kind.NOTE
    later = Message.objects.filter(
        conversation=draft.conversation_id,
        person=draft.person_id,
        pk__gt=seen_message_id,
        direction=Message.Direction.NOTE if note else Message.Direction.OUT,
    )
    files = set(draft.files.values_list("sha256", flat=True))
    return any(
        _plain(message.text) == _plain(draft.text)
        and (note or message.marks == [draft.kind])
        and (draft.kind != Draft.Kind.FORWARD or _is_to(message, draft.recipient))
        and files <= set(message.attachments.values_list("sha256", flat=True))
        for message in later
    )


def _plain(text: str) -> str:
    """The words as a message keeps them, whatever the browser made of its line ends."""
    return cleaning.text(text.replace("\r\n", "\n")).strip()


def _is_to(message: Message, recipient: str) -> bool:
    return recipient.strip().casefold() in {address.casefold() for address, _name in message.recipients}


def may_speak_for(person: Person) -> list[Function]:
    """The functions in whose name that person may send today, by name."""
    return list(people.held_by(person))


def speaking_function(draft: Draft, conversation: Conversation | None) -> Function:
    """The function that the draft goes out from: the chosen one, else the conversation's, else the person's only one.

    Raises NotYours where the person does not hold it today.
    """
    held = may_speak_for(draft.person)
    wanted = draft.function
    if wanted is None and conversation is not None and conversation.function in held:
        wanted = conversation.function
    if wanted is None:
        wanted = held[0] if held else None
    if wanted is None or wanted not in held:
        raise NotYours(wanted or (conversation.function if conversation is not None else None) or "—")
    return wanted


def locked_conversation(draft: Draft, by: User) -> Conversation:
    """The draft's conversation as it is now, kept so until the transaction ends. Raises NotAllowed, IsSpam."""
    if draft.conversation_id is None:
        raise AlreadySent
    take_turn()  # nobody else writes conversations until this transaction ends
    if not conversation_queries.visible_to(by).filter(pk=draft.conversation_id).exists():
        raise NotAllowed("This conversation is not open to you.")
    found = Conversation.objects.select_related("contact_point__function", "function", "contact").get(
        pk=draft.conversation_id
    )
    if found.state == State.SPAM:
        raise IsSpam
    return found
