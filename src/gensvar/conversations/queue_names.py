"""What the queues of the inbox are called, in one place. Neighbours: queues finds what is in them, counts keeps their numbers."""

from __future__ import annotations

import enum


class QueueName(enum.StrEnum):
    """The queues in the order in which they are shown; their names stand in addresses. Beside them: "function:<slug>"."""

    MINE = "mine"
    ASKED = "asked"
    FUNCTIONS = "functions"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    LATE = "late"
    SNOOZED = "snoozed"
    FAILED = "failed"
    ALL = "all"
    CLOSED = "closed"
    SPAM = "spam"
