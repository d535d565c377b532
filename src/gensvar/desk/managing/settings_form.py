"""A form made from any channel's settings: it reads the contract's words for each field and knows no channel.

Neighbours: place_settings shows it; contactpoints.own_settings stores what it gathers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from gensvar.contract.settings import Setting, settings_of
from gensvar.desk.unsent import SECRET

FORGET: Final = "forget:"
LONGEST: Final = 2000  # characters


class SettingsForm(forms.Form):
    """The fields of one channel's settings, as they stand on a contact point. Secrets go in and never come out."""

    def __init__(self, settings: type[Any], stored: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data, auto_id="setting_%s", use_required_attribute=False)
        self.settings = settings_of(settings)
        self.secrets = frozenset(one.name for one in self.settings if one.secret)
        for one in self.settings:
            kept = one.secret and bool(stored.get(one.name))
            self.fields[one.name] = _secret(one, kept=kept) if one.secret else _open(one, stored)
            if kept:
                self.fields[f"{FORGET}{one.name}"] = forms.BooleanField(
                    label=_("forget the stored value"), required=False
                )

    def add_prefix(self, field_name: str) -> str:
        """The field's name in the page: a secret's says so, and what was typed in it is never given back (unsent)."""
        name = super().add_prefix(field_name)
        return f"{SECRET}{name}" if field_name in self.secrets else name

    def values(self) -> dict[str, Any]:
        """What is to be stored: a secret that was left empty is not among it, one to forget is empty."""
        found = {}
        for one in self.settings:
            value = self.cleaned_data[one.name]
            if not one.secret or value:
                found[one.name] = value
            elif self.cleaned_data.get(f"{FORGET}{one.name}"):
                found[one.name] = ""
        return found


def _words(one: Setting) -> dict[str, Any]:
    return {"label": str(one.label), "help_text": str(one.help)}


def _secret(one: Setting, *, kept: bool) -> forms.Field:
    words = _words(one)
    if kept:
        said = _("A value is stored and is not shown. Leave this empty to keep it.")
        words["help_text"] = f"{words['help_text']} {said}".strip()
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    return forms.CharField(required=False, strip=False, max_length=LONGEST, widget=widget, **words)


def _open(one: Setting, stored: Mapping[str, Any]) -> forms.Field:
    words = _words(one) | {"initial": stored.get(one.name, one.default)}
    if one.choices:
        listed = [(value, str(label)) for value, label in one.choices]
        if one.optional:
            listed.insert(0, ("", _("not chosen")))
        return forms.TypedChoiceField(
            choices=listed, coerce=_exact(one), empty_value=None, required=not one.optional, **words
        )
    if one.kind is bool and not one.optional:
        return forms.BooleanField(required=False, **words)
    if one.kind is bool:
        return forms.NullBooleanField(required=False, **words)
    if one.kind in (int, float):
        made = forms.IntegerField if one.kind is int else forms.FloatField
        return made(required=not one.optional, **words)
    empty = None if one.optional else ""
    return forms.CharField(required=False, max_length=LONGEST, empty_value=empty, **words)


def _exact(one: Setting) -> Any:
    """From the words of a form back to the value that was offered, whatever its kind."""
    return {str(value): value for value, _label in one.choices}.__getitem__
