"""What changed from one wording to the next, word by word: pure, and bounded for any two texts that somebody may write.

First the words that stand once in both hold the texts together (the patience method), then difflib looks at what lies
between them; where that is too much to look at, it counts as replaced as a whole.
"""

from __future__ import annotations

import enum
import functools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from gensvar.publishing.positions.values import PublishedWording

MOST_PAIRS: Final = 20_000  # of equal tokens that difflib may look at in one stretch
MOST_TOKENS: Final = 1_500  # in both sides of one stretch
ISLAND: Final = 1  # words between two changes that are read as part of them
_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
Tokens = Sequence[str]


class Kind(enum.StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text that is in both wordings, in the earlier one only, or in the later one only."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two wordings side by side, in one language; `title` is empty where the headline stayed."""

    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    language: str  # BCP 47
    gone: int  # words that were taken away
    new: int  # words that came


def between(old: PublishedWording, new: PublishedWording, language: str) -> Comparison:
    """From one wording to the next: in that language where both stand in it, else in Swedish."""
    both = language if old.has_english and new.has_english else "sv"
    before, after = old.said(both), new.said(both)
    title = compare(before.title, after.title) if before.title != after.title else ()
    text = compare(before.text, after.text)
    return Comparison(
        title, text, after.language, _words(Kind.GONE, title + text), _words(Kind.NEW, title + text)
    )


@functools.lru_cache(maxsize=256)
def compare(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces in their order. What is same or gone together is `old`, what is same or new together is `new`."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return tuple(_joined(_without_islands(list(_stretches(before, after)))))


def _words(kind: Kind, pieces: Sequence[Piece]) -> int:
    return sum(len(re.findall(r"\w+", piece.text)) for piece in pieces if piece.kind == kind)


Change = tuple[Tokens, Tokens]
"""A stretch of both texts: the same twice, or what was replaced by what."""


def _stretches(old: Tokens, new: Tokens) -> Iterator[tuple[bool, Change]]:
    """Both texts from beginning to end in stretches; whether each is the same in both."""
    head = _common(old, new)
    if head:
        yield True, (old[:head], new[:head])
    old, new = old[head:], new[head:]
    tail = _common(old[::-1], new[::-1])
    middle_old, middle_new = old[: len(old) - tail], new[: len(new) - tail]
    yield from _middle(middle_old, middle_new)
    if tail:
        yield True, (old[len(old) - tail :], new[len(new) - tail :])


def _middle(old: Tokens, new: Tokens) -> Iterator[tuple[bool, Change]]:
    if not old or not new:
        if old or new:
            yield False, (old, new)
        return
    anchors = _anchors(old, new)
    if not anchors:
        yield from _looked_at(old, new)
        return
    at_old = at_new = 0
    for in_old, in_new in anchors:
        yield from _looked_at(old[at_old:in_old], new[at_new:in_new])
        yield True, (old[in_old : in_old + 1], new[in_new : in_new + 1])
        at_old, at_new = in_old + 1, in_new + 1
    yield from _looked_at(old[at_old:], new[at_new:])


def _looked_at(old: Tokens, new: Tokens) -> Iterator[tuple[bool, Change]]:
    """What difflib says of a stretch that is small enough for it."""
    if not old and not new:
        return
    counted = Counter(new)
    if (
        len(old) + len(new) > MOST_TOKENS
        or sum(counted[one] for one in old if not one.isspace()) > MOST_PAIRS
    ):
        yield False, (old, new)
        return
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for word, i1, i2, j1, j2 in matcher.get_opcodes():
        yield word == "equal", (old[i1:i2], new[j1:j2])


def _common(old: Tokens, new: Tokens) -> int:
    """How many tokens are the same from the beginning."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _anchors(old: Tokens, new: Tokens) -> list[tuple[int, int]]:
    """Where the words stand that each text has once, as far as they come in the same order: the longest such row."""
    once_old, once_new = _once(old), _once(new)
    pairs = [(place, once_new[one]) for one, place in once_old.items() if one in once_new]
    ends: list[int] = []  # of the best row of each length: its last place in the new text
    last: list[int] = []  # which pair that is
    before: list[int] = []  # of each pair: the pair before it in its row
    for number, (_place, in_new) in enumerate(pairs):
        length = bisect_left(ends, in_new)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(in_new)
            last.append(number)
        else:
            ends[length], last[length] = in_new, number
    row, number = [], last[-1] if last else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _once(tokens: Tokens) -> dict[str, int]:
    """The words that stand once, in their order, with their places."""
    counted = Counter(tokens)
    return {one: place for place, one in enumerate(tokens) if counted[one] == 1 and one[0].isalnum()}


def _without_islands(found: list[tuple[bool, Change]]) -> list[tuple[bool, Change]]:
    """A lone small word between two changes is read as changed with them: "a b c" for "x b y", not three snippets."""
    joined: list[tuple[bool, Change]] = []
    for place, (same, (old, new)) in enumerate(found):
        between_changes = (
            same and 0 < place < len(found) - 1 and not found[place - 1][0] and not found[place + 1][0]
        )
        if between_changes and sum(one[0].isalnum() for one in old) <= ISLAND and "\n" not in "".join(old):
            same = False
        if joined and joined[-1][0] == same:
            before_old, before_new = joined[-1][1]
            joined[-1] = (same, ([*before_old, *old], [*before_new, *new]))
        else:
            joined.append((same, (old, new)))
    return joined


def _joined(found: list[tuple[bool, Change]]) -> Iterator[Piece]:
    for same, (old, new) in found:
        if same:
            yield Piece(Kind.SAME, "".join(new))
            continue
        if old:
            yield Piece(Kind.GONE, "".join(old))
        if new:
            yield Piece(Kind.NEW, "".join(new))
