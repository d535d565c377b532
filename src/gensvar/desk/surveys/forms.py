"""The forms of a survey. They gather and check; learning.surveys decides and writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import User
from gensvar.desk.fields import day_field, offer
from gensvar.learning.surveys.models import Question, Survey, SurveyForm
from gensvar.learning.surveys.services import LONGEST
from gensvar.people.models import Function, Person
from gensvar.people.queries import appointed, in_service


class NewForm(forms.Form):
    """Whom it is about, what is asked, until when."""

    leader = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("who leads"))
    function = forms.ModelChoiceField(
        queryset=Function.objects.filter(active=True),
        label=_("function"),
        help_text=_("That the leader holds; those who hold it too are asked, and you can change who."),
    )
    form = forms.ModelChoiceField(
        queryset=SurveyForm.objects.order_by("-made_at", "-pk"), label=_("questions")
    )
    last_day = day_field(_("last day to answer"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "leader", appointed().exclude(user=user))


class PlanForm(forms.Form):
    """What is asked, and until when, as long as nobody is asked."""

    form = forms.ModelChoiceField(
        queryset=SurveyForm.objects.order_by("-made_at", "-pk"), label=_("questions")
    )
    last_day = day_field(_("last day to answer"))


class AskedForm(forms.Form):
    """Who is asked."""

    persons = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        label=_("who is asked"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, survey: Survey, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "persons", in_service().exclude(pk=survey.leader_id).order_by("name", "pk"))


class ProlongForm(forms.Form):
    """Another last day."""

    last_day = day_field(_("last day to answer"))


class ReasonForm(forms.Form):
    """Why something ends, or is withdrawn."""

    reason = forms.CharField(label=_("why"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))


class TitleForm(forms.Form):
    """What a form of questions is called."""

    title = forms.CharField(label=_("headline"), max_length=120)
    title_en = forms.CharField(label=_("headline in English"), max_length=120, required=False)


class QuestionForm(forms.Form):
    """One question; without words it is taken out."""

    key = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    words = forms.CharField(label=_("words"), max_length=300, required=False)
    words_en = forms.CharField(label=_("words in English"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("answered by"), choices=Question.Kind.choices)
    same = forms.BooleanField(
        label=_("asks the same as before, so that years are compared"), required=False, initial=True
    )


QuestionForms = forms.formset_factory(QuestionForm, extra=3, max_num=20, absolute_max=20)
