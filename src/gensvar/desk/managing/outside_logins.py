"""Log-ins of places outside: what there is, who knows it, when it was changed before a witness. Never the secret itself."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.contactpoints.outside_logins.services import save_login
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.managing.forms import day_field, put_errors
from gensvar.people.models import Person


class OutsideLoginForm(forms.ModelForm[OutsideLogin]):
    """Where, what kind, who."""

    known_by = forms.ModelMultipleChoiceField(
        queryset=Person.objects.filter(active=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("who knows it"),
    )
    changed_on = day_field(gettext_lazy("changed on"), required=False)
    ended_on = day_field(gettext_lazy("closed on"), required=False)

    class Meta:
        model = OutsideLogin
        fields: ClassVar = ["name", "kind", "known_by", "changed_on", "witness", "ended_on"]


@needs(May.MANAGE_PLACES)
def outside_login(request: HttpRequest, place: int, pk: int | None = None) -> HttpResponseBase:
    """One log-in of a place: a new one, or changed."""
    point = get_object_or_404(ContactPoint, pk=place)
    found = (
        get_object_or_404(OutsideLogin, pk=pk, point=point) if pk is not None else OutsideLogin(point=point)
    )
    form = OutsideLoginForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            save_login(form.instance, form.cleaned_data["known_by"], by=user_of(request))
        except ValidationError as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:contact_point", place)
    context: dict[str, Any] = {
        "form": form,
        "title": str(found) if pk is not None else _("New log-in outside"),
        "back_url": reverse("desk:contact_point", args=[place]),
        "back_label": point.name,
    }
    return render(request, "desk/managing/form.html", context)
