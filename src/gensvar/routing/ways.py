"""Writes into a conversation's own history that routing moved it by itself, and why; and reads it again.

The history is the audit log: ids, days and a reason of a closed set. Neighbours: services moves; the desk says it in words.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Final

from django.db.models import Max

from gensvar.conversations.models import Conversation
from gensvar.core import audit
from gensvar.core.models import AuditEntry
from gensvar.core.roles import May
from gensvar.people import queries as people
from gensvar.people.models import Function, Person
from gensvar.routing.arrivals import Lying

ACTION: Final = "conversation.reroute"
SHOWN: Final = 5  # moves that are read again, newest first


class Why(enum.StrEnum):
    """Why a word did not stay where it was, or did not go where it used to."""

    AWAY = "away"  # the person is away until a day
    LEFT = "left"  # the person has left, or holds that function no more
    UNABLE = "unable"  # the person holds a function, without a log-in that may be used or a role that answers
    EMPTY = "empty"  # nobody of the function is there who could answer


@dataclass(frozen=True, slots=True)
class Step:
    """One move by itself. `whose` had it before; `person` has it now (None: everybody in `function`)."""

    at: dt.datetime
    why: Why
    whose: Person | None
    until: dt.date | None
    was_in: Function | None
    function: Function | None
    person: Person | None


def tell(lying: Lying, function_id: int, person_id: int | None, *, new: bool) -> None:
    """Note that it went there, where that is not where it lay, or where a new word's owner would have got it."""
    was_in = lying.place_function_id if new or lying.function_id is None else lying.function_id
    whose = lying.owner_id if new else lying.assignee_id
    if (was_in, whose) == (function_id, person_id) or (whose is None and was_in == function_id):
        return
    why, until = _why(whose)
    audit.note(
        None,
        ACTION,
        Conversation(pk=lying.conversation_id),
        why=why.value,
        until=until.isoformat() if until else None,
        whose=whose,
        was_in=was_in,
        function=function_id,
        person=person_id,
    )


def _why(whose: int | None) -> tuple[Why, dt.date | None]:
    if whose is None:
        return Why.EMPTY, None
    until = people.away_today().filter(person=whose).aggregate(last=Max("ends"))["last"]
    if until:
        return Why.AWAY, until
    holds = people.tenures_on().filter(person=whose).exists()
    could = people.on_duty_who_may(May.ANSWER).filter(pk=whose).exists()
    return (Why.UNABLE if holds and not could else Why.LEFT), None


def steps(conversation: Conversation) -> list[Step]:
    """The newest moves, newest first; one query, and two more where there are any."""
    rows = list(
        AuditEntry.objects.filter(
            target_type=conversation._meta.label_lower, target_id=str(conversation.pk), action=ACTION
        ).order_by("-pk")[:SHOWN]
    )
    if not rows:
        return []
    said = [row.details for row in rows]
    persons = Person.objects.in_bulk({one[name] for one in said for name in ("whose", "person") if one[name]})
    functions = Function.objects.in_bulk(
        {one[name] for one in said for name in ("was_in", "function") if one[name]}
    )
    return [
        Step(
            at=row.at,
            why=Why(row.details["why"]),
            whose=persons.get(row.details["whose"]),
            until=dt.date.fromisoformat(row.details["until"]) if row.details["until"] else None,
            was_in=functions.get(row.details["was_in"]),
            function=functions.get(row.details["function"]),
            person=persons.get(row.details["person"]),
        )
        for row in rows
    ]
