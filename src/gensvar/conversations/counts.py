"""Keeps the number beside each shared queue, in the transaction of each change, and the version that pages ask for.

Neighbours: everything that writes a conversation tells here what it was and what it is; queries reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from gensvar.conversations.models import Conversation, QueueCount
from gensvar.conversations.queue_names import QueueName
from gensvar.conversations.states import State
from gensvar.conversations.turns import turn
from gensvar.core.statements import Statement, run

VERSION: Final = "version"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides in which shared queues a conversation is counted."""

    state: str
    function_id: int | None
    assigned: bool
    snoozed: bool = False
    failed: bool = False
    merged: bool = False

    @classmethod
    def of(cls, conversation: Conversation) -> Standing:
        """Where a conversation stands as this object says."""
        return cls(
            conversation.state,
            conversation.function_id,
            conversation.assignee_id is not None,
            conversation.snoozed_until is not None,
            conversation.delivery_failed,
            conversation.merged_into_id is not None,
        )

    def counters(self) -> list[str]:
        """The counters that count it: of the whole house, and of its function."""
        if self.merged:
            return []
        names = [self.state] if self.state in {State.WAITING, State.SPAM} else []
        if self.state == State.OPEN and not self.snoozed:
            names = ["open"] if self.assigned else ["open", QueueName.UNASSIGNED]
        if self.failed and self.state != State.SPAM:
            names.append(QueueName.FAILED)
        if self.function_id is None:
            return names
        return [*names, *(f"{name}:f{self.function_id}" for name in names)]


def moved(before: Standing | None, after: Standing | None) -> None:
    """Count a conversation out of where it was and into where it is; also makes a new version. One statement."""
    run(moving(before, after))


def moving(before: Standing | None, after: Standing | None) -> Statement:
    """The statement of `moved`."""
    change: Counter[str] = Counter({VERSION: 1})
    change.update(after.counters() if after else ())
    change.subtract(before.counters() if before else ())
    rows = sorted((key, value) for key, value in change.items() if value)
    marks = ", ".join(["(%s, %s)"] * len(rows))
    sql = (
        f"INSERT INTO conversations_queuecount (key, value) VALUES {marks} "
        "ON CONFLICT (key) DO UPDATE SET value = conversations_queuecount.value + excluded.value"
    )
    return sql, [part for row in rows for part in row]


def changed() -> None:
    """Something in the queues changed that no counter counts: only a new version."""
    moved(None, None)


def counted() -> dict[str, int]:
    """What every counter should be, counted anew."""
    change: Counter[str] = Counter()
    groups = (
        Conversation.objects.order_by()
        .annotate(nobody=_none("assignee"), awake=_none("snoozed_until"), alone=_none("merged_into"))
        .values_list("state", "function_id", "nobody", "awake", "delivery_failed", "alone")
        .annotate(count=Count("pk"))
    )
    for state, function_id, nobody, awake, failed, alone, count in groups:
        standing = Standing(state, function_id, not nobody, not awake, failed, not alone)
        change.update(dict.fromkeys(standing.counters(), count))
    return dict(change)


def _none(name: str) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(**{f"{name}__isnull": True}), output_field=BooleanField())


def differences() -> dict[str, tuple[int, int]]:
    """Counters that are not what they should be: key to (kept, counted). Empty when all is well."""
    right = counted()
    kept = dict(QueueCount.objects.exclude(key=VERSION).values_list("key", "value"))
    keys: Iterable[str] = right.keys() | kept.keys()
    return {
        key: (kept.get(key, 0), right.get(key, 0)) for key in keys if kept.get(key, 0) != right.get(key, 0)
    }


def recount() -> dict[str, tuple[int, int]]:
    """Set every counter right; gives what was wrong, as `differences` does."""
    with turn():
        wrong = differences()
        for key, (_, right) in wrong.items():
            QueueCount.objects.update_or_create(key=key, defaults={"value": right})
        if wrong:
            changed()
    return wrong
