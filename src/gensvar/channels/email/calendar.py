"""An invitation that comes without a word beside it: what it invites to, when, where and who asks, as words.

RFC 5545. Neighbour: body asks here where a mail says nothing else; the file itself stays enclosed.
"""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from django.utils.translation import gettext as _

TYPES = frozenset({"text/calendar", "text/x-vcalendar"})  # the second: as vCalendar 1.0 was sent
LONGEST = 200_000  # characters that are looked at
FOLD = re.compile(r"\r?\n[ \t]")
FIELD = re.compile(r"^([A-Za-z-]{1,40})((?:;(?:[^:;\"\n]|\"[^\"\n]*+\")*+)*+):(.*)$", re.MULTILINE)
ZONE = re.compile(r';TZID="?([^";:]{1,80})', re.IGNORECASE)
NAME = re.compile(r';CN=(?:"([^"\n]{1,200})"|([^";:\n]{1,200}))', re.IGNORECASE)
WHEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
ESCAPED = re.compile(r"\\([\\;,nN])")


def words(source: str) -> str:
    """The first event of a calendar; empty where there is none."""
    event = source[:LONGEST].partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    event = event.partition("BEGIN:VALARM")[0]
    fields: dict[str, tuple[str, str]] = {}
    for name, parameters, value in FIELD.findall(FOLD.sub("", event).replace("\r", "")):
        fields.setdefault(name.upper(), (parameters, _unescaped(value)))
    told = [
        fields.get("SUMMARY", ("", ""))[1],
        _labelled(_("Time: %(what)s"), _time(fields)),
        _labelled(_("Place: %(what)s"), fields.get("LOCATION", ("", ""))[1]),
        _labelled(_("Organiser: %(what)s"), _organiser(fields)),
    ]
    described = fields.get("DESCRIPTION", ("", ""))[1].strip()
    return "\n".join(one for one in told if one) + (f"\n\n{described}" if described else "")


def _labelled(text: str, what: str) -> str:
    return text % {"what": what} if what else ""


def _unescaped(value: str) -> str:
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _time(fields: dict[str, tuple[str, str]]) -> str:
    """ "2026-02-10 13:00 – 14:00", with the name of the time zone where it is not ours."""
    begins, zone = _moment(fields.get("DTSTART"))
    ends, _zone = _moment(fields.get("DTEND"))
    if begins and ends and begins[:10] == ends[:10]:
        ends = ends[11:]
    return " – ".join(one for one in (begins, ends) if one) + (f" ({zone})" if begins and zone else "")


def _moment(field: tuple[str, str] | None) -> tuple[str, str]:
    """A day, or a day and a time; and the zone that it is told in, unless it is ours."""
    found = WHEN.match(field[1]) if field else None
    if field is None or found is None:
        return "", ""
    year, month, day, hour, minute, universal = found.groups()
    zone = ZONE.search(field[0])
    if universal:
        try:
            moment = dt.datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=dt.UTC)
            return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M"), ""
        except (ValueError, OverflowError):
            return "", ""
    told = f"{year}-{month}-{day}" + (f" {hour}:{minute}" if hour else "")
    return told, zone[1] if zone and zone[1] != timezone.get_current_timezone_name() else ""


def _organiser(fields: dict[str, tuple[str, str]]) -> str:
    parameters, address = fields.get("ORGANIZER", ("", ""))
    found = NAME.search(parameters)
    name = (found[1] or found[2]).strip() if found else ""
    address = re.sub(r"^mailto:", "", address, flags=re.IGNORECASE)
    return f"{name} <{address}>" if name and address else name or address
