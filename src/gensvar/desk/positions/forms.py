"""The forms of positions. They only gather and check; publishing.positions.services decides and writes."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.core import topics
from gensvar.core.models import Topic
from gensvar.desk.fields import day_field, offer
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.queries import tenures_on
from gensvar.publishing.positions import causes
from gensvar.publishing.positions.causes import Led
from gensvar.publishing.positions.models import LONGEST_REASON, LONGEST_TEXT, Position, Wording
from gensvar.publishing.positions.services import Written


class SpokenBy(forms.ModelChoiceField[Tenure]):
    """Who stands behind it: somebody together with a function that they hold today (law 4)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=Tenure.objects.none(),
            label=_("Who stands behind it"),
            empty_label=_("Choose"),
            **options,
        )

    def label_from_instance(self, obj: Tenure) -> str:
        """ "Kim Ek, Gata & park"."""
        named = "" if obj.person.shown else gettext(" (not named in public)")
        return f"{obj.person}, {obj.function}{named}"


def _text(
    label: Any, rows: int, longest: int, *, required: bool = False, help_text: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows, "dir": "auto"}),
    )


class OwnForm(forms.Form):
    """What is not its words: who owns it, and what it is about."""

    owner = forms.ModelChoiceField(
        queryset=Function.objects.none(), label=_("Function that owns it"), empty_label=_("Choose")
    )
    about = forms.ModelMultipleChoiceField(
        queryset=Topic.objects.none(),
        label=_("Topics"),
        required=False,
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, position: Position | None = None, **options: Any) -> None:
        if position is not None:
            slugs = list(position.topics.values_list("slug", flat=True))
            options["initial"] = {"owner": position.function_id, "about": slugs}
        super().__init__(*args, **options)
        offer(self, "owner", Function.objects.filter(active=True))
        offer(self, "about", topics.in_use())

    @property
    def slugs(self) -> list[str]:
        """The topics that were chosen."""
        return [one.slug for one in self.cleaned_data["about"]]


class WordingForm(forms.Form):
    """One wording. `title` and `text` in Swedish always; English both or neither."""

    title = forms.CharField(
        label=_("Headline, as a question or a sentence"),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )
    text = _text(_("What we stand for"), 10, LONGEST_TEXT, required=True)
    reason = _text(
        _("Why we stand for it, or why it changes"),
        4,
        LONGEST_REASON,
        help_text=_("Everybody can read it. A change needs one."),
    )
    by = SpokenBy()
    led = _text(
        _("What led to it"),
        3,
        4_000,
        help_text=_(
            "Numbers of public questions, such as 2026-000123, or addresses of posts of ours: one a line."
        ),
    )
    title_en = forms.CharField(label=_("Headline in English"), max_length=200, required=False)
    text_en = _text(_("What we stand for, in English"), 8, LONGEST_TEXT)
    reason_en = _text(_("Why, in English"), 3, LONGEST_REASON)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.causes: list[Led] = []
        offer(self, "by", _speaking())

    def clean_led(self) -> str:
        """Raises ValidationError, naming the line, for what was never public."""
        lines: str = self.cleaned_data["led"]
        self.causes, unknown = causes.read(lines)
        if unknown:
            raise ValidationError(
                gettext("Nothing public was found for: %(lines)s") % {"lines": ", ".join(unknown[:5])}
            )
        return lines

    def written(self) -> Written:
        """What was written, for the service."""
        said = self.cleaned_data
        tenure: Tenure = said["by"]
        return Written(
            person=tenure.person,
            function=tenure.function,
            causes=self.causes,
            **{name: said[name] for name in _SAID},
        )


_SAID: Final = ("title", "text", "reason", "title_en", "text_en", "reason_en")


class DecideForm(forms.Form):
    """From when it holds."""

    on = day_field(_("From a day to come"), required=False, help_text=_("Empty: from now on."))


class WithdrawForm(forms.Form):
    """Why it is withdrawn, and who says so."""

    reason = _text(
        _("Why we do not stand for it any more"),
        4,
        LONGEST_REASON,
        required=True,
        help_text=_("Everybody can read it."),
    )
    reason_en = _text(_("Why, in English"), 3, LONGEST_REASON)
    by = SpokenBy()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "by", _speaking())


def begun_with(wording: Wording | None, person: Person | None, *, draft: bool) -> dict[str, Any]:
    """What the form of a wording starts with: the draft, the words that hold now, or nothing but who writes."""
    begun: dict[str, Any] = {}
    if wording is not None:
        begun = {name: getattr(wording, name) for name in _SAID if draft or not name.startswith("reason")}
        begun["led"] = causes.written(wording) if draft else ""
        person, function = wording.person, wording.function_id
        held = _speaking().filter(person=person, function=function)
    else:
        held = _speaking().filter(person=person)
    begun["by"] = held.values_list("pk", flat=True).first()
    return begun


def _speaking() -> Any:
    """Who holds what today; the log-in may have ended, which the service refuses."""
    held = tenures_on().filter(function__active=True).select_related("person", "function")
    return held.order_by("person__name", "function__name")
