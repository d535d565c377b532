"""The forms of an experiment. They gather and check; learning.workshop.services decides and writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gensvar.desk.fields import day_field, offer
from gensvar.learning.workshop.models import Experiment
from gensvar.learning.workshop.services import LONGEST, LONGEST_LINE, Plan
from gensvar.people.models import Function, Person
from gensvar.people.queries import on_duty, tenures_on


def _text(label: Any, help_text: Any = "", *, rows: int = 3, most: int = LONGEST) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class PlanForm(forms.Form):
    """What is tried, why, how we will know, who holds it and until when."""

    title = forms.CharField(label=_("headline"), max_length=200)
    tries = _text(_("what we try"), _("So that somebody who was not there understands it."))
    why = _text(_("why"))
    known_by = _text(_("how we will know"), _("What we look at, and what it must show for us to go on."))
    function = forms.ModelChoiceField(queryset=Function.objects.none(), label=_("function"))
    holder = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        label=_("who holds it"),
        help_text=_("Somebody who speaks for that function."),
    )
    starts = day_field(_("begins on"))
    decides = day_field(
        _("is decided by"), help_text=_("On that day we say whether it goes on, changes or stops.")
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.GENSVAR_STAFF_LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "function", Function.objects.filter(active=True))
        offer(self, "holder", Person.objects.filter(active=True, pk__in=tenures_on().values("person")))

    @classmethod
    def of(cls, one: Experiment) -> PlanForm:
        """As it stands."""
        names = ("title", "tries", "why", "known_by", "starts", "decides", "language")
        words = {name: getattr(one, name) for name in names}
        return cls(initial={**words, "function": one.function_id, "holder": one.holder_id})

    @property
    def plan(self) -> Plan:
        """What was written, in a form that is valid."""
        return Plan(**self.cleaned_data)


class SuccessorsForm(forms.Form):
    """Who could take over."""

    persons = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        label=_("who could take over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, one: Experiment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "persons", on_duty().exclude(pk=one.holder_id).order_by("name", "pk"))


class LineForm(forms.Form):
    """What was learnt meanwhile."""

    words = _text(_("what we learnt"), rows=4, most=LONGEST_LINE)


class MoveForm(forms.Form):
    """Another day for the decision."""

    decides = day_field(_("is decided by"))
    reason = _text(_("why on another day"), rows=2, most=LONGEST_LINE)


class HandForm(forms.Form):
    """Somebody else who holds it."""

    holder = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("who holds it"))

    def __init__(self, one: Experiment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speaks = tenures_on().filter(function=one.function_id).values("person")
        offer(self, "holder", Person.objects.filter(active=True, pk__in=speaks).exclude(pk=one.holder_id))


class VerdictForm(forms.Form):
    """What was decided, and what came of it."""

    verdict = forms.ChoiceField(label=_("what we decided"), choices=Experiment.Verdict.choices)
    result = _text(
        _("what came of it"),
        _("Also when it did not work: that is what others learn most from."),
        rows=5,
        most=LONGEST_LINE,
    )
