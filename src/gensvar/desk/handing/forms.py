"""The forms of handover. They only gather and check; people.handover decides and writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.desk.fields import day_field, offer
from gensvar.people.handover.models import Handover
from gensvar.people.handover.plan import ALL, Plan
from gensvar.people.models import Person


class BeginForm(forms.Form):
    """Who leaves, and when."""

    person = forms.ModelChoiceField(queryset=Person.objects.filter(active=True), label=_("who leaves"))
    last_day = day_field(_("last day"))
    reason = forms.CharField(label=_("why"), max_length=300, required=False)


class DayForm(forms.Form):
    """The same without the person, who is chosen once."""

    last_day = day_field(_("last day"))
    reason = forms.CharField(label=_("why"), max_length=300, required=False)


class WitnessForm(forms.Form):
    """That a log-in outside was changed, and who saw it."""

    changed_on = day_field(_("changed on"))
    witness = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("witness"))

    def __init__(self, handover: Handover, posted: QueryDict | None = None, **options: Any) -> None:
        super().__init__(posted, initial={"changed_on": clock.today()}, **options)
        offer(self, "witness", Person.objects.filter(active=True).exclude(pk=handover.person_id))


def choices_in(posted: QueryDict, handover: Handover, plan: Plan) -> dict[str, dict[str, int]]:
    """Who was chosen, by kind and by key. What stands not in the form stays chosen as it was."""
    able = {str(one.pk): one.pk for one in plan.receivers}
    found: dict[str, dict[str, int]] = {}
    for part in plan.parts:
        before: Mapping[str, int] = handover.choices.get(part.holding.kind, {})
        kept = {}
        for key in (ALL, *(line.held.key for line in part.lines)):
            said = posted.get(f"{part.holding.kind}|{key}")
            chosen = before.get(key) if said is None else able.get(said)
            if chosen is not None:
                kept[key] = chosen
        found[part.holding.kind] = kept
    return found
