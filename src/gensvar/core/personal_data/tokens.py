"""Cuts a reading into words; the ground for finding names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .reading import Reading

_LETTERS = re.compile(r"[^\W\d_]+")
_DAMAGED = re.compile(r"(?=[^\W\d_]{0,60}[?\ufffd])(?:[^\W\d_]|\ufffd|\?{1,2}(?=[^\W\d_]))+")
_COMPOUND = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


@dataclass(slots=True)  # not frozen: a long text makes tens of thousands
class Token:
    """A word of a reading: its place, its letters and the same folded."""

    start: int
    end: int
    text: str
    folded: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


def _cut(reading: Reading, pattern: re.Pattern[str]) -> list[Token]:
    text, folded = reading.text, reading.folded
    return [
        Token(start, end, text[start:end], folded[start:end])
        for start, end in (match.span() for match in pattern.finditer(text))
    ]


def letter_runs(reading: Reading) -> list[Token]:
    """Unbroken runs of letters: "Anna-Karin" is two."""
    return _cut(reading, _LETTERS)


def damaged_words(reading: Reading) -> list[Token]:
    """Words in which a letter was lost on the way: "Lindstr?m"."""
    if "?" not in reading.text and "\ufffd" not in reading.text:
        return []
    return [token for token in _cut(reading, _DAMAGED) if "?" in token.text or "\ufffd" in token.text]


def compounds(reading: Reading) -> list[Token]:
    """Words with their inner hyphens and apostrophes: "Anna-Karin" and "O'Connor" are one each."""
    return _cut(reading, _COMPOUND)
