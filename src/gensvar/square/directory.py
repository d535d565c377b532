"""Where we are, with how long an answer usually takes there: as a page, a sheet to print, JSON and CSV; neighbour: places."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gensvar.conversations.queries import begun_by_residents
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.routing import calendar
from gensvar.square import places
from gensvar.square.headers import public
from gensvar.square.places import Place
from gensvar.voices.survival import median_wait

MEASURED: Final = dt.timedelta(days=90)
FEWEST: Final = 5  # answers; fewer say too little, and could point at a person
_FORMULA: Final = ("=", "@", "-", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Listed:
    """One place of the directory. `usual` is in working days, None where too little was answered to say.

    `mostly_waiting`: fewer than half of those who wrote there of late have an answer, and not because they wrote just now.
    """

    group: str  # "talk", "follow" or "closed"
    place: Place
    usual: int | None
    mostly_waiting: bool = False
    short: str = ""  # its short link, absolute; empty where it has none

    @property
    def ours(self) -> bool:
        """Whether its link leads to a page elsewhere that is ours (rel="me")."""
        return bool(self.place.page) and self.place.link == self.place.page

    @property
    def here(self) -> str:
        """Where on this website it is, to be typed from paper; empty where it is elsewhere."""
        return settings.GENSVAR_URL + self.place.link if self.place.link.startswith("/") else ""


@dataclass(frozen=True, slots=True)
class Applies:
    """A notice, and the names of the places where it applies."""

    notice: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """The three groups of the directory."""

    talk: tuple[Listed, ...]
    follow: tuple[Listed, ...]
    closed: tuple[Listed, ...]

    @property
    def all(self) -> tuple[Listed, ...]:
        """Every place, open ones first."""
        return (*self.talk, *self.follow, *self.closed)


def directory() -> Directory:
    """Every place that is open or was, with its usual time to an answer; three queries however many there are."""
    found = places.directory()
    usual = usual_times()
    slow = {pk for pk, days in usual.items() if days is None}
    short = {int(key): _short(code) for key, code in short_links.codes_of(ShortLink.Kind.PLACE).items()}
    return Directory(
        talk=tuple(
            Listed("talk", one, usual.get(one.pk), one.pk in slow, short.get(one.pk, ""))
            for one in found.dialogue
        ),
        follow=tuple(Listed("follow", one, None, short=short.get(one.pk, "")) for one in found.feeds),
        closed=tuple(Listed("closed", one, None, short=short.get(one.pk, "")) for one in found.closed),
    )


def notices(listed: Iterable[Listed]) -> tuple[Applies, ...]:
    """What applies where, each notice once however many places have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in listed:
        if one.place.notice and not one.place.closed_on:
            found[one.place.notice].append(one.place.name)
    return tuple(Applies(notice, tuple(names)) for notice, names in found.items())


def usual_times() -> Mapping[int, int | None]:
    """By contact point: within how many working days half get their first answer, of what began in the last 90 days.

    Whoever waits is counted in, as long as they have waited; whoever was not answered and is closed waits on. Only where
    five or more were answered, and no fewer than wait. None where fewer were than wait beyond what the place promises, and
    five or more are one or the other. What we began, old words brought home, spam, what was merged into another and people
    with a protected identity are not counted.
    """
    since = clock.now() - MEASURED
    asked = (
        begun_by_residents()
        .filter(last_at__gte=since, begun__gte=since, merged_into=None)
        .exclude(state=State.SPAM)
        .exclude(contact__protected=True)
        .values_list("contact_point_id", "contact_point__answer_within", "begun", "answered_at")
    )
    took, waiting = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    late = defaultdict[int, int](int)
    working, known, now = calendar.load(), dict[tuple[dt.date, dt.date], int](), clock.now()
    for point, within, opened, at in asked.iterator(chunk_size=5000):
        days = (calendar.local_date(opened), calendar.local_date(at or now))
        if days not in known:
            known[days] = working.between(opened, at or now)
        (took if at is not None else waiting)[point].append(known[days])
        late[point] += at is None and known[days] > within
    found: dict[int, int | None] = {}
    for point in took.keys() | waiting.keys():
        answered, wait = took.get(point, []), waiting.get(point, [])
        if len(answered) < len(wait):
            if len(answered) < late[point] and len(answered) + late[point] >= FEWEST:
                found[point] = None
        elif len(answered) >= FEWEST and (median := median_wait(answered, wait)) is not None:
            found[point] = math.ceil(median)
    return found


def _short(code: str) -> str:
    return settings.GENSVAR_URL + reverse("square:short", args=[code])


@require_safe
@public
def where_we_are(request: HttpRequest) -> HttpResponse:
    """Every place where the municipality is, in three groups."""
    return render(request, "square/places.html", {"places": directory()})


@require_safe
@public
def sheet(request: HttpRequest) -> HttpResponse:
    """The same on paper: for a notice board, a library, somebody without a screen."""
    found = directory()
    context = {
        "places": found,
        "site": settings.GENSVAR_URL,
        "today": clock.today(),
        "notices": notices(found.all),
    }
    return render(request, "square/places_sheet.html", context)


@require_safe
@public
def as_json(request: HttpRequest) -> HttpResponse:
    """The same for machines: a list of objects, dates as ISO 8601, times in working days."""
    made = {"municipality": settings.GENSVAR_NAME, "places": [_row(one) for one in directory().all]}
    response = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@public
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table (RFC 4180), in UTF-8 with its mark, so that a spreadsheet reads å, ä and ö."""
    rows = [_row(one) for one in directory().all]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in _COLUMNS])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="har-finns-vi.csv"'
    return response


_COLUMNS: Final = (
    "group",
    "kind",
    "name",
    "address",
    "link",
    "purpose",
    "function",
    "persons",
    "hours",
    "languages",
    "promised_working_days",
    "usual_working_days",
    "notice",
    "since",
    "closed",
    "archive",
    "short_link",
    "verified",
)


def _row(one: Listed) -> dict[str, Any]:
    place = one.place
    link = settings.GENSVAR_URL + place.link if place.link.startswith("/") else place.link
    return {
        "group": one.group,
        "kind": place.kind,
        "name": place.name,
        "address": place.address,
        "link": "" if place.closed_on else link,
        "purpose": place.purpose,
        "function": place.function,
        "persons": place.who,
        "hours": place.hours,
        "languages": place.languages,
        "promised_working_days": None if place.closed_on else place.answer_within,
        "usual_working_days": one.usual,
        "notice": place.notice,
        "since": place.opened_on.isoformat() if place.opened_on else None,
        "closed": place.closed_on.isoformat() if place.closed_on else None,
        "archive": place.archiving,
        "short_link": one.short,
        "verified": place.verified,
    }


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula; a telephone number keeps its plus."""
    text = "" if value is None else str(value)
    risky = text.startswith(_FORMULA) or (text.startswith("+") and not text[1:].replace(" ", "").isdigit())
    return f"'{text}" if risky else text
