"""Asks of a report that found no conversation whether it is about a word of ours that belongs to none: then it opens none.

Such words are letters, invitations and links that set a password. Whoever reads the conversations of the place that they
were sent from has nothing to do with them. The table REPORTED of config/flow.py says who knows. Neighbour: writing asks.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from gensvar.conversations.events import ReportReceived
from gensvar.core import handed

Knows = Callable[[ReportReceived], bool]
"""Given a report: whether it speaks of a word of ours that belongs to no conversation."""


def belong_nowhere(reports: Iterable[ReportReceived]) -> bool:
    """Whether one of these, which are one mail, is about a word of ours that belongs to no conversation."""
    return any(knows(report) for report in reports for knows in _table())


@functools.cache
def _table() -> tuple[Knows, ...]:
    table: tuple[Knows, ...] = handed.table("GENSVAR_FLOW", "REPORTED", ())
    return table
