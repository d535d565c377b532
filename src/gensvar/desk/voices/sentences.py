"""What was found, in whole sentences; bounds are said as bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gensvar.voices.cells import WITHOUT, Cell
from gensvar.voices.heard import Heard
from gensvar.voices.measures import Concentration
from gensvar.voices.mending import Kind, Mending, Step
from gensvar.voices.plots import decimal, percent
from gensvar.voices.shares import Known, Selection, Unit
from gensvar.voices.truck import TruckFactor

NAMED: Final = 6  # topics in one sentence


def period(chosen: Selection) -> str:
    """ "1 oktober 2026 – 27 november 2026"."""
    starts, ends = (date_format(day, "j F Y") for day in (chosen.starts, chosen.ends))
    return starts if starts == ends else f"{starts} – {ends}"


def month(day: dt.date) -> str:
    """ "oktober 2026"."""
    return date_format(day, "F Y")


def finding(said: Concentration, chosen: Selection, unit: Unit) -> str:
    """How much came from one person: the first sentence of the page."""
    if said.top is None and unit is Unit.RECIPIENTS:
        return _("%(period)s: no recipient of anything that we said is known.") % {"period": period(chosen)}
    if said.top is None:
        return _("%(period)s: we said nothing that is counted here.") % {"period": period(chosen)}
    if unit is Unit.RECIPIENTS:
        sentence = _("%(period)s: %(share)s of the known recipients were reached by one person.")
    elif unit is Unit.WORDS:
        sentence = _("%(period)s: %(share)s of the words that we wrote came from one person.")
    else:
        sentence = _("%(period)s: %(share)s of what we said came from one person.")
    return sentence % {"period": period(chosen), "share": percent(said.top)}


def amount(number: int, unit: Unit) -> str:
    """ "12 messages"; of recipients none are "not known", since nobody knows that there were none."""
    if unit is Unit.RECIPIENTS:
        if not number:
            return not_known()
        return ngettext("%(number)d known recipient", "%(number)d known recipients", number) % {
            "number": number
        }
    if unit is Unit.WORDS:
        return ngettext("%(number)d word", "%(number)d words", number) % {"number": number}
    return ngettext("%(number)d message", "%(number)d messages", number) % {"number": number}


def unit_title(unit: Unit) -> str:
    """What stands above a column of amounts."""
    titles = {Unit.MESSAGES: _("Messages"), Unit.WORDS: _("Words"), Unit.RECIPIENTS: _("Known recipients")}
    return titles[unit]


def own(number: int, unit: Unit, said: bool) -> str:
    """How much one said oneself; of words whose recipients are counted, and were said, none are "not known"."""
    if unit is Unit.RECIPIENTS and not said:
        return _("You said nothing in this period.")
    if unit is Unit.RECIPIENTS:
        if not number:
            return _("It is not known whether anybody got what you said in this period.")
        return _("What you said in this period has %(own)s.") % {"own": amount(number, unit)}
    return _("You said %(own)s in this period.") % {"own": amount(number, unit)}


def not_known() -> str:
    """In place of a number that nobody has."""
    return _("not known")


def known(found: Known) -> str:
    """Of how much of what was said a recipient is known at all."""
    values = {"messages": found.messages, "of": found.of_messages, "share": percent(found.share)}
    return _("Known of %(share)s of the words and of %(messages)d of %(of)d messages.") % values


def waited(found: Heard | None) -> str:
    """Within what time half get an answer: hours, from two days on days; that fewer than half have one, where it is so."""
    if found is not None and found.answered and found.mostly_waiting:
        return _("fewer than half have one")
    hours = found.hours if found is not None else None
    if hours is None:
        return "–"
    if hours < 48:
        return _("%(hours)s h") % {"hours": decimal(hours, 0 if hours >= 10 else 1)}
    return _("%(days)s days") % {"days": decimal(hours / 24)}


def truck(found: TruckFactor[int]) -> str:
    """How few carry more than half; as bounds where the time was up."""
    if found.exact:
        sentence = ngettext(
            "It is enough that %(upper)d person leaves for more than half of %(cells)d covered places × topics to have nobody.",
            "It is enough that %(upper)d people leave for more than half of %(cells)d covered places × topics to have nobody.",
            found.upper,
        )
    else:
        sentence = _(
            "At least %(lower)d and at most %(upper)d people must leave before more than half of the %(cells)d "
            "places × topics have nobody left. The time was not enough to say which."
        )
    greedy = _("(Counted one at a time, whoever covers most first: %(greedy)d.)")
    values = {"lower": found.lower, "upper": found.upper, "cells": found.cells, "greedy": len(found.greedy)}
    return f"{sentence} {greedy}" % values


def steps(found: Mending[int, int, int]) -> str:
    """How many steps would mend it; as bounds where the time was up."""
    count = len(found.steps)
    if not count:
        return _("No place × topic would be left without anybody.")
    if found.exact:
        return ngettext(
            "%(count)d step is enough, and fewer are not.",
            "%(count)d steps are enough, and fewer are not.",
            count,
        ) % {"count": count}
    return _(
        "%(count)d steps are enough; whether fewer are is not known, but at least %(lower)d are needed."
    ) % {"count": count, "lower": found.lower}


def step(
    one: Step[int, int, int], people: Mapping[int, str], points: Mapping[int, str], topics: Mapping[int, str]
) -> str:
    """One step, with whom, where and about what."""
    about = listed([topics[topic] for topic in sorted({cell[1] for cell in one.cells})])
    where = listed([points[point] for point in sorted({cell[0] for cell in one.cells})])
    if one.kind is Kind.DEPUTY and one.person is not None:
        sentence = _(
            "%(places)s · %(topics)s: %(person)s begins to answer here. Answers about it elsewhere already."
        )
    elif one.kind is Kind.TRAINING and one.person is not None:
        sentence = _(
            "%(places)s · %(topics)s: %(person)s learns about it. Answers here already about other things."
        )
    else:
        sentence = _("%(places)s · %(topics)s: somebody new begins to answer here.")
    name = people[one.person] if one.person is not None else ""
    return sentence % {"person": name, "places": where, "topics": about}


def listed(names: Sequence[str]) -> str:
    """ "a, b and c"; of many the first few and how many more."""
    shown = list(names[:NAMED])
    if more := len(names) - len(shown):
        shown.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return get_text_list(shown, _("and"))


def topic_names(cells: Collection[Cell], named: Mapping[int, str]) -> dict[int, str]:
    """The names of all topics of these cells, also of the one that stands for none."""
    return {topic: named.get(topic, "") if topic != WITHOUT else _("no topic") for _point, topic in cells}
