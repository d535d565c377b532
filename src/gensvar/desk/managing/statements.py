"""The accessibility statement with its failures, what the municipality says of itself, and its counters: forms over services."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.contactpoints.municipality import queries
from gensvar.contactpoints.municipality import services as municipality
from gensvar.contactpoints.municipality.models import Office, OfficeDay, Provider
from gensvar.core import clock
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import day_field, put_errors
from gensvar.publishing.accessibility import services
from gensvar.publishing.accessibility.models import Failure, Statement, StatementVersion

_LINES: Final = 3


class _Rows(forms.ModelForm[Any]):
    """A form whose service checks the row; days by the browser's chooser, texts of a few lines."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                made = day_field(field.label, required=field.required, help_text=field.help_text)
                self.fields[name] = made
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = _LINES


def _form(model: type[Any], **options: Any) -> type[_Rows]:
    fields = [one.name for one in model._meta.fields if one.editable and not one.primary_key]
    links = [one.name for one in model._meta.fields if isinstance(one, models.URLField)]
    https: Any = functools.partial(forms.URLField, assume_scheme="https")
    made: Any = forms.modelform_factory(
        model,
        form=_Rows,
        fields=options.get("fields", fields),
        field_classes=dict.fromkeys(links, https),
    )
    kind: type[_Rows] = made
    return kind


StatementForm: Final = _form(Statement)
FailureForm: Final = _form(Failure)
ProviderForm: Final = _form(Provider)
OfficeForm: Final = _form(Office)
OfficeDayForm: Final = _form(OfficeDay, fields=["date", "name", "hours"])


@needs(May.MANAGE_STATEMENTS)
def accessibility(request: HttpRequest) -> HttpResponseBase:
    """The statement as the next version will say it, the failures, the history; one button publishes."""
    by = user_of(request)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = StatementForm(request.POST if act == "save" else None, instance=services.statement())
    try:
        if act == "publish":
            made = services.publish(request.POST.get("note", ""), by=by)
            messages.success(request, _("Version %(number)s is published.") % {"number": made.number})
            return redirect("desk:accessibility")
        if act == "save" and form.is_valid():
            services.save_statement(form.instance, by=by)
            messages.success(request, _("Saved. The public sees it when you publish it."))
            return redirect("desk:accessibility")
    except ValidationError as refusal:
        if act == "save":
            put_errors(form, refusal)
        else:
            messages.error(request, " ".join(refusal.messages))
    context = {
        "form": form,
        "failures": Failure.objects.all(),
        "versions": StatementVersion.objects.select_related("published_by"),
        "unpublished": services.unpublished(),
    }
    return render(request, "desk/managing/accessibility.html", context)


@needs(May.MANAGE_STATEMENTS)
def failure(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """One known failure: change it, say that it is mended, or note a new one."""
    found = get_object_or_404(Failure, pk=pk) if pk is not None else Failure(found_on=clock.today())
    title = str(found) if pk is not None else _("New failure")
    return _edit(request, FailureForm, found, services.save_failure, title, "desk:accessibility")


@needs(May.MANAGE_STATEMENTS)
def provider(request: HttpRequest) -> HttpResponseBase:
    """What the municipality says of itself, on the contact page and in the notices."""
    found = queries.provider()
    return _edit(
        request, ProviderForm, found, municipality.save_provider, _("About the municipality"), "desk:provider"
    )


@needs(May.MANAGE_PLACES)
def offices(request: HttpRequest) -> HttpResponseBase:
    """Every counter."""
    found = Office.objects.select_related("function")
    return render(request, "desk/managing/offices.html", {"offices": found})


@needs(May.MANAGE_PLACES)
def office(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """One counter: its week, and the days that differ; each form says what it is in `act`."""
    found = get_object_or_404(Office, pk=pk) if pk is not None else Office()
    act = request.POST.get("act", "") if request.method == "POST" else ""
    title = str(found) if pk is not None else _("New counter")
    day_form = OfficeDayForm(request.POST if act == "day" else None, instance=OfficeDay(office=found))
    day_form.auto_id = "day_%s"
    if pk is not None and act in {"day", "remove"} and _day(request, found, act, day_form):
        return redirect("desk:office", pk)
    form = OfficeForm(request.POST if act == "save" else None, instance=found)
    if act == "save" and _saved(request, form, municipality.save_office):
        return redirect("desk:offices")
    days = municipality.days_from(found, clock.today()) if pk is not None else []
    context = {"form": form, "day_form": day_form, "days": days, "office": found, "title": title}
    return render(request, "desk/managing/office.html", context)


def _day(request: HttpRequest, found: Office, act: str, form: _Rows) -> bool:
    if act == "day":
        return _saved(request, form, municipality.save_day)
    day = get_object_or_404(OfficeDay, office=found, pk=row_id(request.POST.get("day")))
    municipality.take_back_day(day, by=user_of(request))
    messages.success(request, _("That day is as the week says again."))
    return True


def _saved(request: HttpRequest, form: _Rows, save: Callable[..., Any]) -> bool:
    """Whether the service took what the form says; else the form says why not."""
    if not form.is_valid():
        return False
    by: User = user_of(request)
    try:
        save(form.instance, by=by)
    except ValidationError as refusal:
        put_errors(form, refusal)
        return False
    messages.success(request, _("Saved."))
    return True


def _edit(
    request: HttpRequest, form_of: type[_Rows], found: Any, save: Callable[..., Any], title: str, back: str
) -> HttpResponseBase:
    form = form_of(request.POST or None, instance=found)
    if request.method == "POST" and _saved(request, form, save):
        return redirect(back)
    context = {"form": form, "title": title}
    if back != "desk:provider":
        context |= {"back_url": reverse(back), "back_label": _("Accessibility statement")}
    return render(request, "desk/managing/form.html", context)
