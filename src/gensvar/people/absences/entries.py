"""Takes a calendar apart into its entries, before any is understood: a broken one takes no other with it.

Pure. Source: RFC 5545 (3.1 folding, by octets; 3.4, several calendars in one stream). Neighbour: understanding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from icalendar import Calendar, Event

MOST: Final = 20_000  # entries in one calendar
TIMES: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_UID: Final = re.compile(r"^UID[;:][^\n]*", re.IGNORECASE | re.MULTILINE)


class NotACalendar(Exception):
    """What came is no iCalendar, or only the beginning of one."""


class TooMuch(Exception):
    """The calendar holds more than is looked at."""


def series(body: bytes, wanted: Callable[[str], bool]) -> list[str]:
    """The entries that belong together (one UID), as text, of those series of which any is wanted by its text.

    What describes time zones and alarms is left out. Raises NotACalendar, TooMuch.
    """
    together: dict[str, list[str]] = {}
    for number, entry in enumerate(_entries(_lines(body))):
        if number >= MOST:
            raise TooMuch
        uid = _UID.search(entry)
        together.setdefault(uid[0] if uid else f"{number}", []).append(entry)
    return ["".join(entries) for entries in together.values() if any(map(wanted, entries))]


def parsed(entries: str) -> list[Event]:
    """The events of one series. Raises ValueError and its like."""
    read = Calendar.from_ical(f"BEGIN:VCALENDAR\n{entries}END:VCALENDAR\n")
    return [one for one in read.walk("VEVENT") if isinstance(one, Event)]


def require_times(events: list[Event]) -> None:
    """Raise ValueError where a time of theirs could not be read: what is left of it would be another time."""
    for event in events:
        if "DTSTART" not in event or any(name in TIMES for name, _why in event.errors):
            raise ValueError("DTSTART")


def _lines(body: bytes) -> list[str]:
    body = body.strip().removeprefix(b"\xef\xbb\xbf").strip()
    if body[:15].upper() != b"BEGIN:VCALENDAR" or body[-13:].upper() != b"END:VCALENDAR":
        raise NotACalendar
    return list(map(_decoded, re.split(rb"[\r\n]+", _FOLD.sub(b"", body))))


def _decoded(line: bytes) -> str:
    """By itself: a program that cut a letter in two in one line spoils no other."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _entries(lines: list[str]) -> Iterator[str]:
    """The text of each event, line ends as \\n; one that never ends stands there without its end, and nobody understands it."""
    kept: list[str] | None = None
    inner = ""  # what stands in it that is not looked at
    for line in lines:
        said = line.strip().upper()
        if said == "BEGIN:VEVENT":
            if kept is not None:
                yield _text(kept)
            kept, inner = [], ""
        elif kept is None:
            continue
        elif inner:
            inner = "" if said == f"END:{inner}" else inner
        elif said in {"END:VEVENT", "END:VCALENDAR"}:
            yield _text(kept, line if said == "END:VEVENT" else "")
            kept = None
        elif said.startswith("BEGIN:"):
            inner = said.removeprefix("BEGIN:")
        elif said:
            kept.append(line)
    if kept is not None:
        yield _text(kept)


def _text(lines: list[str], end: str = "") -> str:
    return "\n".join(["BEGIN:VEVENT", *lines, end, ""])
