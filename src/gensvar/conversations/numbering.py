"""The human number of a conversation. It opens nothing: it can be said on the phone and stand in a subject."""

from __future__ import annotations

from gensvar.core import clock, counters


def next_number() -> str:
    """2026-000123: the year in the municipality's time zone, and a number that is given once in it. One statement."""
    year = clock.today().year
    return f"{year}-{counters.next_value(f'conversation-{year}'):06d}"
