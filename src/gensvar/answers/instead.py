"""Asks, before a row of the outbox is sent, whether it still should be: rooms below say so for their own kinds of words.

The table INSTEAD of config/flow.py names them. Neighbour: outbox asks before every try.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from gensvar.answers.models import Delivery
from gensvar.core import handed

Instead = Callable[[Delivery], Callable[[], None] | None]
"""Given a row: None where it may go, else what to write instead, in the transaction that takes the row back."""


def of(delivery: Delivery) -> Callable[[], None] | None:
    """What is to be done instead of sending this row; None where it may go."""
    found = _table().get(delivery.kind)
    return found(delivery) if found is not None else None


@functools.cache
def _table() -> Mapping[str, Instead]:
    table: Mapping[str, Instead] = handed.table("GENSVAR_FLOW", "INSTEAD", {})
    return table
