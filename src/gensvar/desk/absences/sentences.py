"""Moves by themselves and troubles with calendars, in words."""

from __future__ import annotations

from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.conversations.models import Conversation
from gensvar.core import times
from gensvar.core.outside.fetching import Trouble as Outside
from gensvar.people.absences.reading import Trouble
from gensvar.routing.ways import Step, Why, steps

TROUBLES: Final = {
    Outside.INSIDE: gettext_lazy("The address leads into a network that is not open to all."),
    Outside.ADDRESS: gettext_lazy("The address leads to where calendars are not asked for."),
    Outside.UNSAFE: gettext_lazy("The connection is not safe."),
    Trouble.REFUSED: gettext_lazy("The server gave no calendar. Has the address been changed?"),
    Trouble.NOT_A_CALENDAR: gettext_lazy("What came is no calendar in the form iCalendar."),
    Trouble.TOO_MUCH: gettext_lazy("The calendar is too large."),
    Trouble.SEALED: gettext_lazy("The address must be given again."),
    Trouble.SOME_LEFT: gettext_lazy(
        "Some entries of absence could not be understood and do not count. Note those days above, if they are missing."
    ),
}


def trouble(name: str) -> str:
    """Why a calendar was not read; empty where nothing went wrong."""
    if not name:
        return ""
    found = {str(key): said for key, said in TROUBLES.items()}
    return str(found.get(name, _("The server did not answer. It is tried again within an hour.")))


def moves_of(conversation: Conversation) -> list[str]:
    """Where the conversation went by itself, and why, newest first."""
    return [move(step) for step in steps(conversation)]


def move(step: Step) -> str:
    """One move in one sentence."""
    values = {
        "time": times.said(step.at),
        "to": step.person.name if step.person is not None else str(step.function or ""),
        "whose": step.whose.name if step.whose is not None else "",
        "was_in": str(step.was_in or ""),
        "until": date_format(step.until, "j F") if step.until else "",
    }
    if step.why == Why.AWAY:
        return _("%(time)s: went to %(to)s, since %(whose)s is away until %(until)s.") % values
    if step.why == Why.LEFT:
        return _("%(time)s: went to %(to)s, since %(whose)s does not hold the function any more.") % values
    if step.why == Why.UNABLE:
        return _("%(time)s: went to %(to)s, since %(whose)s has no log-in or role to answer with.") % values
    return _("%(time)s: went to %(to)s, since nobody of %(was_in)s is there.") % values
