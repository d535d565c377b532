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
    for _ in range(rounds):
        reading, fresh = _look(reading, participants)
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
