"""What one of us says to those who take part, told from what goes to somebody outside: both stand in the thread as ours.

Neighbours: outgoing writes the mark of a forward; whoever lists, counts or publishes our answers asks here.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from gensvar.conversations.models import Message

FORWARD: Final = "forward"  # in `Message.marks`, and there alone


def forwarded(message: str = "") -> Q:
    """What one of us wrote beside a conversation that went outside. `message` is the path to it ("message__")."""
    return Q((f"{message}marks", [FORWARD]))


def ours(message: str = "") -> Q:
    """What one of us said to those who take part; the same path."""
    said = Q((f"{message}direction", Message.Direction.OUT), (f"{message}author", Message.Author.STAFF))
    return said & ~forwarded(message)


def is_ours(message: Message) -> bool:
    """Whether one of us said it to those who take part."""
    by_us = message.direction == Message.Direction.OUT and message.author == Message.Author.STAFF
    return by_us and FORWARD not in message.marks
