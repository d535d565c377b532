"""What stands in the menu, and for whom: one table for Wagtail's sidebar and for the page without JavaScript.

What waits behind its lines, and which alarms stand, is counted in one statement, once for each page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import CharField, Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.access import READING, may_any
from gensvar.learning.surveys import queries as surveys
from gensvar.publishing.links import queries as links
from gensvar.routing.alarms.keeping import raised

Waiting = tuple[QuerySet[Any], ...]
"""Rows that wait for somebody, of one table or of several."""

ALARMS: Final = "alarms"  # in what waits: no line of the menu, but a sentence on the inbox


@dataclass(frozen=True, slots=True)
class Screen:
    """One line of the menu, shown to those who hold one of the permissions."""

    name: str
    label: Promise
    icon: str
    needs: tuple[May, ...]
    order: int
    waits: Callable[[], Waiting] | None = None  # what waits there, where that is worth a number in the menu

    def said(self, waiting: Mapping[str, int]) -> str:
        """Its label, with the number of what waits there."""
        found = waiting.get(self.name, 0)
        return f"{self.label} ({found})" if found else str(self.label)

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(f"desk:{self.name}")


SCREENS: Final = (
    Screen("inbox", _("Inbox"), "mail", READING, 10),
    Screen("comments", _("Comments"), "comment", (May.MODERATE,), 15),
    Screen("envelopes", _("Could not be read"), "warning", (May.SEE_ENVELOPES,), 20),
    Screen("outbox", _("Outbox"), "upload", (May.SEE_OUTBOX,), 30),
    Screen("give_out", _("Give out"), "download", (May.GIVE_OUT,), 31),
    Screen("posts", _("Posts"), "doc-full-inverse", (May.WRITE_POSTS,), 32),
    Screen("calendar", _("Calendar"), "calendar-alt", (May.WRITE_POSTS,), 31),
    Screen("guests", _("Guests"), "user", (May.PUBLISH,), 33),
    Screen("outcomes", _("You said, we did"), "success", (May.PROPOSE_OUTCOMES,), 33),
    Screen("experiments", _("The workshop"), "cogs", (May.PROPOSE_OUTCOMES,), 35),
    Screen(
        "surveys", _("How we lead"), "clipboard-list", (May.RUN_SURVEYS,), 35, lambda: (surveys.waiting(),)
    ),
    Screen("sources", _("Sources"), "openquote", (May.WRITE_POSTS,), 34),
    Screen("series", _("Series"), "list-ol", (May.PUBLISH,), 36),
    Screen("appearances", _("Appearances"), "media", (May.PUBLISH,), 37),
    Screen("positions", _("What we stand for"), "pick", (May.PUBLISH,), 38),
    Screen("voices", _("Voices"), "group", READING, 39),
    Screen("contact_points", _("Places"), "site", (May.MANAGE_PLACES,), 40),
    Screen("outside_logins", _("Log-ins outside"), "key", (May.MANAGE_PLACES,), 41),
    Screen("watching", _("Look after places"), "view", (*READING, May.MANAGE_PLACES), 42),
    Screen("links", _("Links"), "link", (May.MANAGE_PLACES,), 44, links.all_in_need),
    Screen("short_links", _("Short links"), "link-external", (May.PUBLISH, May.MANAGE_PLACES), 46),
    Screen("offices", _("Counters"), "home", (May.MANAGE_PLACES,), 47),
    Screen("provider", _("About the municipality"), "info-circle", (May.MANAGE_STATEMENTS,), 48),
    Screen("accessibility", _("Accessibility"), "view", (May.MANAGE_STATEMENTS,), 49),
    Screen("functions", _("Functions"), "group", (May.MANAGE_PEOPLE,), 50),
    Screen("people", _("Persons"), "user", (May.MANAGE_PEOPLE,), 60),
    Screen("absences", _("Who is away"), "calendar", (May.SEE_ABSENCES,), 61),
    Screen("own_absences", _("My absence"), "date", (*READING, May.MANAGE_PEOPLE), 62),
    Screen("handovers", _("Handovers"), "resubmit", (May.HAND_OVER,), 63),
    Screen("topics", _("Topics"), "tag", (May.MANAGE_TOPICS,), 65),
    Screen("playbooks", _("Playbooks"), "copy", (May.MANAGE_PLAYBOOKS,), 72),
    Screen("days", _("Working days"), "calendar-alt", (May.MANAGE_DAYS,), 70),
)


def screens_of(user: User) -> list[Screen]:
    """The lines that this log-in sees."""
    return [screen for screen in SCREENS if may_any(user, screen.needs)]


def waiting(request: HttpRequest) -> Mapping[str, int]:
    """How much waits for this log-in, by the name of the screen, and ALARMS; asked once a request, in one statement."""
    kept = vars(request)
    if "desk_waiting" not in kept:
        kept["desk_waiting"] = _counted(request.user) if isinstance(request.user, User) else {}
    found: Mapping[str, int] = kept["desk_waiting"]
    return found


def _counted(user: User) -> Mapping[str, int]:
    """Nothing is asked for somebody for whom nothing can wait."""
    parts = [(screen.name, rows) for screen in screens_of(user) if screen.waits for rows in screen.waits()]
    if user.may(May.SEE_ABSENCES):
        parts.append((ALARMS, raised()))
    if not parts:
        return {}
    name: CharField[str, str] = CharField()
    first, *rest = (
        rows.order_by().values(screen=Value(screen, output_field=name)).annotate(rows=Count("pk"))
        for screen, rows in parts
    )
    found: Counter[str] = Counter()
    for row in first.union(*rest, all=True) if rest else first:
        found[row["screen"]] += row["rows"]
    return found
