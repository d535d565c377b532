"""What waits with leavers: everything of theirs that somebody must still do, and the queues that nobody else would see to.

The kinds are those of a handover (`people.handover.holding`), so that what a room registers there is counted here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from gensvar.conversations.models import Conversation
from gensvar.conversations.states import State
from gensvar.people.handover.holding import holdings
from gensvar.people.models import Function, Person


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of one kind wait; `title` is what they are called, in the reader's language."""

    kind: str
    title: str
    count: int


def waiting_with(people: Collection[Person]) -> list[Waiting]:
    """What waits with these persons, in the order of a handover; as many queries for many as for one."""
    counts: dict[tuple[str, str], int] = {}
    for holding in holdings():
        for held in holding.held_by_each(people).values():
            for one in held:
                if one.waits:
                    key = holding.kind, str(one.waits)
                    counts[key] = counts.get(key, 0) + 1
    return [Waiting(kind, title, count) for (kind, title), count in counts.items()]


def conversations_of(people: Collection[Person]) -> QuerySet[Conversation]:
    """The open conversations that lie with them, the oldest first."""
    return Conversation.objects.filter(assignee__in=people, state=State.OPEN).order_by("opened_at", "pk")


def queues_of(functions: Sequence[Function]) -> list[tuple[Function, int]]:
    """How many open conversations lie with each of these functions and with no person, where any do; one query."""
    rows = Conversation.objects.filter(function__in=functions, assignee=None, state=State.OPEN)
    counts = dict(rows.values_list("function_id").annotate(count=Count("pk")).order_by("function_id"))
    return [(one, counts[one.pk]) for one in functions if one.pk in counts]
