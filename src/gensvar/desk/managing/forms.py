"""The forms of administration. They only gather and check; the services of each room decide and write."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.channel import channels
from gensvar.core.models import Topic, User
from gensvar.core.roles import LABELS, Role
from gensvar.core.topics import in_use
from gensvar.desk.fields import day_field, offer
from gensvar.people.models import Absence, Function, Person, Tenure
from gensvar.routing.models import SpecialDay, WorkingWeek


class FunctionForm(forms.ModelForm[Function]):
    """A function of the municipality."""

    class Meta:
        model = Function
        fields: ClassVar = ["name", "name_en", "slug", "purpose", "coordinates", "active"]
        widgets: ClassVar = {"purpose": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar = {"slug": _("short name in addresses")}


class TopicForm(forms.ModelForm[Topic]):
    """A word of the vocabulary."""

    class Meta:
        model = Topic
        fields: ClassVar = ["name", "name_en", "slug"]
        labels: ClassVar = {"slug": _("short name in addresses")}


class MergeForm(forms.Form):
    """Which other word this one becomes."""

    into = forms.ModelChoiceField(queryset=Topic.objects.none(), label=_("becomes"))

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "into", in_use().exclude(pk=topic.pk))


class PersonForm(forms.ModelForm[Person]):
    """Somebody who speaks for the municipality."""

    class Meta:
        model = Person
        fields: ClassVar = ["name", "title", "email", "phone", "shown", "active"]


class RolesField(forms.MultipleChoiceField):
    """Roles as boxes to tick, each with what it lets one do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [(r.value, f"{LABELS[r]}: {ROLE_WORDS[r]}") for r in Role], **kwargs)


ROLE_WORDS = {
    Role.ANSWERER: _("reads and answers what belongs to their functions"),
    Role.EDITOR: _("answers, and may publish"),
    Role.COORDINATOR: _("sees everything and holds it together"),
    Role.REGISTRAR: _("sees everything, gives it out as a file, changes nothing"),
    Role.EXTERNAL: _("a consultant: answers in their functions until a day, and no more"),
    Role.ADMINISTRATOR: _("looks after persons, functions, places and days; reads no conversations"),
}


class LoginForm(forms.Form):
    """A new log-in for a person."""

    email = forms.EmailField(label=_("e-mail address to log in with"))
    roles = RolesField(label=_("roles"))
    language = forms.ChoiceField(label=_("language"), choices=settings.GENSVAR_STAFF_LANGUAGES)


class AccessForm(forms.Form):
    """The roles and the end of a log-in that is there."""

    roles = RolesField(label=_("roles"), required=False)
    language = forms.ChoiceField(label=_("language"), choices=settings.GENSVAR_STAFF_LANGUAGES)
    until = day_field(_("last day of access"), required=False, help_text=_("Empty: no end is set."))
    active = forms.BooleanField(label=_("may log in"), required=False)

    @classmethod
    def of(cls, user: User) -> AccessForm:
        """The form as the log-in stands."""
        return cls(
            initial={
                "roles": [role.value for role in user.roles],
                "language": user.language,
                "until": user.access_until,
                "active": user.is_active,
            }
        )


class TenureForm(forms.ModelForm[Tenure]):
    """A person begins to hold a function."""

    starts = day_field(_("from"))
    ends = day_field(_("until and with"), required=False)

    class Meta:
        model = Tenure
        fields: ClassVar = ["function", "kind", "starts", "ends"]
        labels: ClassVar = {"kind": _("as")}  # roles are of the log-in, on the same page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "function", Function.objects.filter(active=True))

    def _post_clean(self) -> None:
        """Nothing: the service checks the row, which is whole only with its person."""


class AbsenceForm(forms.ModelForm[Absence]):
    """A person is away."""

    starts = day_field(_("from"))
    ends = day_field(_("until and with"))

    class Meta:
        model = Absence
        fields: ClassVar = ["starts", "ends"]

    def _post_clean(self) -> None:
        """Nothing: the service checks the row."""


class ContactPointForm(forms.ModelForm[ContactPoint]):
    """A place where the municipality can be reached, or followed."""

    channel = forms.ChoiceField(label=_("form"))
    web_address = forms.URLField(
        label=_("its page on the web"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_(
            "Where everybody can see it, such as https://social.example/@norrvik. Empty where it has none."
        ),
    )

    class Meta:
        model = ContactPoint
        fields: ClassVar = [
            "channel",
            "address",
            "web_address",
            "name",
            "purpose",
            "function",
            "owner",
            "deputy",
            "state",
            "place",
            "hours",
            "languages",
            "notice",
            "archiving",
            "answer_within",
            "acknowledges",
        ]
        widgets: ClassVar = {
            name: forms.Textarea(attrs={"rows": 3}) for name in ("purpose", "notice", "archiving")
        }
        help_texts: ClassVar = {
            "hours": _("As everybody reads them, such as: weekdays 8–16."),
            "languages": _("In which one can write here: codes with commas, such as sv, en."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["channel"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, str(channel.label())) for name, channel in channels().items()]
        if self.instance.pk:
            choice.disabled = True

    def _post_clean(self) -> None:
        """Put the values on the row; the service checks it after bringing the address into its normal form."""
        from django.forms.models import construct_instance

        self.instance = construct_instance(self, self.instance, list(self.cleaned_data), None)


class WeekForm(forms.ModelForm[WorkingWeek]):
    """The ordinary week."""

    class Meta:
        model = WorkingWeek
        fields: ClassVar = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "day_ends",
        ]
        widgets: ClassVar = {"day_ends": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}


class DayForm(forms.ModelForm[SpecialDay]):
    """A day that is not as the week says; the same day again changes it."""

    date = day_field(_("date"))

    class Meta:
        model = SpecialDay
        fields: ClassVar = ["date", "name", "worked"]

    def validate_unique(self) -> None:
        """A day that is there is changed, not refused."""
