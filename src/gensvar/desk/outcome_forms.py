"""The two forms of an outcome: its words, and a step. They gather and check; learning.services decides and writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gensvar.core import clock
from gensvar.desk.fields import day_field, offer
from gensvar.learning.models import Outcome, Step
from gensvar.people.models import Function, Person


class OutcomeForm(forms.Form):
    """What people said, in our words, and whose matter it is."""

    title = forms.CharField(
        label=_("headline"), max_length=200, help_text=_("What it is about, in few words and without names.")
    )
    said = forms.CharField(
        label=_("what you said, in our words"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Short. Quote nobody: those who wrote have not been asked."),
    )
    function = forms.ModelChoiceField(queryset=Function.objects.none(), label=_("function"))
    language = forms.ChoiceField(label=_("language"), choices=settings.GENSVAR_STAFF_LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "function", Function.objects.filter(active=True))

    @classmethod
    def of(cls, outcome: Outcome) -> OutcomeForm:
        """As it stands."""
        words = {"title": outcome.title, "said": outcome.said}
        return cls(initial={**words, "function": outcome.function_id, "language": outcome.language})


class StepForm(forms.Form):
    """One dated step in somebody's name."""

    status = forms.ChoiceField(label=_("where it stands"), choices=Step.Status.choices)
    words = forms.CharField(
        label=_("what we did, or why we did not"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    day = day_field(_("date"))
    signed = forms.ChoiceField(label=_("who stands behind it"))

    def __init__(self, signers: Sequence[tuple[Person, Function]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signers = {f"{person.pk}:{function.pk}": (person, function) for person, function in signers}
        choice = self.fields["signed"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, f"{person}, {function}") for key, (person, function) in self.signers.items()]

    @classmethod
    def of(cls, step: Step | None, signers: Sequence[tuple[Person, Function]]) -> StepForm:
        """As it stands, or an empty one of today."""
        if step is None:
            return cls(signers, initial={"day": clock.today(), "status": Step.Status.PLANNED})
        words = {"status": step.status, "words": step.words, "day": step.day}
        return cls(signers, initial={**words, "signed": f"{step.person_id}:{step.function_id}"})

    @property
    def signer(self) -> tuple[Person, Function]:
        """Who was chosen, in a form that is valid."""
        return self.signers[self.cleaned_data["signed"]]
