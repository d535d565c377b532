"""Finds names where letters tell nothing: written small ("mvh kerstin bohlin") or in a line of capitals.

Neighbours: `other_names`, which judges capitalised words. Here only listed names count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .findings import Certainty, Kind, Mark
from .name_words import bases
from .reading import Reading
from .surroundings import CALLED, CLOSINGS, GREETINGS, KIN, TITLES
from .tokens import Token
from .words import common_words, given_names, key, surnames, words_in_small_letters

_SURNAME_ENDINGS = (
    "sson",
    "qvist",
    "kvist",
    "berg",
    "strom",
    "lund",
    "gren",
    "stedt",
    "blad",
    "nen",
    "lof",
    "dahl",
    "man",
    "in",
    "holm",
)
_ROLES = (
    "are",
    "ant",
    "or",
    "ist",
    "ande",
    "ad",
    "ade",
    "bo",
    "mamma",
    "pappa",
    "alder",
    "arna",
    "erna",
    "aktig",
    "inna",
)
_INTRODUCTIONS = frozenset(
    {"namn ar", "name is", "det ar", "this is", "jag ar", "har ar", "i am", "it is", "se on"}
)


def small_letter_names(reading: Reading, tokens: list[Token], shouted: frozenset[int]) -> Iterator[Mark]:
    """Given names, with the surname after them, in small letters or in shouted lines."""
    yield from _signatures(reading, tokens)
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if (token.capital and index not in shouted) or not _is_given(reading, tokens, index):
            if index in shouted or not token.capital:
                yield from _lone_surname(token)
            index += 1
            continue
        last = index
        while last + 1 < len(tokens) and last < index + 2 and _continues(reading, tokens, last + 1):
            last += 1
        yield Mark(
            token.start,
            tokens[last].end,
            Kind.OTHER_NAME,
            Certainty.LIKELY if last > index else Certainty.POSSIBLE,
        )
        index = last + 1


def _is_given(reading: Reading, tokens: list[Token], index: int) -> bool:
    written = key(tokens[index].text)
    forms = bases(written)
    listed = [form for form in (*forms, written.replace("-", "")) if form in given_names()]
    if not listed:
        return False
    if all(
        form not in words_in_small_letters() and form not in common_words() and len(form) > 3
        for form in listed
    ):
        return True
    return written == listed[0] and (_told(reading, tokens, index) or _has_surname(reading, tokens, index))


def _told(reading: Reading, tokens: list[Token], index: int) -> bool:
    """After "jag heter", "min granne", "hej", "mvh"."""
    if index == 0:
        return False
    gap = reading.text[tokens[index - 1].end : tokens[index].start]
    if gap.strip(" \n,/:") or len(gap) > 4:
        return False
    word = tokens[index - 1].folded
    if tokens[index].folded in common_words() and word not in CALLED | CLOSINGS:
        return False
    two = f"{tokens[index - 2].folded} {word}" if index > 1 else ""
    return (
        word in CALLED
        or word in KIN
        or word in TITLES
        or word in GREETINGS
        or word in CLOSINGS
        or two in _INTRODUCTIONS
    )


def _has_surname(reading: Reading, tokens: list[Token], index: int) -> bool:
    if index + 1 >= len(tokens) or reading.text[tokens[index].end : tokens[index + 1].start] != " ":
        return False
    return _is_surname(key(tokens[index + 1].text))


def _is_surname(folded: str) -> bool:
    if folded in common_words():
        return False
    forms = bases(folded)
    return any(form in surnames() or (form.endswith("sson") and len(form) > 5) for form in forms)


def _continues(reading: Reading, tokens: list[Token], index: int) -> bool:
    if reading.text[tokens[index - 1].end : tokens[index].start] != " ":
        return False
    folded = key(tokens[index].text)
    if len(folded) == 1:
        return reading.text[tokens[index].end : tokens[index].end + 1] in {"", "\n"}
    if folded in common_words():
        return False
    shaped = any(form.endswith(_SURNAME_ENDINGS) and len(form) > 5 for form in bases(folded))
    return shaped or _is_surname(folded) or folded in given_names() - words_in_small_letters()


def _lone_surname(token: Token) -> Iterator[Mark]:
    if any(form.endswith("sson") and len(form) > 6 and form in surnames() for form in bases(key(token.text))):
        yield Mark(token.start, token.end, Kind.OTHER_NAME, Certainty.POSSIBLE)


def _signatures(reading: Reading, tokens: list[Token]) -> Iterator[Mark]:
    """A line of one to three strange small words after "mvh": "göknur aslan", not "trött pendlare"."""
    for index in range(1, len(tokens)):
        if tokens[index - 1].folded not in CLOSINGS:
            continue
        if not re.fullmatch(r"[,.!]? ?\n{1,2} ?", reading.text[tokens[index - 1].end : tokens[index].start]):
            continue
        last = index
        while (
            last + 1 < len(tokens)
            and reading.text[tokens[last].end : tokens[last + 1].start] == " "
            and last < index + 3
        ):
            last += 1
        words = tokens[index : last + 1]
        line_ends = reading.text[words[-1].end : words[-1].end + 1] in {"", "\n"}
        if line_ends and len(words) < 4 and not any(_is_ordinary(word) for word in words):
            yield Mark(words[0].start, words[-1].end, Kind.OTHER_NAME, Certainty.POSSIBLE)


def _is_ordinary(word: Token) -> bool:
    return (
        word.capital or word.folded in common_words() or len(word.folded) < 3 or word.folded.endswith(_ROLES)
    )
