"""When collected letters go out: seven in the morning, every day or on Mondays, by the municipality's clock."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone

HOUR: Final = dt.time(7, 0)  # there is one such time every day, also when the clock is changed
MONDAY: Final = 0


def next_time(pace: str, after: dt.datetime) -> dt.datetime | None:
    """The first time for a letter of that pace after a time (aware); None for one that goes as things come."""
    if pace == "each":
        return None
    zone = timezone.get_default_timezone()
    day = after.astimezone(zone).date()
    while True:
        at = dt.datetime.combine(day, HOUR, zone)
        if at > after and (pace == "daily" or day.weekday() == MONDAY):
            return at.astimezone(dt.UTC)
        day += dt.timedelta(days=1)
