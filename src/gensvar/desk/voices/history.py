"""Who could speak for what on any day, as it was noted then and as it was corrected since; and the form that corrects it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.core import clock
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import day_field, put_errors
from gensvar.desk.voices.choosing import day_in
from gensvar.people import correcting
from gensvar.people.days import Days
from gensvar.people.models import Function, Tenure
from gensvar.people.queries import Told, told_of


class CorrectionForm(forms.Form):
    """The days as they were in truth. The days that were shown go with it, so that nobody corrects what another has just mended."""

    starts = day_field(gettext_lazy("from"))
    ends = day_field(gettext_lazy("until and with"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("why"),
        max_length=300,
        help_text=gettext_lazy(
            "Such as “the wrong year was typed; the contract says 2025”. It stands beside what was noted before."
        ),
    )
    seen_starts = forms.DateField(widget=forms.HiddenInput)
    seen_ends = forms.DateField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, tenure: Tenure) -> CorrectionForm:
        """With the days as they stand."""
        days = {"starts": tenure.starts, "ends": tenure.ends}
        return cls(initial=days | {f"seen_{name}": day for name, day in days.items()})


@needs(May.SEE_VOICES, May.MANAGE_PEOPLE, May.SEE_AUDIT)
def could_speak(request: HttpRequest) -> HttpResponseBase:
    """Each function with those who held it on the day of the address, or were believed to; two queries."""
    day, problem = clock.today(), ""
    if asked := request.GET.get("day"):
        try:
            day = day_in(asked)
        except ValueError as error:
            problem = str(error)
    found: dict[Function, list[Told]] = {}
    for one in told_of(day):
        found.setdefault(one.tenure.function, []).append(one)
    context = {
        "day": day,
        "problem": problem,
        "rows": list(found.items()),
        "corrects": user_of(request).may(May.CORRECT_TENURES),
    }
    return render(request, "desk/voices/could_speak.html", context)


@needs(May.CORRECT_TENURES)
def correct_tenure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Correct the days of one tenure that have passed, with a reason; the earlier corrections stand below."""
    found = get_object_or_404(Tenure.objects.select_related("person", "function"), pk=pk)
    form = CorrectionForm(request.POST) if request.method == "POST" else CorrectionForm.of(found)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        days, seen = Days(said["starts"], said["ends"]), Days(said["seen_starts"], said["seen_ends"])
        try:
            correcting.correct_tenure(found, days, seen=seen, reason=said["reason"], by=user_of(request))
        except ValidationError as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("Corrected. What was noted before stands beside it."))
            return redirect(f"{reverse('desk:could_speak')}?{urlencode({'day': said['starts'].isoformat()})}")
    context: dict[str, Any] = {
        "form": form,
        "title": _("Correct days: %(person)s, %(function)s")
        % {"person": found.person, "function": found.function},
        "lead": _(
            "Only where a day was noted wrongly. What they said keeps its speaker, also where they then turn out not to "
            "have held the function; where they spoke without holding it, no day can be added."
        ),
        "back_url": reverse("desk:could_speak"),
        "back_label": _("Who could speak?"),
        "corrections": found.corrections.select_related("by"),
    }
    return render(request, "desk/voices/correct.html", context)
