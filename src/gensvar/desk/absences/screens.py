"""Somebody's absence with the calendar it may be read from, one's own or another's; and who is away in the coming weeks.

Neighbours: people.absences decides and writes, routing.alarms says what needs a coordinator.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.ids import row_id
from gensvar.core.roles import May
from gensvar.desk.absences.sentences import trouble
from gensvar.desk.access import READING, needs, user_of
from gensvar.desk.fields import offer, put_errors
from gensvar.desk.managing.forms import AbsenceForm
from gensvar.people import services
from gensvar.people.absences import calendars
from gensvar.people.absences.reading import Trouble
from gensvar.people.absences.roster import absences_between, rosters
from gensvar.people.models import Person
from gensvar.people.queries import in_service, person_of
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


class AwayForm(AbsenceForm):
    """Somebody is away: whoever works here, from today unless another day is said."""

    person = forms.ModelChoiceField(
        queryset=Person.objects.none(), label=gettext_lazy("who"), empty_label=gettext_lazy("choose somebody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["person", "starts", "ends"])
        offer(self, "person", in_service().order_by("name", "pk"))
        self.fields["starts"].initial = self.fields["ends"].initial = clock.today()


@needs(*READING, May.MANAGE_PEOPLE)
def own(request: HttpRequest) -> HttpResponseBase:
    """One's own absences: said, taken back, or read from a calendar."""
    return _absences(request, person_of(user_of(request)), reverse("desk:own_absences"))


@needs(May.SAY_ABSENCES)
def of_another(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same for somebody who cannot say it: who is ill, or has no log-in. Not for who has left."""
    person = get_object_or_404(in_service(), pk=pk)
    return _absences(request, person, reverse("desk:absences_of", args=[pk]))


def _absences(request: HttpRequest, person: Person | None, address: str) -> HttpResponseBase:
    """The screen of one person's absences. Each of its forms says what it is in `act`."""
    act = request.POST.get("act", "") if request.method == "POST" else ""
    absence_form = AbsenceForm(request.POST if act == "absence" else None)
    calendar_form = CalendarForm(request.POST if act == "calendar" else None)
    absence_form.auto_id, calendar_form.auto_id = "absence_%s", "calendar_%s"
    if person is not None and act and _done(request, person, act, absence_form, calendar_form):
        return redirect(address)
    given = calendars.calendar_of(person) if person is not None else None
    context = {
        "person": person,
        "another": person is not None and person.user_id != user_of(request).pk,
        "absences": person.absences.filter(ends__gte=clock.today()).order_by("starts") if person else (),
        "absence_form": absence_form,
        "calendar_form": calendar_form,
        "calendar": given,
        "trouble": trouble(given.trouble) if given is not None else "",
        "partly": given is not None and given.trouble == Trouble.SOME_LEFT,
        "words": ", ".join(settings.GENSVAR_ABSENCE_WORDS),
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
    """Alarms, days on which nobody of a function is there, and everybody's absences in the coming weeks.

    Whoever may say of others that they are away says it here, or goes on to one person's days and calendar.
    """
    form = AwayForm(request.POST or None) if user_of(request).may(May.SAY_ABSENCES) else None
    if request.method == "POST" and (address := _away(request, form)):
        return redirect(address)
    days = working_days()
    found = rosters(days)
    context = {
        "form": form,
        "alarms": [sentence(alarm) for alarm in raised()],
        "days": days,
        "rosters": found,
        "empty": [(one.function, day) for one in found for day in one.days if day.empty],
        "absences": absences_between(clock.today(), days[-1]),
    }
    return render(request, "desk/absences/coming.html", context)


def _away(request: HttpRequest, form: AwayForm | None) -> str:
    """Note who is away; gives where it goes on, empty where something in the form has to be mended. Raises NotAllowed."""
    if form is None:
        raise NotAllowed("No role of this log-in says that others are away.")
    valid = form.is_valid()
    person: Person | None = form.cleaned_data.get("person")
    if person is None:
        return ""
    if "open" in request.POST:
        return reverse("desk:absences_of", args=[person.pk])
    if not valid:
        return ""
    try:
        services.save_absence(
            person, form.cleaned_data["starts"], form.cleaned_data["ends"], by=user_of(request)
        )
    except ValidationError as refusal:
        put_errors(form, refusal)
        return ""
    messages.success(request, _("Noted. New and waiting words go to who stands in."))
    return reverse("desk:absences")


def working_days() -> list[dt.date]:
    """Today and the next days that are worked; never none."""
    today, known = clock.today(), calendar.load()
    coming = (today + dt.timedelta(days=ahead) for ahead in range(LONGEST))
    return [day for day in coming if known.is_working_day(day)][:SHOWN_DAYS] or [today]
