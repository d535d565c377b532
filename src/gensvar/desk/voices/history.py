"""Who could speak for what on any day, today or long ago, as the tenures tell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from gensvar.core import clock
from gensvar.core.roles import May
from gensvar.desk.access import needs
from gensvar.desk.voices.choosing import day_in
from gensvar.people.models import Function, Tenure
from gensvar.people.queries import could_speak_on


@needs(May.SEE_VOICES, May.MANAGE_PEOPLE, May.SEE_AUDIT)
def could_speak(request: HttpRequest) -> HttpResponseBase:
    """Each function with those who held it on the day of the address; one query."""
    day, problem = clock.today(), ""
    if asked := request.GET.get("day"):
        try:
            day = day_in(asked)
        except ValueError as error:
            problem = str(error)
    found: dict[Function, list[Tenure]] = {}
    for tenure in could_speak_on(day):
        found.setdefault(tenure.function, []).append(tenure)
    context = {"day": day, "problem": problem, "rows": list(found.items())}
    return render(request, "desk/voices/could_speak.html", context)
