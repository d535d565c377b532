"""What one looks at, read from the address, so that a link shows the same to a colleague. A plain GET form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.contract.channel import installed
from gensvar.core import clock, topics
from gensvar.core.models import Topic
from gensvar.desk.rows import form_of
from gensvar.publishing.appearances.models import Appearance
from gensvar.voices.models import OUTSIDE, POST
from gensvar.voices.shares import Selection, Unit

DAYS: Final = 90  # without a choice: today and those before it
LONGEST: Final = dt.timedelta(days=3660)
EARLIEST: Final = dt.date(2000, 1, 1)
OTHER: Final = {
    POST: gettext_lazy("Posts"),
    f"{OUTSIDE}{Appearance.Kind.INTERVIEW}": gettext_lazy("Interviews elsewhere"),
    f"{OUTSIDE}{Appearance.Kind.TALK}": gettext_lazy("Talks elsewhere"),
    f"{OUTSIDE}{Appearance.Kind.VISIT}": gettext_lazy("Visits elsewhere"),
    f"{OUTSIDE}{Appearance.Kind.MEETING}": gettext_lazy("Meetings elsewhere"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; `problem` says why the days are the usual ones where those given cannot be."""

    selection: Selection
    unit: Unit
    topic: Topic | None
    problem: str = ""

    @property
    def narrowed(self) -> str:
        """The chosen channel and topic in words; empty where all are shown."""
        channel = called(self.selection.channel) if self.selection.channel else ""
        return " · ".join(filter(None, [channel, self.topic.name if self.topic else ""]))


def chosen(asked: QueryDict) -> Choice:
    """From the fields of the form; what is not known there counts as not chosen."""
    today = clock.today()
    starts, ends, problem = today - dt.timedelta(days=DAYS - 1), today, ""
    if asked.get("from") or asked.get("to"):
        try:
            starts, ends = _days(asked, today)
        except ValueError as error:
            problem = str(error)
    channel = asked.get("channel", "")
    topic = topics.find(asked.get("topic", ""))
    return Choice(
        Selection(
            starts,
            ends,
            channel if channel in installed() or channel in OTHER else "",
            topic.pk if topic else None,
        ),
        next((unit for unit in Unit if unit == asked.get("unit")), Unit.MESSAGES),
        topic,
        problem,
    )


def day_in(text: str) -> dt.date:
    """A day as `2026-10-01`. Raises ValueError, with words for whoever wrote it, for what is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%(text)s” is no day. Write it as 2026-10-01.") % {"text": text[:20]}) from None


def _days(asked: QueryDict, today: dt.date) -> tuple[dt.date, dt.date]:
    first, last = str(asked.get("from", "")), str(asked.get("to", ""))
    ends = day_in(last) if last else today
    starts = (
        day_in(first)
        if first
        else max(EARLIEST, ends - dt.timedelta(days=DAYS - 1))
        if ends > EARLIEST
        else ends
    )
    if ends < starts:
        raise ValueError(_("The last day lies before the first."))
    if starts < EARLIEST or ends > today or ends - starts > LONGEST:
        raise ValueError(_("Choose at most ten years, from 2000 until today."))
    return starts, ends


def called(channel: str) -> str:
    """What a channel is called; or posts, or a kind of appearance elsewhere, which are counted beside the channels."""
    return str(OTHER[channel]) if channel in OTHER else form_of(channel).label


def channels() -> list[tuple[str, str]]:
    """Every installed channel and what is counted beside them, with its label, by label."""
    return sorted(
        ((name, called(name)) for name in (*installed(), *OTHER)), key=lambda one: one[1].casefold()
    )
