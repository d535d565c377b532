"""Log-ins of places outside: what there is, who knows it, when it was changed before a witness. Never the secret itself.

One form stands behind two ways: from the list of all, where it may belong to no place of ours, and from a place.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.contactpoints.outside_logins.services import save_login
from gensvar.core import clock
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import day_field, offer, put_errors
from gensvar.desk.managing.logins_in_need import all_logins
from gensvar.people.models import Person

PAGE: Final = 50


class PersonsField(forms.ModelMultipleChoiceField[Person]):
    """Persons as boxes to tick; who is no longer here says so."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person: Person) -> str:
        """The name."""
        return person.name if person.active else _("%(person)s (has left)") % {"person": person.name}


class OutsideLoginForm(forms.ModelForm[OutsideLogin]):
    """Where, what kind, who. Whoever has left and knows it still can be kept: they know it until it is changed."""

    point = forms.ModelChoiceField(
        queryset=ContactPoint.objects.order_by("name", "pk"),
        required=False,
        label=gettext_lazy("place"),
        help_text=gettext_lazy(
            "Empty where it belongs to none of our places, such as a newspaper's log-in for contributors."
        ),
    )
    known_by = PersonsField(
        queryset=Person.objects.none(), required=False, label=gettext_lazy("who knows it")
    )
    since = day_field(
        gettext_lazy("since when"),
        required=False,
        help_text=gettext_lazy("Of those whom you tick anew. Empty where it is not known."),
    )
    told_by = forms.ModelChoiceField(
        queryset=Person.objects.all(),
        required=False,
        label=gettext_lazy("told by"),
        help_text=gettext_lazy("Who let them know it."),
    )
    changed_on = day_field(gettext_lazy("changed on"), required=False)
    ended_on = day_field(
        gettext_lazy("closed on"),
        required=False,
        help_text=gettext_lazy("When it is no longer there. No handover asks for it then."),
    )

    class Meta:
        model = OutsideLogin
        fields: ClassVar = [
            *("name", "point", "kind", "known_by", "since", "told_by", "changed_on", "witness", "ended_on")
        ]

    def __init__(self, *args: Any, of_a_place: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = clock.today
        if of_a_place:
            del self.fields["point"]
        known = Q(active=True) | Q(outside_logins=self.instance.pk or 0)
        offer(self, "known_by", Person.objects.filter(known).distinct())


@needs(May.MANAGE_PLACES)
def outside_logins(request: HttpRequest) -> HttpResponseBase:
    """Every log-in outside, what hangs on nobody or on one person first; the same few queries however many there are."""
    found = all_logins()
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("p")),
        "in_need": sum(bool(row.marks) for row in found),
        "used": sum(row.login.ended_on is None for row in found),
    }
    return render(request, "desk/managing/outside_logins.html", context)


@needs(May.MANAGE_PLACES)
def outside_login(request: HttpRequest, pk: int | None = None, place: int | None = None) -> HttpResponseBase:
    """One log-in: a new one, or changed. Who came from a place goes back to it, everybody else to the list."""
    point = get_object_or_404(ContactPoint, pk=place) if place is not None else None
    there = OutsideLogin.objects.filter(point=point) if point is not None else OutsideLogin.objects.all()
    found = get_object_or_404(there, pk=pk) if pk is not None else OutsideLogin(point=point)
    title = str(found) if pk is not None else _("New log-in outside")
    back_url = reverse("desk:contact_point", args=[place]) if point else reverse("desk:outside_logins")
    form = OutsideLoginForm(request.POST or None, instance=found, of_a_place=point is not None)
    if request.method == "POST" and form.is_valid():
        try:
            values = form.cleaned_data
            told = {name: values[name] for name in ("since", "told_by")}
            save_login(form.instance, values["known_by"], by=user_of(request), **told)
        except ValidationError as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(back_url)
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "lead": _("That there is a log-in, and who knows it. Never write a password, a code or a key here."),
        "back_url": back_url,
        "back_label": point.name if point is not None else _("Log-ins outside"),
    }
    if pk is not None:
        context["knowings"] = found.knowings.select_related("person", "told_by").order_by(
            "person__name", "pk"
        )
        context["corrections"] = found.corrections.select_related("person", "told_by_before", "by")
    return render(request, "desk/managing/outside_login.html", context)
