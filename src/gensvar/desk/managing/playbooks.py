"""Playbooks on the screen: the set-up given out, after a look at what may be personal in it, and another's taken in with a preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gensvar.core.models import User
from gensvar.core.playbooks import giving, services
from gensvar.core.playbooks.file import LARGEST, NotAPlaybook
from gensvar.core.playbooks.models import Playbook
from gensvar.core.playbooks.part import Change, Kind, Part, parts
from gensvar.core.playbooks.plan import PartPlan, Plan, plan_of
from gensvar.core.roles import May
from gensvar.desk.access import may_any, needs, user_of
from gensvar.desk.files import download
from gensvar.desk.templatetags.desk import municipality

PAGE: Final = 30
ONE_BY_ONE: Final = 500  # rows with a box of their own: Django refuses a form of more than a thousand fields


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file on the screen: whether it is ticked, and each of its fields before and after, in words."""

    change: Change
    ticked: bool
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Lot:
    """The rows of one part that are new, or changed, or cannot be. With `together` one box stands for all: its value."""

    lines: tuple[Line, ...]
    together: str = ""

    @property
    def ticked(self) -> bool:
        """Whether all of them are."""
        return all(one.ticked for one in self.lines)


@needs(May.MANAGE_PLAYBOOKS)
def playbooks(request: HttpRequest) -> HttpResponseBase:
    """Our own set-up with what was found in it, the field for a file, and those that came; the same queries however many."""
    troubles: tuple[Any, ...] = ()
    if request.method == "POST":
        given = request.FILES.get("file")
        try:
            # One byte more than is allowed is enough to be refused by.
            data = given.read(LARGEST + 1) if given is not None else b""
            return redirect("desk:playbook", services.bring(data, by=user_of(request)).pk)
        except NotAPlaybook as refusal:
            troubles = refusal.troubles
    rows = Playbook.objects.defer("raw").select_related("brought_by", "taken_by")
    context = {
        "draft": giving.draft(),
        "troubles": troubles,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("p")),
    }
    return render(request, "desk/managing/playbooks.html", context)


@require_POST
@needs(May.MANAGE_PLAYBOOKS)
def playbook_file(request: HttpRequest) -> HttpResponseBase:
    """Our set-up as a file: what was found in it is there only where it is ticked."""
    made = giving.draft()
    try:
        giving.check(made, request.POST.get("mark", ""))
        data = giving.give(made, request.POST.getlist("keep"), by=user_of(request))
    except giving.NotGiven as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:playbooks")
    return download(data, f"gensvar-{slugify(municipality()) or 'playbook'}.json", "application/json")


@needs(May.MANAGE_PLAYBOOKS)
def playbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One that came: what it would change, to be ticked and confirmed; afterwards what was done."""
    found = get_object_or_404(Playbook.objects.select_related("brought_by", "taken_by"), pk=pk)
    by = user_of(request)
    chosen: Collection[str] | None = None
    try:
        if request.method == "POST":
            chosen = _chosen(request, found, by)
            services.take(found, chosen, request.POST.get("mark", ""), by=by)
            messages.success(request, _("Done. This is what was taken in."))
            return redirect("desk:playbook", pk)
        if found.taken_at is not None:
            return render(request, "desk/managing/playbook_done.html", _what_was_done(found, by))
        plan = plan_of(services.book_of(found), by)
    except services.NotTaken as refusal:
        messages.error(request, str(refusal))
        if found.taken_at is not None or Playbook.objects.filter(pk=pk, taken_at__isnull=False).exists():
            return redirect("desk:playbook", pk)
        plan = plan_of(services.book_of(found), by)
    except NotAPlaybook as refusal:
        return render(
            request, "desk/managing/playbook.html", {"playbook": found, "troubles": refusal.troubles}
        )
    return render(request, "desk/managing/playbook.html", _to_look_at(found, plan, chosen))


def _chosen(request: HttpRequest, found: Playbook, by: User) -> list[str]:
    """The ids of what is ticked, one by one or as a whole lot. Raises NotAPlaybook."""
    lots = set(request.POST.getlist("take_all"))
    rows = plan_of(services.book_of(found), by).changes if lots else ()
    whole = [change.id for part, change in rows if change.does_something and _lot(part, change.kind) in lots]
    return [*request.POST.getlist("take"), *whole]


def _to_look_at(found: Playbook, plan: Plan, chosen: Collection[str] | None) -> dict[str, Any]:
    ticked = frozenset(chosen) if chosen is not None else plan.proposed
    together = _together(plan)
    sections = [
        (one, {kind.value: _lot_of(one, kind, ticked, together) for kind in Kind if kind != Kind.SAME})
        for one in plan.parts
        if one.changes
    ]
    return {"playbook": found, "plan": plan, "sections": sections}


def _together(plan: Plan) -> frozenset[str]:
    """The lots with one box for all, the largest, so that the boxes of the page fit into one form."""
    lots = Counter(_lot(part, change.kind) for part, change in plan.changes if change.does_something)
    boxes, found = lots.total(), set[str]()
    for name, rows in lots.most_common():
        if boxes <= ONE_BY_ONE:
            break
        found.add(name)
        boxes -= rows - 1
    return frozenset(found)


def _lot(part: Part, kind: Kind) -> str:
    return f"{part.name}/{kind}"


def _lot_of(one: PartPlan, kind: Kind, ticked: Collection[str], together: Collection[str]) -> Lot:
    name = _lot(one.part, kind)
    return Lot(_lines(one.of(kind), ticked), name if name in together else "")


def _lines(changes: list[Change], ticked: Collection[str]) -> tuple[Line, ...]:
    return tuple(
        Line(
            one,
            one.id in ticked,
            tuple(
                (str(each.label), "" if each.before is None else _words(each.before), _words(each.after))
                for each in one.differences
            ),
        )
        for one in changes
    )


def _what_was_done(found: Playbook, user: User) -> dict[str, Any]:
    named = {part.name: part for part in parts()}
    done: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for row in found.done:
        part = named.get(row["part"])
        title = str(part.title) if part is not None else str(row["part"])
        done.setdefault(title, []).append((row, _address(part, row["row"], user)))
    return {"playbook": found, "done": list(done.items())}


def _address(part: Part | None, pk: int, user: User) -> str:
    """Where that row is seen, if there is such a screen and this log-in may open it."""
    if part is None or not part.screen:
        return ""
    try:
        url = reverse(part.screen, args=[pk])
    except NoReverseMatch:
        url = reverse(part.screen)
    return url if may_any(user, getattr(resolve(url).func, "needs", ())) else ""


def _words(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):  # of short names, or of rows within the row: questions, say
        return ("; " if any(isinstance(one, dict) for one in value) else ", ").join(map(_words, value))
    if isinstance(value, dict):
        return " · ".join(said for one in value.values() if (said := _words(one)))
    return str(value)
