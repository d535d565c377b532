"""Reads the id of a row out of what a browser sent, however odd that is."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 18  # digits that fit into the 64 bits of a database's integer


def row_id(text: str | None) -> int:
    """The id that this text names; 0, which no row has, for whatever is none."""
    if not text or len(text) > LONGEST or not (text.isascii() and text.isdecimal()):
        return 0
    return int(text)
