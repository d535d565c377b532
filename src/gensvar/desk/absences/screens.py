"""Two screens: one's own absence with the calendar it may be read from, and who is away in the coming weeks.

Neighbours: people.absences decides and writes, routing.alarms says what needs a coordinator.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.core import clock
from gensvar.core.ids import row_id
from gensvar.core.roles import May
from gensvar.desk.absences.sentences import trouble
from gensvar.desk.access import READING, needs, user_of
from gensvar.desk.managing.forms import AbsenceForm, put_errors
from gensvar.people import services
from gensvar.people.absences import calendars
from gensvar.people.absences.roster import absences_between, rosters
from gensvar.people.models import Person
from gensvar.people.queries import person_of
from gensvar.routing import calendar
from gensvar.routing.alarms.keeping import raised
from gensvar.routing.alarms.sentences import sentence

SHOWN_DAYS: Final = 20  # working days
LONGEST: Final = 60  # days that are looked through for them


class CalendarForm(forms.Form):
    """The address of one's calendar; what was given is never shown again."""

    address = forms.CharField(
        label=gettext_lazy("address of the calendar (iCalendar)"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
    )


@needs(*READING, May.MANAGE_PEOPLE)
def own(request: HttpRequest) -> HttpResponseBase:
    """One's own absences: said, taken back, or read from a calendar. Each form says what it is in `act`."""
    person = person_of(user_of(request))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    absence_form = AbsenceForm(request.POST if act == "absence" else None)
    calendar_form = CalendarForm(request.POST if act == "calendar" else None)
    absence_form.auto_id, calendar_form.auto_id = "absence_%s", "calendar_%s"
    if person is not None and act and _done(request, person, act, absence_form, calendar_form):
        return redirect("desk:own_absences")
    given = calendars.calendar_of(person) if person is not None else None
    context = {
        "person": person,
        "absences": person.absences.filter(ends__gte=clock.today()).order_by("starts") if person else (),
        "absence_form": absence_form,
        "calendar_form": calendar_form,
        "calendar": given,
        "trouble": trouble(given.trouble) if given is not None else "",
    }
    return render(request, "desk/absences/own.html", context)


def _done(
    request: HttpRequest, person: Person, act: str, absence_form: AbsenceForm, calendar_form: CalendarForm
) -> bool:
    by = user_of(request)
    form = {"absence": absence_form, "calendar": calendar_form}.get(act)
    if form is not None and not form.is_valid():
        return False
    try:
        if act == "absence":
            values = absence_form.cleaned_data
            services.save_absence(person, values["starts"], values["ends"], by=by)
            messages.success(request, _("Noted. New and waiting words go to who stands in."))
        elif act == "remove":
            absence = get_object_or_404(person.absences, pk=row_id(request.POST.get("absence")))
            services.remove_absence(absence, by=by)
            messages.success(request, _("Taken back. What has gone to others stays with them."))
        elif act == "calendar":
            calendars.save_calendar(person, calendar_form.cleaned_data["address"], by=by)
            messages.success(request, _("Kept. The calendar is read in a moment, and then each hour."))
        elif act == "forget":
            calendars.remove_calendar(person, by=by)
            messages.success(request, _("The address is forgotten, with the days to come that were read."))
    except ValidationError as refusal:
        if form is None:
            messages.error(request, " ".join(refusal.messages))
            return True
        put_errors(form, refusal)
        return False
    return True


@needs(May.SEE_ABSENCES)
def coming(request: HttpRequest) -> HttpResponseBase:
    """Alarms, days on which nobody of a function is there, and everybody's absences in the coming weeks."""
    days = working_days()
    found = rosters(days)
    context = {
        "alarms": [sentence(alarm) for alarm in raised()],
        "days": days,
        "rosters": found,
        "empty": [(one.function, day) for one in found for day in one.days if day.empty],
        "absences": absences_between(clock.today(), days[-1]),
    }
    return render(request, "desk/absences/coming.html", context)


def working_days() -> list[dt.date]:
    """Today and the next days that are worked; never none."""
    today, known = clock.today(), calendar.load()
    coming = (today + dt.timedelta(days=ahead) for ahead in range(LONGEST))
    return [day for day in coming if known.is_working_day(day)][:SHOWN_DAYS] or [today]
