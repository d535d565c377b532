"""Opening hours as people write them ("8–12, 13–16.30") and as values; pure. Neighbours: models checks, the square shows."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

Span = tuple[dt.time, dt.time]
"""From and until, by the municipality's clock."""

MOST: Final = 4  # spans of one day
_SPAN: Final = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[.:](\d{2}))?")


def spans(written: str) -> tuple[Span, ...]:
    """The spans of a day, in order; none where it is closed. Raises ValidationError for what cannot be read."""
    found: list[Span] = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", written))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise _unreadable()
        try:
            opens = dt.time(int(match[1]), int(match[2] or 0))
            closes = dt.time(int(match[3]), int(match[4] or 0))
        except ValueError as error:
            raise _unreadable() from error
        if closes <= opens or (found and opens < found[-1][1]):
            raise ValidationError(_("Each time must be later than the one before it, such as 8–12, 13–16."))
        found.append((opens, closes))
    if len(found) > MOST:
        raise _unreadable()
    return tuple(found)


def normal(written: str) -> str:
    """The same in one form: "08:00–12:00, 13:00–16:30". Raises ValidationError."""
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in spans(written))


def check(written: str) -> None:
    """For a model's field. Raises ValidationError."""
    spans(written)


def _unreadable() -> ValidationError:
    return ValidationError(_("Write times such as 8–16 or 8–12, 13–16.30. Leave it empty for a closed day."))
