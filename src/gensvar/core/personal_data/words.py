"""The lists of names, places and plain words that finding leans on, read once; in small letters, with their dots and without.

The lists lie in `data/`; every entry is written from general knowledge, none is copied from a register.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from .reading import fold

_SWEDISH_LETTERS = re.compile("[åäöÅÄÖ]")


def _read(name: str) -> frozenset[str]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(form for line in lines for word in line.split() for form in (fold(word), word.lower()))


def key(text: str) -> str:
    """How a written word is looked up: its dots kept where it has any, so that "Läge" is not the "Lage" of a list, but
    "Asa" is its "Åsa"."""
    return unicodedata.normalize("NFC", text).lower() if _SWEDISH_LETTERS.search(text) else fold(text)


@cache
def given_names() -> frozenset[str]:
    """Given names and nicknames."""
    return _read("given_names.txt")


@cache
def surnames() -> frozenset[str]:
    """Surnames that are not plain from their ending."""
    return _read("surnames.txt")


@cache
def places() -> frozenset[str]:
    """Municipalities, towns, provinces, countries."""
    return _read("places.txt")


@cache
def plain_words() -> frozenset[str]:
    """Words that are no names though they may stand with a capital; those that are both are left out."""
    return _read("words.txt") - names_that_are_words()


@cache
def common_words() -> frozenset[str]:
    """Words that may stand in any sentence, whether or not they are also names."""
    return _read("words.txt") | names_that_are_words()


@cache
def names_that_are_words() -> frozenset[str]:
    """Names that are also plain words ("Sten", "Maj", "Will")."""
    return _read("words_that_are_names.txt")


@cache
def words_in_small_letters() -> frozenset[str]:
    """Given names that count as plain words when written in small letters."""
    return _read("words_in_small_letters.txt") | names_that_are_words()


@cache
def associations() -> frozenset[str]:
    """Companies, authorities, papers, programs."""
    return _read("associations.txt")
