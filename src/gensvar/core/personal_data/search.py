"""Finds all personal data in a text: every finder in turn, until nothing more is found beside what is masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .accounts import accounts, vehicles
from .addresses import addresses
from .disguises import disguised
from .emails import emails
from .findings import Certainty, Finding, Kind, Mark, joined, settle
from .identity_numbers import identity_numbers
from .links import links
from .other_names import other_names
from .participants import Participants
from .phones import phones
from .reading import Reading, read

ROUNDS = 12  # a text that still yields more after so many is made to hide something
_REACH = 400  # characters on each side of a mark in which it may change what is found
_EDGE = 100  # of them, at the end of a stretch
_STRICT = frozenset({Kind.EMAIL, Kind.PHONE, Kind.IDENTITY_NUMBER})
_KEY = 5  # characters by which repeated data are looked up


def find(text: str, *, known_names: Sequence[str] = ()) -> list[Finding]:
    """Personal data in free text, in order and without overlap; never raises, linear in the length of the text.

    `known_names` are the names of those who take part, as written in their contact or in the staff's list; each is found
    in every spelling. Offsets are characters of `text`. Masking the findings and searching again finds nothing.
    """
    return _find(text, Participants(known_names), ROUNDS)


def _find(text: str, participants: Participants, rounds: int) -> list[Finding]:
    reading = read(text)
    marks: list[Mark] = []
    fresh: list[Mark] = []
    near: list[tuple[int, int]] = []
    for _ in range(rounds):
        near = (
            [] if near else _around(reading.text, fresh)
        )  # what is found there may change what is found anywhere
        reading, fresh = _look_near(reading, participants, near) if near else _look(reading, participants)
        if not fresh:
            break
        marks += fresh
    else:
        marks = [Mark(0, len(reading.text), Kind.OTHER_NAME, Certainty.POSSIBLE)]
    return [_finding(text, reading, mark) for mark in settle(marks)]


def _finding(text: str, reading: Reading, mark: Mark) -> Finding:
    start, end = reading.starts[mark.start], reading.ends[mark.end - 1]
    return Finding(start, end, mark.kind, text[start:end], mark.certainty)


def _look(reading: Reading, participants: Participants) -> tuple[Reading, list[Mark]]:
    """One round: what is written by form and who takes part first, then other names in what is left, then repetitions."""
    formal = joined((reading.widened(mark) for mark in _formal(reading, participants)), reading.text)
    left = reading.barred(formal)
    names = settle(left.widened(mark) for mark in other_names(left))
    left = left.barred(names)
    needles = {reading.text[mark.start : mark.end] for mark in formal if mark.kind in _STRICT}
    repeated = settle(left.widened(mark) for mark in _repetitions(left.text, needles))
    return left.barred(repeated), formal + names + repeated


def _around(text: str, fresh: Sequence[Mark]) -> list[tuple[int, int]]:
    """The stretches in which the last marks may have changed what is found; empty where they are most of the text."""
    near: list[tuple[int, int]] = []
    for mark in fresh:
        start, end = max(0, mark.start - _REACH), min(len(text), mark.end + _REACH)
        if near and start <= near[-1][1]:
            near[-1] = (near[-1][0], max(near[-1][1], end))
        else:
            near.append((start, end))
    return near if 2 * sum(end - start for start, end in near) < len(text) else []


def _look_near(
    reading: Reading, participants: Participants, near: Sequence[tuple[int, int]]
) -> tuple[Reading, list[Mark]]:
    """One round in some stretches; what lies at the cut end of one is left, since too little is seen beside it."""
    found: list[Mark] = []
    for start, end in near:
        least = start + _EDGE if start > 0 else 0
        most = end - _EDGE if end < len(reading.text) else end
        for mark in _look(reading.part(start, end), participants)[1]:
            moved = Mark(start + mark.start, start + mark.end, mark.kind, mark.certainty)
            if least <= moved.start and moved.end <= most:
                found.append(reading.widened(moved))
    found = settle(found)
    left = reading.barred(found)
    needles = {reading.text[mark.start : mark.end] for mark in found if mark.kind in _STRICT}
    repeated = settle(left.widened(mark) for mark in _repetitions(left.text, needles))
    return left.barred(repeated), found + repeated


def _formal(reading: Reading, participants: Participants) -> Iterator[Mark]:
    for finder in (emails, disguised, links, identity_numbers, accounts, phones, addresses, vehicles):
        yield from finder(reading)
    yield from participants.find(reading)


def _repetitions(text: str, needles: set[str]) -> Iterator[Mark]:
    """Other places that hold the very letters of a datum found by form, so that none survives inside a longer row."""
    by_head: dict[str, list[str]] = {}
    for needle in sorted(needles, key=len, reverse=True):
        by_head.setdefault(needle[:_KEY], []).append(needle)
    if not by_head:
        return
    for at in range(len(text)):
        for needle in by_head.get(text[at : at + _KEY], ()):
            if text.startswith(needle, at):
                yield Mark(at, at + len(needle), Kind.OTHER_NAME, Certainty.POSSIBLE)
                break
