"""Persons: a list, and one page for each with name, log-in, functions and the way to their absences. Each part is its own form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.core import clock, times
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import LABELS, May, Role
from gensvar.desk import accounts
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import day_in, put_errors
from gensvar.desk.managing.forms import AccessForm, LoginForm, PersonForm, TenureForm
from gensvar.people import logins, services
from gensvar.people.models import Person, Tenure
from gensvar.people.queries import in_service, tenures_on


@needs(May.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponseBase:
    """All persons with their functions today and whether they can log in; three queries."""
    held: dict[int, list[str]] = defaultdict(list)
    for tenure in tenures_on().select_related("function").order_by("function__name"):
        held[tenure.person_id].append(str(tenure.function))
    found = Person.objects.select_related("user").prefetch_related("user__groups").order_by("-active", "name")
    rows = [(person, held[person.pk], _log_in_words(person)) for person in found]
    return render(request, "desk/managing/people.html", {"rows": rows})


def _log_in_words(person: Person) -> str:
    user = person.user
    if user is None:
        return _("no log-in")
    if not user.has_access:
        return _("log-in has ended")
    names = {group.name for group in user.groups.all()}
    roles = ", ".join(str(LABELS[role]) for role in Role if role.value in names) or _("no role")
    if user.access_until is not None:
        return _("%(roles)s, until %(day)s") % {"roles": roles, "day": times.day(user.access_until)}
    return roles


@needs(May.MANAGE_PEOPLE)
def new_person(request: HttpRequest) -> HttpResponseBase:
    """A new person; the log-in is given on the page that follows."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = services.save_person(form.instance, by=user_of(request))
        messages.success(
            request, _("%(person)s is saved. Give functions and a log-in here.") % {"person": saved}
        )
        return redirect("desk:person", saved.pk)
    context = {
        "form": form,
        "title": _("New person"),
        "lead": _("Functions and a log-in are given on the page that follows."),
        "back_url": reverse("desk:people"),
        "back_label": _("Persons"),
    }
    return render(request, "desk/managing/form.html", context)


@needs(May.MANAGE_PEOPLE)
def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything about one person. The form that was sent says what it is in `act`."""
    found = get_object_or_404(Person.objects.select_related("user"), pk=pk)
    bound: dict[str, forms.BaseForm] = {}
    if request.method == "POST":
        name = request.POST.get("act", "")
        if name not in ACTS:
            raise Http404
        try:
            form = ACTS[name](request, found)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("desk:person", pk)
        if form is None:
            return redirect("desk:person", pk)
        bound[name] = form
    return render(request, "desk/managing/person.html", _page(found, bound))


def _page(person: Person, bound: dict[str, forms.BaseForm]) -> dict[str, Any]:
    user = person.user
    shown: dict[str, forms.BaseForm] = {
        "person": PersonForm(instance=person),
        "login": LoginForm(initial={"email": person.email, "language": "sv"}),
        "access": AccessForm.of(user) if user is not None else AccessForm(),
        "tenure": TenureForm(initial={"starts": clock.today()}),
    } | bound
    for name, form in shown.items():
        form.auto_id = f"{name}_%s"  # several forms on one page, each field with an id of its own
    return {
        "person": person,
        "log_in_words": _log_in_words(person),
        **{f"{name}_form": form for name, form in shown.items()},
        "tenures": person.tenures.select_related("function"),
        "today": clock.today(),
        "works_here": in_service().filter(pk=person.pk).exists(),
        "absences": person.absences.filter(ends__gte=clock.today()).order_by("starts"),
    }


Act = Callable[[HttpRequest, Person], forms.BaseForm | None]
"""Does one thing; gives back its form when something in it has to be mended, None when it is done."""


def _checked(form: forms.BaseForm, do: Callable[[], str], request: HttpRequest) -> forms.BaseForm | None:
    if not form.is_valid():
        return form
    try:
        with transaction.atomic():
            said = do()
    except ValidationError as refusal:
        put_errors(form, refusal)
        return form
    messages.success(request, said)
    return None


def _save_person(request: HttpRequest, person: Person) -> forms.BaseForm | None:
    form = PersonForm(request.POST, instance=person)

    def do() -> str:
        services.save_person(form.instance, by=user_of(request))
        return _("Saved.")

    return _checked(form, do, request)


def _give_login(request: HttpRequest, person: Person) -> forms.BaseForm | None:
    form = LoginForm(request.POST)

    def do() -> str:
        values = form.cleaned_data
        roles = [Role(name) for name in values["roles"]]
        by = user_of(request)
        return _invite(
            logins.give_login(person, values["email"], roles, by=by, language=values["language"]), by
        )

    return _checked(form, do, request)


def _invite_again(request: HttpRequest, person: Person) -> forms.BaseForm | None:
    messages.success(request, _invite(_user_of(person), user_of(request)))
    return None


def _begin_anew(request: HttpRequest, person: Person) -> forms.BaseForm | None:
    user, by = _user_of(person), user_of(request)
    with transaction.atomic():
        logins.begin_anew(user, by=by)
        messages.success(request, _invite(user, by))
    return None


def _invite(user: User, by: User) -> str:
    try:
        accounts.invite(user, by)
    except accounts.NoAddressToSendFrom:
        raise ValidationError(
            _(
                "None of our e-mail addresses is open, so no link can be sent. Open one first. Nothing was changed."
            )
        ) from None
    return _("A link that sets the password is on its way to %(address)s.") % {"address": user.email}


def _change_access(request: HttpRequest, person: Person) -> forms.BaseForm | None:
    form = AccessForm(request.POST)
    user, by = _user_of(person), user_of(request)

    def do() -> str:
        values = form.cleaned_data
        logins.set_roles(user, [Role(name) for name in values["roles"]], by=by)
        if values["until"] != user.access_until:
            logins.end_access(user, values["until"], by=by)
        if values["active"] != user.is_active:
            logins.set_active(user, values["active"], by=by)
        if values["language"] != user.language:
            user.language = values["language"]
            user.save(update_fields=["language"])
        return _("The log-in is changed; it holds from this moment.")

    return _checked(form, do, request)


def _begin_tenure(request: HttpRequest, person: Person) -> forms.BaseForm | None:
    form = TenureForm(request.POST)

    def do() -> str:
        values = form.cleaned_data
        services.begin_tenure(
            person,
            values["function"],
            values["starts"],
            by=user_of(request),
            ends=values["ends"],
            kind=values["kind"],
        )
        return _("%(person)s holds %(function)s.") % {"person": person, "function": values["function"]}

    return _checked(form, do, request)


def _end_tenure(request: HttpRequest, person: Person) -> forms.BaseForm | None:
    tenure = get_object_or_404(Tenure, pk=row_id(request.POST.get("tenure")), person=person)
    day = day_in(request.POST.get("ends", ""))
    if day is None:
        raise ValidationError(_("Say which day is the last. Nothing was changed."))
    services.end_tenure(tenure, day, by=user_of(request))
    messages.success(request, _("The last day is noted."))
    return None


def _user_of(person: Person) -> User:
    if person.user is None:
        raise ValidationError(_("%(person)s has no log-in yet.") % {"person": person})
    return person.user


ACTS: Final[dict[str, Act]] = {
    "person": _save_person,
    "login": _give_login,
    "invite": _invite_again,
    "begin-anew": _begin_anew,
    "access": _change_access,
    "tenure": _begin_tenure,
    "end-tenure": _end_tenure,
}
