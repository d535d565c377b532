"""What a receipt must know of the word that it acknowledges, in one statement: it is asked for every word that comes.

Neighbour: receipts decides and writes.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.values import AnswerBy, Kind
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.conversations.states import State
from gensvar.core import statements
from gensvar.people.models import Function

NEVER: Final = frozenset({"list", "automatic", "own-address"})  # marks of what machines sent, or we ourselves


@dataclass(frozen=True, slots=True)
class FirstWord:
    """A word that opened a conversation, with as much of its surroundings as a receipt speaks of.

    The objects hold only what was read; they are never saved.
    """

    message_id: int
    text: str
    language: str
    conversation: Conversation
    participant: Participant
    due_at: dt.datetime | None


_SQL: Final = """
SELECT m.text, m.language, m.marks, c.id, c.number, c.language, c.due_at, f.id, f.name, f.name_en,
  p.id, p.channel, p.address, p.state, t.id, t.channel, t.address, t.key, t.answer_by, t.contact_id
FROM conversations_message m
JOIN conversations_conversation c ON c.id = m.conversation_id
JOIN contactpoints_contactpoint p ON p.id = c.contact_point_id
JOIN conversations_participant t ON t.conversation_id = c.id AND t.contact_id = m.contact_id
LEFT JOIN people_function f ON f.id = c.function_id
WHERE m.id = %s AND m.kind = %s AND m.direction = %s AND m.author = %s AND c.state <> %s AND NOT c.imported
  AND p.acknowledges AND t.author AND t.answer_by <> %s AND t.address <> ''
"""


def awaiting_receipt(message_id: int) -> FirstWord | None:
    """That word, if a person wrote it just now, at a place that acknowledges, with an address that may be told."""
    asked = (Kind.MESSAGE, Message.Direction.IN, Message.Author.RESIDENT, State.SPAM, AnswerBy.HERE)
    values: list[Any] = [message_id, *map(str, asked)]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        row = cursor.fetchone()
    if row is None or not NEVER.isdisjoint(_list(row[2])):
        return None
    due_at = statements.moment(row[6])
    place = ContactPoint(pk=row[10], channel=row[11], address=row[12], state=row[13])
    function = Function(pk=row[7], name=row[8], name_en=row[9]) if row[7] is not None else None
    conversation = Conversation(
        pk=row[3], number=row[4], language=row[5], due_at=due_at, function=function, contact_point=place
    )
    participant = Participant(
        pk=row[14], channel=row[15], address=row[16], key=row[17], answer_by=row[18], contact_id=row[19]
    )
    return FirstWord(message_id, row[0], row[1], conversation, participant, due_at)


def _list(value: Any) -> list[str]:
    """A JSON list as a cursor gives it: text on SQLite and PostgreSQL alike, or already read."""
    return list(json.loads(value) if isinstance(value, str) else value)
