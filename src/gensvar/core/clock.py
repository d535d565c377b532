"""The one clock: every room asks here, so that tests can move time without waiting."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

_offset = dt.timedelta()


def now() -> dt.datetime:
    """The present, aware, in UTC."""
    return timezone.now() + _offset


def today() -> dt.date:
    """The date in the municipality's time zone."""
    return timezone.localdate(now())


def begins(day: dt.date) -> dt.datetime:
    """The first moment of that day in the municipality's time zone, aware."""
    return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_default_timezone())


@contextlib.contextmanager
def moved(by: dt.timedelta) -> Iterator[None]:
    """Let the clock go ahead (or back) by `by` inside the block; blocks add up."""
    global _offset
    before = _offset
    _offset = before + by
    try:
        yield
    finally:
        _offset = before


def span_of(year: int, month: int = 0) -> tuple[dt.datetime, dt.datetime]:
    """When that year, or that month of it, begins and ends by the municipality's clock (aware; the end is not in it)."""
    zone = timezone.get_default_timezone()
    begins = dt.datetime(year, month or 1, 1, tzinfo=zone)
    after = (year + 1, 1) if month in (0, 12) else (year, month + 1)
    return begins, dt.datetime(*after, 1, tzinfo=zone)
