"""The screens of handover. One address for each of them shows the step at which it stands; what is sent says its `act`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gensvar.core import audit, clock, files, languages
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.files import download
from gensvar.desk.handing.about import subjects
from gensvar.desk.handing.forms import BeginForm, DayForm, WitnessForm, choices_in
from gensvar.people.handover import document as printing
from gensvar.people.handover import services
from gensvar.people.handover.holding import holdings
from gensvar.people.handover.models import Handover
from gensvar.people.handover.plan import ALL, Plan, plan_of
from gensvar.people.handover.queries import all_handovers, handovers_due
from gensvar.people.handover.states import ImpossibleMove, State

PAGE: Final = 30
SHOWN: Final = 25  # things of a kind that are chosen one by one; for the others one choice holds


@needs(May.HAND_OVER)
def handovers(request: HttpRequest) -> HttpResponseBase:
    """Those that are due, those there are, and the form that begins one; the same few queries however many."""
    form = BeginForm(
        request.POST or None, initial={"last_day": clock.today(), "person": request.GET.get("person", "")}
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = services.prepare(
            values["person"], values["last_day"], by=user_of(request), reason=values["reason"]
        )
        return redirect("desk:handover", made.pk)
    page = Paginator(all_handovers(), PAGE).get_page(request.GET.get("p"))
    return render(request, "desk/handing/list.html", {"form": form, "due": handovers_due(), "page": page})


@needs(May.HAND_OVER)
def handover(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One handover at its step: choose, review, or what is left to do.

    Whoever did not prepare it comes to review it: to choose anew would make it theirs, and then another must review.
    """
    found = get_object_or_404(all_handovers().select_related("person__user", "undone_by"), pk=pk)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            return act(request, found)
        except (services.NotReady, ImpossibleMove) as refusal:
            messages.error(request, str(refusal))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("desk:handover", pk)
    if found.state != State.PREPARED:
        return render(request, "desk/handing/done.html", _what_is_left(request, found))
    plan = plan_of(found)
    step = request.GET.get("step")
    waits_for_me = plan.ready and found.prepared_by_id != user_of(request).pk
    if step == "review" or (waits_for_me and step != "choose"):
        return render(request, "desk/handing/review.html", _to_review(request, found, plan))
    return render(request, "desk/handing/choose.html", _to_choose(request, found, plan))


@needs(May.HAND_OVER)
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document as a PDF, in the reader's language; who took it is noted. 404 before anything moved."""
    found = get_object_or_404(Handover, pk=pk)
    try:
        kept = printing.document_of(found, "en" if languages.in_english() else "sv")
        data = files.read(kept.sha256)
    except (ValueError, FileNotFoundError):
        raise Http404 from None
    audit.note(user_of(request), "handover.document", found, sha256=kept.sha256)
    name = _("handover-%(number)s.pdf") % {"number": found.pk}
    return download(data, name, "application/pdf")


def _to_choose(request: HttpRequest, found: Handover, plan: Plan) -> dict[str, Any]:
    parts = []
    for part in plan.parts:
        chosen = found.choices.get(part.holding.kind, {})
        lines = [(line, chosen.get(line.held.key)) for line in part.lines[:SHOWN]]
        parts.append(
            {
                "holding": part.holding,
                "count": len(part.lines),
                "all": chosen.get(ALL),
                "lines": lines,
                "more": max(0, len(part.lines) - SHOWN),
                "refused": part.refused,
                "takers": sorted({line.to.name for line in part.lines if line.to is not None}),
            }
        )
    form = DayForm(initial={"last_day": found.last_day, "reason": found.reason})
    about = subjects(user_of(request), _labels(plan))
    return {"handover": found, "plan": plan, "parts": parts, "form": form, "subjects": about}


def _to_review(request: HttpRequest, found: Handover, plan: Plan) -> dict[str, Any]:
    by = user_of(request)
    own = found.prepared_by_id == by.pk
    return {
        "handover": found,
        "plan": plan,
        "subjects": subjects(by, _labels(plan)),
        "own": own,
        "others": own and services.others_who_could_review(found, by),
    }


