"""Gives each word its function, its person and its promised day, and moves what waits where nobody sits.

Neighbours: conversations says that a word came, people who is there, calendar by when; answers acknowledges what is routed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from gensvar.contract.values import Kind
from gensvar.conversations import services as conversations
from gensvar.conversations.events import MessageReceived
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.core.recurring import TimeCame, recurring
from gensvar.people import queries as people
from gensvar.people.models import Function, Person
from gensvar.routing import calendar
from gensvar.routing.events import MessageRouted

CHUNK: Final = 200  # conversations moved in one go


def route_message(fact: MessageReceived) -> None:
    """Handler: the word's conversation gets its function, perhaps a person, and a promised time."""
    message = (
        Message.objects.select_related(
            "conversation__contact_point__function", "conversation__function", "conversation__assignee"
        )
        .filter(pk=fact.message_id)
        .get()
    )
    conversation = message.conversation
    if conversation.state == State.CLOSED:
        return  # an old word brought home: it rests where it came from
    function, assignee = whose(conversation, new=fact.new)
    due_at = promised(conversation, message) if awaits_answer(conversation, message) else conversation.due_at
    conversations.place(conversation, function=function, assignee=assignee, due_at=due_at)
    emit(MessageRouted(message.pk, fact.new))


def awaits_answer(conversation: Conversation, message: Message) -> bool:
    """Whether somebody waits for our answer to that word: not machines, not spam, not old words brought home."""
    return (
        message.direction == Message.Direction.IN
        and message.kind == Kind.MESSAGE
        and message.author == Message.Author.RESIDENT
        and conversation.state != State.SPAM
        and not conversation.imported
    )


def promised(conversation: Conversation, message: Message) -> dt.datetime:
    """By when that word is answered: what was promised earlier and is still unanswered, else the place's own days from now."""
    if conversation.due_at is not None:
        return conversation.due_at
    return calendar.add_working_days(message.at, conversation.contact_point.answer_within)


def whose(conversation: Conversation, *, new: bool) -> tuple[Function | None, Person | None]:
    """Which function a conversation belongs to now, and who in it: nobody in person where it waits in the function's queue.

    A function that is not active, or that nobody holds, gives way to the one that holds it together. A person who is
    away, or holds nothing any more, gives way to the place's owner or deputy.
    """
    place = conversation.contact_point
    function = place.function if new or conversation.function is None else conversation.function
    keeps = None if new else conversation.assignee_id
    standing = _standing(function, keeps)
    if not function.active or not any(one.holds for one in standing.values()):
        stands_in = people.coordinating_function()
        if stands_in is not None and stands_in != function:
            function, standing = stands_in, _standing(stands_in, keeps)
    if keeps is not None and keeps in standing and standing[keeps].there:
        return function, conversation.assignee
    if function == place.function and (new or keeps is not None):
        for candidate in (place.owner_id, place.deputy_id):
            if candidate in standing and standing[candidate].holds and standing[candidate].there:
                return function, Person.objects.get(pk=candidate or 0)
    return function, None


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a person stands to a function today."""

    holds: bool
    there: bool


def _standing(function: Function, also: int | None) -> dict[int | None, _Standing]:
    """Everybody who holds that function today, and one more person, by id; one query."""
    holders = people.holders_of(function)
    found = (
        Person.objects.filter(Q(pk__in=holders.values("pk")) | Q(pk__in=[also] if also is not None else []))
        .annotate(holds=Q(pk__in=holders.values("pk")), there=Q(pk__in=people.on_duty().values("pk")))
        .values_list("pk", "holds", "there")
    )
    return {pk: _Standing(holds, there) for pk, holds, there in found}


@recurring
def wake_snoozed(fact: TimeCame) -> dt.datetime:
    """Recurring: what was laid aside until now is in the queues again."""
    conversations.wake_snoozed(clock.now())
    return fact.next_time()


@recurring
def reroute_unattended(fact: TimeCame) -> dt.datetime:
    """Recurring: what waits at somebody who is away or has left, or in a function that nobody holds, moves on."""
    waiting = list(unattended().values_list("pk", flat=True))
    for start in range(0, len(waiting), CHUNK):
        reroute(waiting[start : start + CHUNK])
    return fact.next_time()


def unattended() -> QuerySet[Conversation]:
    """Open conversations that nobody who is there will see as theirs."""
    held = people.tenures_on().values("function")
    return Conversation.objects.filter(state=State.OPEN, merged_into__isnull=True).filter(
        (Q(assignee__isnull=False) & ~Q(assignee__in=people.on_duty()))
        | (Q(function__isnull=False) & (Q(function__active=False) | ~Q(function__in=held)))
        | Q(function__isnull=True)
    )


@transaction.atomic
def reroute(ids: list[int]) -> int:
    """Find a new place for these conversations; gives how many moved."""
    found = (
        Conversation.objects.filter(pk__in=ids)
        .select_related("contact_point__function", "function", "assignee")
        .order_by("pk")
    )
    moved = 0
    for conversation in found:
        function, assignee = whose(conversation, new=False)
        moved += conversations.place(
            conversation, function=function, assignee=assignee, due_at=conversation.due_at
        )
    return moved
