"""The one line of an appearance. It gathers and checks; publishing.appearances.services decides and writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.desk.fields import day_field, offer
from gensvar.people.models import Function, Person
from gensvar.people.queries import functions_of, person_of
from gensvar.publishing.appearances.models import Appearance
from gensvar.publishing.appearances.services import LONGEST, Facts


class LineForm(forms.Form):
    """What it was, who spoke for which function, when, where or with whom, and where one reads more."""

    kind = forms.ChoiceField(label=_("what it was"), choices=Appearance.Kind.choices)
    person = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("who spoke"), empty_label=None)
    function = forms.ModelChoiceField(
        queryset=Function.objects.none(), label=_("for which function"), empty_label=None
    )
    day = day_field(_("day"))
    place = forms.CharField(label=_("where or with whom"), max_length=LONGEST["place"])
    link = forms.CharField(
        label=_("link"),
        required=False,
        max_length=LONGEST["link"],
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", Person.objects.filter(tenures__isnull=False).distinct())
        offer(self, "function", Function.objects.all())
        for name, field in self.fields.items():
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"

    @classmethod
    def empty(cls, user: User) -> LineForm:
        """For something of today, by the one who writes, for their own function."""
        first = {
            "day": clock.today(),
            "person": person_of(user),
            "function": functions_of(user).first(),
        }
        return cls(initial=first)

    @classmethod
    def of(cls, one: Appearance) -> LineForm:
        """As it stands."""
        words = {name: getattr(one, name) for name in ("kind", "day", "place", "link")}
        return cls(initial={**words, "person": one.person_id, "function": one.function_id})

    @property
    def facts(self) -> Facts:
        """What was written, in a form that is valid."""
        return Facts(**self.cleaned_data)


class CorrectionForm(LineForm):
    """The same with what was wrong."""

    reason = forms.CharField(label=_("what was wrong"), max_length=LONGEST["reason"])

    @property
    def facts(self) -> Facts:
        """What was written, without the reason."""
        return Facts(**{name: value for name, value in self.cleaned_data.items() if name != "reason"})
