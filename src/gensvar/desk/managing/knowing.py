"""Corrects since when and from whom somebody knows a log-in outside, reached from the log-in's own page.

Neighbours: contactpoints.outside_logins.correcting keeps what was noted before, outside_logins shows it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.contactpoints.outside_logins.correcting import Noted, correct_knowing
from gensvar.contactpoints.outside_logins.models import KnownBy
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import day_field, put_errors
from gensvar.people.models import Person


class KnowingForm(forms.Form):
    """How it is in truth. What was shown goes with it, so that nobody corrects what another has just mended."""

    since = day_field(
        gettext_lazy("since when"), required=False, help_text=gettext_lazy("Empty where it is not known.")
    )
    told_by = forms.ModelChoiceField(
        queryset=Person.objects.all(),
        required=False,
        label=gettext_lazy("told by"),
        empty_label=gettext_lazy("not noted"),
    )
    reason = forms.CharField(
        label=gettext_lazy("why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Needed only where something else was noted before, which then stands beside it."
        ),
    )
    seen_since = forms.DateField(required=False, widget=forms.HiddenInput)
    seen_told_by = forms.ModelChoiceField(
        queryset=Person.objects.all(), required=False, widget=forms.HiddenInput
    )

    @classmethod
    def of(cls, knowing: KnownBy) -> KnowingForm:
        """With what is noted."""
        noted = {"since": knowing.since, "told_by": knowing.told_by_id}
        return cls(initial=noted | {f"seen_{name}": value for name, value in noted.items()})


@needs(May.MANAGE_PLACES)
def knowing(request: HttpRequest, pk: int, person: int) -> HttpResponseBase:
    """The form for one person who knows that log-in."""
    rows = KnownBy.objects.select_related("person", "login", "told_by")
    found = get_object_or_404(rows, login=pk, person=person)
    back = reverse("desk:change_outside_login", args=[pk])
    form = KnowingForm(request.POST) if request.method == "POST" else KnowingForm.of(found)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        noted, seen = Noted(said["since"], said["told_by"]), Noted(said["seen_since"], said["seen_told_by"])
        try:
            correct_knowing(found, noted, seen=seen, reason=said["reason"], by=user_of(request))
        except ValidationError as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("Corrected. What was noted before stands beside it."))
            return redirect(back)
    context: dict[str, Any] = {
        "form": form,
        "title": _("%(login)s: how %(person)s knows it") % {"login": found.login, "person": found.person},
        "lead": _("Where since when or from whom was noted wrongly, or not at all."),
        "back_url": back,
        "back_label": str(found.login),
    }
    return render(request, "desk/managing/form.html", context)
