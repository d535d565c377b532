"""What forms of all parts of the desk are made of: a day, the rows that a field offers, a refusal laid on the fields it names."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.dateparse import parse_date


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A day, by the browser's own chooser of days: it works without JavaScript and in every language."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=widget, input_formats=["%Y-%m-%d"]
    )


def offer(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let that field of the form, in which one or several rows are chosen, offer these."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def day_in(text: str) -> dt.date | None:
    """The day that a field outside a form holds; None for none, and for one that no calendar has, such as 30 February."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def put_errors(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Lay what a service said on the fields it names, the rest above the form."""
    for name, messages in (
        refusal.message_dict if hasattr(refusal, "error_dict") else {None: refusal.messages}
    ).items():
        field = name if name in form.fields else None
        for message in messages:
            form.add_error(field, message)
