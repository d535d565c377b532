"""Gives everything out, one JSON object a line, in pieces; conversations have a room of their own for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.export import CHUNK, conversations
from gensvar.conversations.models import Conversation
from gensvar.core.models import AuditEntry

__all__ = ["acts", "contact_points", "conversations"]


def contact_points() -> Iterator[dict[str, Any]]:
    """Every place where the municipality is, closed ones too."""
    for point in ContactPoint.objects.select_related("function").order_by("pk").iterator(CHUNK):
        yield {
            "channel": point.channel,
            "address": point.address,
            "purpose": point.purpose,
            "function": point.function.name,
            "state": point.state,
        }


def acts() -> Iterator[dict[str, Any]]:
    """The audit log, oldest first: who did what to which row, and when (UTC, ISO 8601); a conversation by its number too."""
    last = 0
    while rows := list(AuditEntry.objects.filter(pk__gt=last).select_related("user").order_by("pk")[:CHUNK]):
        kind = Conversation._meta.label_lower
        ids = {row.target_id for row in rows if row.target_type == kind}
        numbers = {
            str(pk): number
            for pk, number in Conversation.objects.filter(pk__in=ids).values_list("pk", "number")
        }
        for row in rows:
            yield {
                "at": row.at.isoformat(),
                "by": row.user.email if row.user else None,
                "action": row.action,
                "target": f"{row.target_type} {row.target_id}".strip(),
                "number": numbers.get(row.target_id) if row.target_type == kind else None,
                "details": row.details,
            }
        last = rows[-1].pk
