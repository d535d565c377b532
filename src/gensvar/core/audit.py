"""Writes the audit log: one row for each act, in the transaction of the act."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from gensvar.core import clock
from gensvar.core.models import AuditEntry, User


def note(user: User | None, action: str, target: Model | None = None, **details: Any) -> AuditEntry:
    """Add one row. `details` holds ids and states, never anybody's words, tokens or secrets."""
    return AuditEntry.objects.create(
        at=clock.now(),
        user=user,
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        details=details,
    )
