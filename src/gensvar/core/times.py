"""Times as staff read them, said as in Sweden: "i dag 14:02", "tis 24 nov. 14:02"; always in the municipality's time zone.

The one place for it: the desk's lists and the sentences about deliveries both ask here.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gensvar.core import clock, languages


def said(at: dt.datetime | None, *, now: dt.datetime | None = None) -> str:
    """A time (aware) in full, as in a sentence; empty for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    today = timezone.localdate(now or clock.now())
    hour = f"{local:%H:%M}"
    near = {-1: _("yesterday %(time)s"), 0: _("today %(time)s"), 1: _("tomorrow %(time)s")}
    if sentence := near.get((local.date() - today).days):
        return sentence % {"time": hour}
    return f"{date_format(local, 'D')} {_date(local, today)} {hour}"


def brief(at: dt.datetime | None, *, now: dt.datetime | None = None) -> str:
    """A time (aware) as a list has room for it: the hour today, else the day; empty for None."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    today = timezone.localdate(now or clock.now())
    days = (local.date() - today).days
    if days == 0:
        return f"{local:%H:%M}"
    if days == -1:
        return _("yesterday")
    return _date(local, today)


def day(moment: dt.datetime | dt.date | None) -> str:
    """A day as the public reads it: "tisdag 1 december", with its year where that is not this one; empty for None."""
    if moment is None:
        return ""
    date = timezone.localtime(moment).date() if isinstance(moment, dt.datetime) else moment
    return date_format(date, "l j F" if date.year == clock.today().year else "j F Y")


def days(first: dt.date, last: dt.date) -> str:
    """Whole days, the last one with them: "28 nov." for one, "28 nov. – 3 dec." for more; the year where it is not this one."""
    today = timezone.localdate(clock.now())
    return _date(first, today) if first == last else f"{_date(first, today)} – {_date(last, today)}"


def _date(local: dt.date, today: dt.date) -> str:
    """ "24 nov." this year, "24 nov. 2025" otherwise; months that are not cut short have no full stop."""
    month = date_format(local, "M").lower()
    if languages.here() == "sv":
        month = date_format(local, "N").lower()
        month = f"{month}." if len(month) == 3 and month != "maj" else month
    else:
        month = month.capitalize()
    return f"{local.day} {month}" if local.year == today.year else f"{local.day} {month} {local.year}"
