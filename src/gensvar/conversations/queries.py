"""Everything that other rooms may ask of conversations; lists, threads, and what a private link shows."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Prefetch, Q, QuerySet

from gensvar.conversations.asked import waiting
from gensvar.conversations.beginnings import begun_by_residents, rests
from gensvar.conversations.changing import living
from gensvar.conversations.counts import differences
from gensvar.conversations.index import newest
from gensvar.conversations.models import Attachment, Conversation, Mention, Message, Participant
from gensvar.conversations.pages import Key, Page, page
from gensvar.conversations.queue_names import QueueName
from gensvar.conversations.queues import queue, queue_counts, version_for
from gensvar.conversations.search import search_messages
from gensvar.conversations.states import State
from gensvar.conversations.stems import stems
from gensvar.conversations.thread import Part, thread, thread_part
from gensvar.conversations.typed_keys import opened_by
from gensvar.conversations.visibility import visible_to
from gensvar.core import tokens
from gensvar.core.models import User
from gensvar.people.models import Person

__all__ = [
    "Key",
    "Opened",
    "Page",
    "Part",
    "QueueName",
    "asked",
    "begun_by_residents",
    "differences",
    "get_visible",
    "opened_to",
    "page",
    "participant_for_token",
    "queue",
    "queue_counts",
    "resident_thread",
    "rests",
    "search_messages",
    "similar_answers",
    "thread",
    "thread_part",
    "version_for",
    "visible_to",
]


class Opened(NamedTuple):
    """Of a participant's thread what one key opens; `more`: there is more, for the key that was mailed."""

    words: list[Message]
    more: bool


def get_visible(user: User, number: str) -> Conversation:
    """The conversation of that number with its function, person, contact and place; a merged one leads on.

    Raises Conversation.DoesNotExist also where it exists and the user may not see it.
    """
    found = _whole(visible_to(user)).get(number=number)
    if found.merged_into_id is None:
        return found
    return _whole(visible_to(user)).get(pk=living(found).pk)


def asked(conversation: Conversation, person: Person) -> QuerySet[Mention]:
    """The questions in this conversation's notes that wait for that person, oldest first, with their notes."""
    found = waiting().filter(message__conversation=conversation, person=person)
    return found.select_related("message").order_by("pk")


def _whole(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return found.select_related(
        "function", "assignee", "contact", "contact_point", "contact_point__function", "linked_from"
    )


def participant_for_token(token: str) -> Participant | None:
    """Whom a genuine token of a private link or reply address belongs to; None for anything else.

    It remembers by which of their keys it was found: the typed one opens less.
    """
    key = tokens.read("conversation", token)
    if key is None:
        return None
    found = (
        Participant.objects.select_related(
            "contact", "conversation__function", "conversation__contact_point__function"
        )
        .select_related("conversation__assignee", "conversation__merged_into")
        .filter(Q(key=key) | Q(typed_key=key))
        .first()
    )
    if found is None:
        return None
    found.typed = found.key != key
    if found.conversation.merged_into_id is not None:
        found.conversation = living(found.conversation)
    return found


def resident_thread(participant: Participant) -> list[Message]:
    """What a participant may see: their own words, and those of ours that were for them. Never notes, nobody else's words."""
    return opened_to(participant).words


def opened_to(participant: Participant) -> Opened:
    """What a participant may see by the key by which they were found, and whether the other one opens more."""
    conversation = living(participant.conversation)
    own = set(
        Participant.objects.filter(contact=participant.contact_id).values_list("pk", flat=True)
    )  # also the part that they had before a merge
    found = (
        Message.objects.filter(conversation=conversation)
        .exclude(direction=Message.Direction.NOTE)
        .select_related("person", "co_signer", "function")
        .prefetch_related(Prefetch("attachments", Attachment.objects.order_by("pk")))
        .order_by("at", "pk")
    )
    theirs = [message for message in found if _is_for(message, participant, own)]
    words = [message for message in theirs if opened_by(message, participant)]
    return Opened(words, more=len(words) < len(theirs))


def _is_for(message: Message, participant: Participant, own: set[int]) -> bool:
    if message.direction == Message.Direction.OUT:
        return bool(own.intersection(message.shown_to))
    return message.contact_id == participant.contact_id and message.kind == "message"


def similar_answers(conversation: Conversation, limit: int = 3) -> list[Message]:
    """Answers of ours, newest first, to conversations that share the words of this one's subject."""
    words = [word for word in stems(conversation.subject) if len(word) > 3][:3]
    own_function = [f"=f{conversation.function_id}"] if conversation.function_id is not None else []
    while words:
        ids = newest(words, (), own_function, below=None, limit=100)
        about = Message.objects.filter(pk__in=ids).exclude(conversation=conversation).values("conversation")
        answers = (
            Message.objects.filter(conversation__in=about, direction=Message.Direction.OUT)
            .exclude(conversation__state=State.SPAM)
            .exclude(conversation__contact__protected=True)  # the index knows their names
            .select_related("conversation", "person", "function")
            .order_by("-pk")[:limit]
        )
        if found := list(answers):
            return found
        words.pop()
    return []
