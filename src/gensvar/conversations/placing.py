"""Routing's own write: function, person and promised time of a conversation, in as few statements as it takes.

Neighbours: moves offers it to those who have objects; routing calls it for every word that comes.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from gensvar.conversations import counts, index
from gensvar.conversations.turns import turn
from gensvar.core import statements

_READ: Final = (
    "SELECT function_id, assignee_id, due_at, state, snoozed_until IS NOT NULL, delivery_failed,"
    " merged_into_id IS NOT NULL, channel, message_count FROM conversations_conversation WHERE id = %s"
)
_WRITE: Final = (
    "UPDATE conversations_conversation SET function_id = %s, assignee_id = %s, due_at = %s WHERE id = %s"
)
_ASKED: Final = (
    "SELECT n.person_id FROM conversations_mention n JOIN conversations_message m ON m.id = n.message_id"
    " WHERE m.conversation_id = %s"
)


def place_ids(
    conversation_id: int, *, function_id: int | None, assignee_id: int | None, due_at: dt.datetime | None
) -> bool:
    """Set the three, count, and tell the index who may see it; says whether anything changed."""
    with turn(), connection.cursor() as cursor:
        cursor.execute(_READ, [conversation_id])
        function, assignee, due, state, snoozed, failed, merged, channel, messages = cursor.fetchone()
        same_place = (function, assignee) == (function_id, assignee_id)
        if same_place and statements.moment(due) == due_at:
            return False
        cursor.execute(
            _WRITE,
            [function_id, assignee_id, connection.ops.adapt_datetimefield_value(due_at), conversation_id],
        )
        more = (bool(snoozed), bool(failed), bool(merged))
        counts.moved(
            counts.Standing(state, function, assignee is not None, *more),
            counts.Standing(state, function_id, assignee_id is not None, *more),
        )
        if not same_place:
            persons = {assignee_id} if assignee_id is not None else set()
            if messages > 1:  # one message alone is no note, and has asked nobody
                cursor.execute(_ASKED, [conversation_id])
                persons |= {row[0] for row in cursor.fetchall()}
            index.mark_anew(conversation_id, index.marks_of(function_id, persons, channel))
    return True
