"""The municipality's functions: a list with who holds each today, and a form."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.fields import put_errors
from gensvar.desk.managing.forms import FunctionForm
from gensvar.people import services
from gensvar.people.models import Function
from gensvar.people.queries import tenures_on


@needs(May.MANAGE_PEOPLE)
def functions(request: HttpRequest) -> HttpResponseBase:
    """All functions, with today's holders; two queries."""
    holders: dict[int, list[str]] = defaultdict(list)
    for tenure in tenures_on().select_related("person").order_by("person__name"):
        holders[tenure.function_id].append(tenure.person.name)
    rows = [(function, holders[function.pk]) for function in Function.objects.order_by("-active", "name")]
    return render(request, "desk/managing/functions.html", {"rows": rows})


@needs(May.MANAGE_PEOPLE)
def function(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """One function: change it, or make a new one."""
    found = get_object_or_404(Function, pk=pk) if pk is not None else Function()
    form = FunctionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_function(form.instance, by=user_of(request))
        except ValidationError as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("%(function)s is saved.") % {"function": saved})
            return redirect("desk:functions")
    title = str(Function.objects.get(pk=pk)) if pk is not None else _("New function")
    context = {
        "form": form,
        "title": title,
        "back_url": reverse("desk:functions"),
        "back_label": _("Functions"),
    }
    return render(request, "desk/managing/form.html", context)
