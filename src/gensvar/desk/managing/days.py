"""When the municipality works: the ordinary week, and the days that are not as it says."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gensvar.core import clock
from gensvar.core.ids import row_id
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import put_errors
from gensvar.desk.managing.forms import DayForm, WeekForm
from gensvar.routing import days as services
from gensvar.routing.models import SpecialDay, WorkingWeek


@needs(May.MANAGE_DAYS)
def days(request: HttpRequest) -> HttpResponseBase:
    """The week and the special days from this year on; each form says what it is in `act`."""
    week = WorkingWeek.objects.first() or WorkingWeek(pk=1)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    week_form = WeekForm(request.POST if act == "week" else None, instance=week)
    day_form = DayForm(request.POST if act == "day" else None)
    week_form.auto_id, day_form.auto_id = "week_%s", "day_%s"
    if _done(request, act, week_form, day_form):
        return redirect("desk:days")
    found = SpecialDay.objects.filter(date__year__gte=clock.today().year)
    return render(
        request, "desk/managing/days.html", {"week_form": week_form, "day_form": day_form, "days": found}
    )


def _done(request: HttpRequest, act: str, week_form: WeekForm, day_form: DayForm) -> bool:
    by = user_of(request)
    if act == "remove":
        day = get_object_or_404(SpecialDay, pk=row_id(request.POST.get("day")))
        services.remove_day(day, by=by)
        messages.success(request, _("%(day)s is an ordinary day again.") % {"day": day.name})
        return True
    forms: dict[str, WeekForm | DayForm] = {"week": week_form, "day": day_form}
    form = forms.get(act)
    if form is None or not form.is_valid():
        return False
    try:
        if form is week_form:
            services.save_week(week_form.instance, by=by)
        else:
            values = day_form.cleaned_data
            services.save_day(values["date"], values["name"], worked=values["worked"], by=by)
    except ValidationError as refusal:
        put_errors(form, refusal)
        return False
    messages.success(request, _("Saved. Promises already made stay as they are."))
    return True
