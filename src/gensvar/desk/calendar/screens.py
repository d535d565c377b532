"""The calendar's screen in three views that stand in the address, and the plain form behind every move."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.core import clock
from gensvar.core.ids import row_id
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.calendar import items, moving, remarks, spans
from gensvar.desk.calendar.items import Item
from gensvar.desk.fields import day_in
from gensvar.people.models import Person
from gensvar.people.queries import appointed
from gensvar.publishing.services import NotPublishable
from gensvar.routing import calendar as working
from gensvar.routing.models import SpecialDay
from gensvar.voices import writers


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what stands in it."""

    day: dt.date
    items: tuple[Item, ...]
    worked: bool
    name: str  # of a holiday, or of another day that is not as the week says
    today: bool
    outside: bool  # of the month that is shown


@needs(May.WRITE_POSTS)
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The days of the address, and beside them the drafts that have none."""
    today = clock.today()
    span = spans.chosen(request.GET, today)
    user = user_of(request)
    found = items.gather(span, user)
    views = [(name, label, spans.span(name, span.day).query) for name, label in spans.VIEWS.items()]
    context = {
        "span": span,
        "views": views,
        "before": spans.span(span.view, span.before).query,
        "after": spans.span(span.view, span.after).query,
        "this": spans.span(span.view, today).query,
        "days": _days(span, found.items, today),
        "more_letters": found.more_letters,
        "loose": items.without_day(user),
        "only_own": items.sees_only_own(user),
        "persons": _writers(),
        "held": [(one, items.edit_url(one.post.pk)) for one in items.held(user)],
        "remarks": remarks.for_calendar(user),
        "limit_form": remarks.limit_form(user),
    }
    return render(request, "desk/calendar/calendar.html", context)


@needs(May.WRITE_POSTS)
def move(request: HttpRequest) -> HttpResponseBase:
    """Move one item, then back to where it was seen; what is refused says why and changes nothing."""
    if request.method != "POST":
        raise Http404
    item = request.POST.get("item", "")
    span = spans.chosen(
        {name: request.POST.get(f"back-{name}", "") for name in ("view", "day")}, clock.today()
    )
    try:
        day = _given_day(request.POST.get("day", ""))
        person = _given_person(request.POST.get("person", ""))
        done = moving.move(item, day, request.POST.get("seen", ""), person, user_of(request))
    except NotPublishable as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(f"{reverse('desk:calendar')}?{span.query}#{item}")


@needs(May.WRITE_POSTS)
def leave(request: HttpRequest) -> HttpResponseBase:
    """Let a held post stay unpublished, then back to the calendar."""
    if request.method != "POST":
        raise Http404
    try:
        post_id = row_id(request.POST.get("post", ""))
        done = moving.leave(post_id, request.POST.get("seen", ""), user_of(request))
    except NotPublishable as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("desk:calendar")


@needs(May.SEE_VOICES)
def limit(request: HttpRequest) -> HttpResponseBase:
    """Set how much one person should write, or lift it."""
    form = remarks.limit_form(user_of(request), request.POST if request.method == "POST" else None)
    if form is not None and form.is_valid():
        writers.set_limit(form.cleaned_data["percent"], form.cleaned_data["days"], by=user_of(request))
        messages.success(request, _("Saved. It is a remark and stops nobody."))
        return redirect("desk:calendar")
    return render(request, "desk/calendar/limit.html", {"form": form})


def _days(span: spans.Span, found: tuple[Item, ...], today: dt.date) -> list[Day]:
    days = span.days
    named = dict(
        SpecialDay.objects.filter(date__gte=span.first, date__lte=span.last).values_list("date", "name")
    )
    known = working.load()
    of: dict[dt.date, list[Item]] = {}
    for one in found:
        if one.day is not None:
            of.setdefault(one.day, []).append(one)
    return [
        Day(
            day,
            tuple(of.get(day, ())),
            known.is_working_day(day),
            named.get(day, ""),
            today=day == today,
            outside=span.view == spans.MONTH and day.month != span.day.month,
        )
        for day in days
    ]


def _given_day(text: str) -> dt.date | None:
    day = day_in(text)
    if text and day is None:
        raise NotPublishable([_("Choose a day.")])
    return day


def _given_person(text: str) -> Person | None:
    return _writers().filter(pk=row_id(text)).first() if text else None


def _writers() -> QuerySet[Person]:
    """Those whose turn it can be: with a log-in and a function; they may be away."""
    return appointed().filter(user__isnull=False).order_by("name", "pk")
