"""Since when a conversation is answered: our first answer in it that has left us, may still leave, or stands in public.

Whatever moved it asks here: a failure, a word taken back, a merge, what is shown or hidden. What became of an answer only
rooms below know: the table TOLD of config/flow.py. Neighbours: moves, taking_back, joining; outgoing writes the first one.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Mapping, Sequence

from gensvar.contract.values import Kind
from gensvar.conversations.forwards import ours
from gensvar.conversations.models import Conversation, Message
from gensvar.core import handed

Told = Callable[[Collection[int]], Mapping[int, dt.datetime | None]]
"""Given answers: those that the room knows of, with the time since when they count; None for one that never left us."""


def answered_since(conversation: Conversation) -> dt.datetime | None:
    """When the first of them was given; None where there is none. An answer of which no room knows counts as written.

    What was answered before the conversation began, and came there by a merge, answered another one.
    """
    written = dict(
        Message.objects.filter(
            ours(), conversation=conversation, kind=Kind.MESSAGE, at__gte=conversation.opened_at
        ).values_list("pk", "at")
    )
    told = [known for tell in _table() for known in tell(written).items()] if written else []
    never = written.keys() - {pk for pk, _ in told}
    return min([at for _, at in told if at is not None] + [written[pk] for pk in never], default=None)


@functools.cache
def _table() -> Sequence[Told]:
    table: Sequence[Told] = handed.table("GENSVAR_FLOW", "TOLD", ())
    return table
