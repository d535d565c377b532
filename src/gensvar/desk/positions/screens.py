"""The list of positions, and one of them with all that can be decided about it. Works as plain forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gensvar.core import clock
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.positions.forms import DecideForm, OwnForm, WithdrawForm, begun_with
from gensvar.people.queries import person_of
from gensvar.publishing.positions import gate, services
from gensvar.publishing.positions.comparing import Comparison, compare
from gensvar.publishing.positions.models import Position, Wording
from gensvar.publishing.services import NotPublishable

PAGE: Final = 30


@needs(May.PUBLISH)
def positions(request: HttpRequest) -> HttpResponseBase:
    """All of them, the newest change or draft first; as many queries for one as for a thousand."""
    page = Paginator(_listed(), PAGE).get_page(request.GET.get("p"))
    return render(request, "desk/positions/list.html", {"page": page})


@needs(May.PUBLISH)
def position(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One position; a post to it is one decision. What cannot be done says why and changes nothing."""
    found = get_object_or_404(Position.objects.select_related("function"), pk=pk)
    bound: dict[str, forms.Form] = {}
    if request.method == "POST":
        name = request.POST.get("action", "")
        if name not in ACTS:
            raise Http404
        try:
            form = ACTS[name](request, found)
        except NotPublishable as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
            return redirect("desk:position", pk)
        if form is None:
            return redirect("desk:position", pk)
        bound[name] = form
    return render(request, "desk/positions/position.html", _page(request, found, bound))


def compared(old: Wording | None, new: Wording) -> Comparison | None:
    """Two wordings of which one may be a draft, in Swedish; None where there is nothing to compare with."""
    if old is None:
        return None
    title = compare(old.title, new.title) if old.title != new.title else ()
    text = compare(old.text, services.tidied(new.text))
    counted = {
        kind: sum(len(one.text.split()) for one in (*title, *text) if one.kind == kind)
        for kind in ("gone", "new")
    }
    return Comparison(title, text, "sv", counted["gone"], counted["new"])


def last_words(position: Position) -> Wording | None:
    """What holds, or held last: what a new wording is compared with."""
    said = Wording.objects.filter(position=position, decided_at__isnull=False, ends=False)
    return said.select_related("person", "function").order_by("-holds_from").first()


def _page(request: HttpRequest, found: Position, bound: dict[str, forms.Form]) -> dict[str, Any]:
    draft, coming, last = services.draft_of(found), services.waiting(found), services.last_decided(found)
    shown: dict[str, forms.Form] = {
        "decide": DecideForm(),
        "describe": OwnForm(position=found),
        "withdraw": WithdrawForm(
            initial={"by": begun_with(last, person_of(user_of(request)), draft=False)["by"]}
        ),
    } | bound
    for name, form in shown.items():
        form.auto_id = f"{name}_%s"  # several forms on one page, each field with an id of its own
    public = gate.find(found.slug)
    history = Wording.objects.filter(position=found, decided_at__isnull=False).order_by("-holds_from")
    return {
        "position": found,
        "title": (draft or last or Wording(title=str(found))).title if not public else public.newest.title,
        "draft": draft,
        "changed": compared(last_words(found), draft) if draft is not None else None,
        "coming": coming,
        "public": public,
        "stands": public is not None and public.stands,
        "history": history.select_related("person", "function", "decided_by"),
        **{f"{name}_form": form for name, form in shown.items()},
    }


def _listed() -> QuerySet[Position]:
    rows = Wording.objects.filter(position=OuterRef("pk"))
    public = rows.filter(decided_at__isnull=False, holds_from__lte=clock.now()).order_by("-holds_from")
    draft = rows.filter(decided_at__isnull=True, discarded_at__isnull=True)
    coming = rows.filter(decided_at__isnull=False, holds_from__gt=clock.now())
    named = rows.order_by("-pk")
    found = Position.objects.select_related("function").annotate(
        title=Coalesce(Subquery(public.values("title")[:1]), Subquery(named.values("title")[:1])),
        since=Subquery(public.values("holds_from")[:1]),
        ended=Subquery(public.values("ends")[:1]),
        drafted=Subquery(draft.values("written_at")[:1]),
        comes=Subquery(coming.values("holds_from")[:1]),
        newest=Subquery(named.values("written_at")[:1]),
        first=Case(When(Q(drafted__isnull=False) | Q(comes__isnull=False), then=Value(0)), default=Value(1)),
    )
    return found.order_by("first", "-newest", "-pk")


Act = Callable[[HttpRequest, Position], forms.Form | None]
"""Does one thing; gives back its form when something in it has to be mended, None when it is done."""


def _decide(request: HttpRequest, found: Position) -> forms.Form | None:
    form = DecideForm(request.POST)
    if not form.is_valid():
        return form
    on = form.cleaned_data["on"]
    services.decide(_draft(found), by=user_of(request), on=on)
    if on is None:
        messages.success(request, _("This is what we stand for from now on. Everybody can read it."))
    else:
        messages.success(request, _("Decided. It is shown by itself from %(day)s.") % {"day": on})
    return None


def _discard(request: HttpRequest, found: Position) -> forms.Form | None:
    services.discard(_draft(found), by=user_of(request))
    messages.success(request, _("The draft is laid aside."))
    return None


def _take_back(request: HttpRequest, found: Position) -> forms.Form | None:
    coming = services.waiting(found)
    if coming is None:
        raise NotPublishable(
            [_("Its day has come: the public has read it, and it stays. Write a new wording.")]
        )
    services.take_back(coming, by=user_of(request))
    messages.success(request, _("It is a draft again, and is not shown on its day."))
    return None


def _describe(request: HttpRequest, found: Position) -> forms.Form | None:
    form = OwnForm(request.POST, position=found)
    if not form.is_valid():
        return form
    services.describe(found, form.cleaned_data["owner"], form.slugs, by=user_of(request))
    messages.success(request, _("Saved."))
    return None


def _withdraw(request: HttpRequest, found: Position) -> forms.Form | None:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return form
    said = form.cleaned_data
    services.withdraw(
        found,
        said["reason"],
        person=said["by"].person,
        function=said["by"].function,
        by=user_of(request),
        reason_en=said["reason_en"],
    )
    messages.success(request, _("Withdrawn. The page stays, with its history and your reason."))
    return None


ACTS: Final[dict[str, Act]] = {
    "decide": _decide,
    "discard": _discard,
    "take-back": _take_back,
    "describe": _describe,
    "withdraw": _withdraw,
}


def _draft(found: Position) -> Wording:
    draft = services.draft_of(found)
    if draft is None:
        raise NotPublishable([_("This draft is no draft any more. Nothing was changed.")])
    return draft
