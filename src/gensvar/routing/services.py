"""Gives each word its function, its person and its promised day, and moves what waits where nobody sits.

Neighbours: conversations says that a word came, people who is there, calendar by when; answers acknowledges what is routed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from gensvar.conversations import services as conversations
from gensvar.conversations.events import MessageReceived, OurTurnAgain
from gensvar.conversations.models import Conversation
from gensvar.conversations.queries import rests
from gensvar.conversations.states import State
from gensvar.conversations.turns import take_turn, turn
from gensvar.core import clock
from gensvar.core.events import Again, alone, emit
from gensvar.core.recurring import TimeCame, recurring
from gensvar.core.roles import May
from gensvar.people import queries as people
from gensvar.people.events import PresenceChanged
from gensvar.people.standing import Standing, standing
from gensvar.routing import arrivals, calendar, ways
from gensvar.routing.arrivals import Lying, Word
from gensvar.routing.events import MessageRouted

CHUNK: Final = 100  # conversations moved in one transaction: nobody else writes in that second


def route_message(fact: MessageReceived) -> None:
    """Handler: the word's conversation gets its function, perhaps a person, and a promised time."""
    take_turn()
    word = arrivals.word(fact.message_id)
    if word.lying.state == State.CLOSED:
        return  # an old word brought home: it rests where it came from
    new = fact.new and word.lying.untouched
    function, assignee = whose(word.lying, new=new)
    due_at = promised(word) if word.is_our_turn(new=fact.new) else word.lying.due_at
    conversations.place_ids(
        word.lying.conversation_id, function_id=function, assignee_id=assignee, due_at=due_at
    )
    ways.tell(word.lying, function, assignee, new=new)
    emit(MessageRouted(fact.message_id, fact.new))


def promised(word: Word) -> dt.datetime:
    """By when that word is answered, or a machine's is seen to.

    It is what was promised earlier and is still unanswered, else the place's own days from now.
    """
    return word.lying.due_at or calendar.add_working_days(word.at, word.lying.answer_within)


def promise_again(fact: OurTurnAgain) -> None:
    """Handler: what staff opened again is promised once more, so that it can be late; old words brought home wait for nobody."""
    take_turn()
    for lying in arrivals.lying([fact.conversation_id]):
        if lying.state == State.OPEN and lying.due_at is None and not rests(lying.conversation_id):
            due_at = calendar.add_working_days(dt.datetime.fromisoformat(fact.since), lying.answer_within)
            conversations.place_ids(
                lying.conversation_id,
                function_id=lying.function_id,
                assignee_id=lying.assignee_id,
                due_at=due_at,
            )


def whose(lying: Lying, *, new: bool) -> tuple[int, int | None]:
    """Which function a conversation belongs to now, and who in it: nobody in person where it waits in the function's queue.

    A function that is not active, that nobody holds, or in which nobody is there who could answer, gives way to the one
    that holds it together; but not while somebody who could has the conversation, nor where that one is empty as well. A
    person who is away, holds nothing any more, or has lost log-in or role, gives way to the place's owner or deputy.
    """
    if new or lying.function_id is None:
        function, active = lying.place_function_id, lying.place_function_active
    else:
        function, active = lying.function_id, lying.function_active
    keeps = None if new else lying.assignee_id
    found = standing(function, keeps)
    held = active and any(one.holds for one in found.values())
    at_it = keeps is not None and keeps in found and found[keeps].there
    if not held or not (at_it or _somebody_there(found)):
        stands_in = people.coordinating_function()
        if stands_in is not None and stands_in.pk != function:
            there = standing(stands_in.pk, keeps)
            if not held or _somebody_there(there):
                function, found = stands_in.pk, there
    if keeps is not None and keeps in found and found[keeps].there:
        return function, keeps
    if function == lying.place_function_id and (new or keeps is not None):
        for candidate in (lying.owner_id, lying.deputy_id):
            if candidate in found and found[candidate].holds and found[candidate].there:
                return function, candidate
    return function, None


def _somebody_there(found: Mapping[int, Standing]) -> bool:
    return any(one.holds and one.there for one in found.values())


@recurring
def wake_snoozed(fact: TimeCame) -> dt.datetime:
    """Recurring: what was laid aside until now is in the queues again."""
    conversations.wake_snoozed(clock.now())
    return fact.next_time()


@alone
@recurring
def reroute_unattended(fact: TimeCame) -> dt.datetime:
    """Recurring: what waits at somebody who is away or has left, or in a function where nobody could answer, moves on."""
    return clock.now() if move_on() == CHUNK else fact.next_time()


@alone
def reroute_at_once(fact: PresenceChanged) -> Again:
    """Handler: the same, as soon as somebody is away, has left or may not answer. Nothing jumps back to whoever returns."""
    return clock.now() if move_on() == CHUNK else None


def move_on() -> int:
    """Find a new place for some of what nobody sees; gives how many conversations moved: fewer than CHUNK were all."""
    with turn():
        return reroute(list(unattended().values_list("pk", flat=True)[:CHUNK]))


def unattended() -> QuerySet[Conversation]:
    """Open conversations that nobody who could answer will see as theirs, and that could lie better: `reroute` moves each."""
    held = people.tenures_on().values("function")
    attended = people.attended_functions()
    stands_in = people.coordinating_function()
    lost = Q(function__isnull=True)
    if stands_in is not None:
        lost |= (Q(function__active=False) | ~Q(function__in=held)) & ~Q(function=stands_in)
        if attended.filter(pk=stands_in.pk).exists():
            lost |= Q(assignee__isnull=True) & ~Q(function__in=attended)
    return Conversation.objects.filter(state=State.OPEN, merged_into__isnull=True).filter(
        (Q(assignee__isnull=False) & ~Q(assignee__in=people.on_duty_who_may(May.ANSWER))) | lost
    )


@transaction.atomic
def reroute(ids: list[int]) -> int:
    """Find a new place for these conversations; gives how many moved."""
    take_turn()
    moved = 0
    for lying in arrivals.lying(ids):
        function, assignee = whose(lying, new=False)
        if conversations.place_ids(
            lying.conversation_id, function_id=function, assignee_id=assignee, due_at=lying.due_at
        ):
            ways.tell(lying, function, assignee, new=False)
            moved += 1
    return moved
