"""What routing must know of a word that came, in one statement. Neighbour: services decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from gensvar.contract.values import Kind
from gensvar.conversations.models import Message
from gensvar.conversations.states import State
from gensvar.core import statements
from gensvar.intake.models import Envelope


@dataclass(frozen=True, slots=True)
class Lying:
    """A conversation, where it lies, and the place that it came to."""

    conversation_id: int
    state: str
    function_id: int | None
    function_active: bool
    assignee_id: int | None
    due_at: dt.datetime | None
    place_function_id: int
    place_function_active: bool
    owner_id: int | None
    deputy_id: int | None
    answer_within: int

    @property
    def untouched(self) -> bool:
        """Whether it still lies where it came: nobody has passed it on, and nobody has taken it."""
        return self.assignee_id is None and self.function_id in {None, self.place_function_id}


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and where its conversation lies."""

    lying: Lying
    direction: str
    kind: str
    author: str
    at: dt.datetime
    brought_home: bool  # from an old mailbox, whatever its conversation began with

    def is_our_turn(self, *, new: bool) -> bool:
        """Whether we have something to do with it: not with spam, nor with old words brought home, nor where it was
        answered before it was routed.

        Nobody waits for an answer to a machine. But what one began (`new`) lies open until somebody has looked at it.
        """
        if self.direction != Message.Direction.IN or self.lying.state != State.OPEN or self.brought_home:
            return False
        return new or (self.kind == Kind.MESSAGE and self.author == Message.Author.RESIDENT)


_LYING: Final = (
    "c.id, c.state, c.function_id, f.active, c.assignee_id, c.due_at,"
    " p.function_id, pf.active, p.owner_id, p.deputy_id, p.answer_within"
)
_FROM: Final = (
    "conversations_conversation c JOIN contactpoints_contactpoint p ON p.id = c.contact_point_id"
    " JOIN people_function pf ON pf.id = p.function_id LEFT JOIN people_function f ON f.id = c.function_id"
)
_WORD: Final = (
    f"SELECT {_LYING}, m.direction, m.kind, m.author, m.at, e.source FROM {_FROM}"
    " JOIN conversations_message m ON m.conversation_id = c.id"
    " LEFT JOIN intake_envelope e ON e.id = m.envelope_id WHERE m.id = %s"
)


def word(message_id: int) -> Word:
    """That word. Raises LookupError where there is none."""
    with statements.cursor() as cursor:
        cursor.execute(_WORD, [message_id])
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"There is no message {message_id}.")
    *_where, direction, kind, author, at, source = row
    return Word(_lying(row), direction, kind, author, statements.moment(at), source == Envelope.Source.IMPORT)


def lying(ids: list[int]) -> list[Lying]:
    """These conversations, in the order of their ids."""
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    with statements.cursor() as cursor:
        cursor.execute(f"SELECT {_LYING} FROM {_FROM} WHERE c.id IN ({marks}) ORDER BY c.id", ids)
        return [_lying(row) for row in cursor.fetchall()]


def _lying(row: Any) -> Lying:
    due_at = statements.moment(row[5])
    conversation, state, function, active, assignee, _due, place, place_active, owner, deputy, within = row[
        :11
    ]
    return Lying(
        conversation,
        state,
        function,
        bool(active),
        assignee,
        due_at,
        place,
        bool(place_active),
        owner,
        deputy,
        within,
    )
