"""The human number of a conversation. It opens nothing: it can be said on the phone and stand in a subject."""

from __future__ import annotations

import re
from typing import Final

from gensvar.core import clock, counters

_SAID: Final = re.compile(r"\W*(\d{4})(?:\s*[-\u2010-\u2015]\s*(\d{1,6})|\s?(\d{6}))\W*", re.ASCII)


def next_number() -> str:
    """2026-000123: the year in the municipality's time zone, and a number that is given once in it. One statement."""
    year = clock.today().year
    return f"{year}-{counters.next_value(f'conversation-{year}'):06d}"


def number_in(text: str) -> str:
    """The number that a text is, however it was heard or copied: "2026-123", "(2026–000123)", "2026 000123"; else nothing."""
    said = _SAID.fullmatch(text)
    return f"{said[1]}-{int(said[2] or said[3]):06d}" if said else ""
