"""What is found in a text and how sure it is; settles which finding holds where several overlap.

Neighbours: every finder yields marks (places in a reading), `search` makes findings (places in the text as written).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of personal datum was found. Earlier kinds win where two overlap."""

    EMAIL = "email"
    SECRET_LINK = "secret_link"
    PROFILE = "profile"
    IDENTITY_NUMBER = "identity_number"
    ACCOUNT = "account"
    PHONE = "phone"
    ADDRESS = "address"
    IP_ADDRESS = "ip_address"
    VEHICLE = "vehicle"
    NAME = "name"
    OTHER_NAME = "other_name"


class Certainty(StrEnum):
    """How sure a finding is; all three are masked, the last two are worth a second look by staff."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Finding:
    """One personal datum: `text == original[start:end]`, offsets in characters of the text as written."""

    start: int
    end: int
    kind: Kind
    text: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a reading (see `reading`), before it is carried back to the text as written."""

    start: int
    end: int
    kind: Kind
    certainty: Certainty = Certainty.CERTAIN


_KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}
_CERTAINTY_ORDER = {certainty: place for place, certainty in enumerate(Certainty)}


def _union(one: Mark, other: Mark) -> Mark:
    first = min(one, other, key=lambda mark: (_KIND_ORDER[mark.kind], _CERTAINTY_ORDER[mark.certainty]))
    return Mark(min(one.start, other.start), max(one.end, other.end), first.kind, first.certainty)


def settle(marks: Iterable[Mark]) -> list[Mark]:
    """The same places without overlap, in order: overlapping marks become one that covers both."""
    settled: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        if mark.end <= mark.start:
            continue
        if settled and mark.start < settled[-1].end:
            settled[-1] = _union(settled[-1], mark)
        else:
            settled.append(mark)
    return settled


def joined(marks: Iterable[Mark], text: str) -> list[Mark]:
    """Settled marks with parts of one address made one: street, town and c/o with only commas and blanks between."""
    whole: list[Mark] = []
    for mark in settle(marks):
        last = whole[-1] if whole else None
        both = last is not None and last.kind == mark.kind == Kind.ADDRESS
        if last and both and mark.start - last.end < 4 and not text[last.end : mark.start].strip(" ,\n"):
            whole[-1] = _union(last, mark)
        else:
            whole.append(mark)
    return whole


def disjoint(findings: Sequence[Finding], length: int) -> list[Finding]:
    """Findings of any origin made safe to cut by: inside the text, in order, without overlap."""
    marks = (Mark(max(0, each.start), min(length, each.end), each.kind, each.certainty) for each in findings)
    return [Finding(mark.start, mark.end, mark.kind, "", mark.certainty) for mark in settle(marks)]
