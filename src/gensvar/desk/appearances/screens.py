"""The screens of appearances: the list with the line that enters one, and one with all that can be done to it. Plain forms."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gensvar.core import topics as vocabulary
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.acting import Act, acted
from gensvar.desk.appearances import forms
from gensvar.publishing.appearances import queries, services
from gensvar.publishing.appearances.models import Appearance
from gensvar.publishing.services import NotPublishable

PAGE: Final = 50


@needs(May.PUBLISH)
def appearances(request: HttpRequest) -> HttpResponseBase:
    """All of them, newest day first, fifty at a time by key; a post enters one, and everybody sees it at once."""
    user = user_of(request)
    form = forms.LineForm(request.POST) if request.method == "POST" else forms.LineForm.empty(user)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter(form.facts, request.POST.getlist("topic"), by=user)
        except NotPublishable as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Entered. Everyone can read it now."))
            return redirect("desk:appearances")
    before = queries.key_of(request.GET.get("before", ""))
    rows, following = queries.page(Appearance.objects.all(), before, PAGE)
    context = {
        "form": form,
        "vocabulary": list(vocabulary.in_use()),
        "chosen": request.POST.getlist("topic"),
        "rows": rows,
        "following": queries.in_address(following),
    }
    return render(request, "desk/appearances/list.html", context)


@needs(May.PUBLISH)
def appearance(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them; a post to it is one act. What cannot be done says why and changes nothing."""
    found = Appearance.objects.select_related("person", "function").filter(pk=pk).first()
    if found is None:
        raise Http404
    bound: dict[str, Any] = {}
    if request.method == "POST" and acted(request, ACTS, found, bound):
        return redirect("desk:appearance", pk)
    context = {
        "one": found,
        "earlier": found.earlier.select_related("person", "function"),
        "form": bound.get("correct") or forms.CorrectionForm.of(found),
        "vocabulary": list(vocabulary.in_use()),
        "topics": set(found.topics.all()),
    }
    return render(request, "desk/appearances/one.html", context)


def _correct(request: HttpRequest, found: Appearance, bound: dict[str, Any]) -> str:
    form = bound["correct"] = forms.CorrectionForm(request.POST)
    if not form.is_valid():
        return ""
    services.correct(found, form.facts, form.cleaned_data["reason"], by=user_of(request))
    return _("Corrected. What stood there before can still be read.")


def _topics(request: HttpRequest, found: Appearance, bound: dict[str, Any]) -> str:
    services.save_topics(found, request.POST.getlist("topic"), by=user_of(request))
    return _("The topics are saved.")


def _withdraw(request: HttpRequest, found: Appearance, bound: dict[str, Any]) -> str:
    services.withdraw(found, request.POST.get("reason", ""), by=user_of(request))
    return _("Withdrawn. The public page says only that it was.")


ACTS: Final[dict[str, Act[Appearance]]] = {"correct": _correct, "topics": _topics, "withdraw": _withdraw}