def _labels(plan: Plan) -> list[str]:
    return [line.held.label for _holding, line in plan.lines]


def _what_is_left(request: HttpRequest, found: Handover) -> dict[str, Any]:
    items = list(found.items.select_related("to", "witness"))
    titles = {one.kind: one for one in holdings()}
    parts: dict[str, list[Any]] = {}
    for item in items:
        parts.setdefault(item.kind, []).append(item)
    checks = [item for item in items if item.open or item.changed_on is not None]
    return {
        "handover": found,
        "parts": [(titles[kind].title, rows) for kind, rows in parts.items() if kind in titles],
        "checks": [(item, _witness_form(found, item.pk) if item.open else None) for item in checks],
        "subjects": subjects(user_of(request), [item.label for item in items]),
        "has_document": found.state != State.DROPPED,
    }


def _witness_form(found: Handover, pk: int) -> WitnessForm:
    form = WitnessForm(found)
    form.auto_id = f"item{pk}_%s"
    return form


def _choose(request: HttpRequest, found: Handover) -> HttpResponseBase:
    form = DayForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Say which day is the last. Nothing was changed."))
    choices = choices_in(request.POST, found, plan_of(found))
    values = form.cleaned_data
    fresh = services.choose(
        found,
        choices,
        last_day=values["last_day"],
        reason=values["reason"],
        by=user_of(request),
        seen=request.POST.get("seen", ""),
    )
    plan = plan_of(fresh)
    if not plan.ready:
        left = sum(part.refused for part in plan.parts)
        said = ngettext(
            "Saved. %(left)d thing still needs somebody who can take it over.",
            "Saved. %(left)d things still need somebody who can take them over.",
            left,
        )
        messages.warning(request, said % {"left": left} if left else _("Saved."))
        return redirect("desk:handover", found.pk)
    return redirect(reverse("desk:handover", args=[found.pk]) + "?step=review")


def _confirm(request: HttpRequest, found: Handover) -> HttpResponseBase:
    fresh = services.confirm(
        found,
        request.POST.get("mark", ""),
        by=user_of(request),
        alone_because=request.POST.get("alone_because", ""),
    )
    printing.document_of(fresh, "en" if languages.in_english() else "sv")
    messages.success(
        request, _("Everything that %(person)s held is handed over.") % {"person": fresh.person.name}
    )
    return redirect("desk:handover", found.pk)


def _drop(request: HttpRequest, found: Handover) -> HttpResponseBase:
    services.drop(found, by=user_of(request))
    messages.success(request, _("The handover is given up. Nothing had moved."))
    return redirect("desk:handovers")


def _undo(request: HttpRequest, found: Handover) -> HttpResponseBase:
    counted = services.undo(found, by=user_of(request))
    said = ngettext("%(back)d thing went back.", "%(back)d things went back.", counted["back"])
    messages.success(request, said % counted)
    if counted["stayed"]:
        stayed = ngettext(
            "%(stayed)d thing stayed, since it had changed meanwhile. It stands below.",
            "%(stayed)d things stayed, since they had changed meanwhile. They stand below.",
            counted["stayed"],
        )
        messages.warning(request, stayed % counted)
    return redirect("desk:handover", found.pk)


def _witness(request: HttpRequest, found: Handover) -> HttpResponseBase:
    item = get_object_or_404(found.items, pk=_number(request.POST.get("item", "")))
    form = WitnessForm(found, request.POST)
    if not form.is_valid():
        raise ValidationError(_("Say on which day it was changed and who saw it. Nothing was changed."))
    values = form.cleaned_data
    fresh = services.witness(item, values["changed_on"], values["witness"], by=user_of(request))
    done = fresh.state == State.FINISHED
    messages.success(request, _("Noted. The handover is finished.") if done else _("Noted."))
    return redirect("desk:handover", found.pk)


Act = Callable[[HttpRequest, Handover], HttpResponseBase]
ACTS: Final[dict[str, Act]] = {
    "choose": _choose,
    "confirm": _confirm,
    "drop": _drop,
    "undo": _undo,
    "witness": _witness,
}


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0
