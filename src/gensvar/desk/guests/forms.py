"""The forms about a guest. They gather and check; publishing.guests decides and writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import User
from gensvar.desk.fields import day_field, offer
from gensvar.people.models import Function
from gensvar.people.queries import functions_of
from gensvar.publishing.guests.writing import LONGEST_LEAD, LONGEST_TEXT, LONGEST_TITLE, Written
from gensvar.publishing.posts.models import GuestByline


class InvitationForm(forms.Form):
    """Who is asked to write what, until when."""

    name = forms.CharField(label=_("name"), max_length=120, help_text=_("As it would stand under the text."))
    email = forms.EmailField(label=_("e-mail address"), max_length=254)
    kind = forms.ChoiceField(label=_("writes as"), choices=GuestByline.Kind.choices)
    association = forms.CharField(
        label=_("association"), max_length=120, required=False, help_text=_("Where they write for one.")
    )
    about = forms.CharField(
        label=_("what it is about"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands in the mail and on the guest's page."),
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.GENSVAR_STAFF_LANGUAGES)
    last_day = day_field(_("last day to hand in"))
    function = forms.ModelChoiceField(
        queryset=Function.objects.none(),
        label=_("function that invites"),
        help_text=_("It stands behind the text being shown, and the mails come from its address."),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "function", functions_of(user).filter(active=True))


class TextForm(forms.Form):
    """The text while it is written together."""

    title = forms.CharField(label=_("headline"), max_length=LONGEST_TITLE, required=False)
    lead = forms.CharField(
        label=_("lead"),
        max_length=LONGEST_LEAD,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text = forms.CharField(
        label=_("text"),
        max_length=LONGEST_TEXT,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "An empty line begins a new paragraph. A line that begins with ## is a heading, one with - an item of a list."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def written(self) -> Written:
        """What was typed, in a form that is valid."""
        given = self.cleaned_data
        return Written.tidied(given["title"], given["lead"], given["text"])


class WordsForm(forms.Form):
    """Words to the guest."""

    words = forms.CharField(
        label=_("words to the guest"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class LastDayForm(forms.Form):
    """Another last day."""

    last_day = day_field(_("last day to hand in"))
