"""The screens of the surveys: the list, a new round, and one with all that can be done to it. Plain forms.

Whoever a round is about opens none of it: not while it goes on, and afterwards they read what everybody reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.acting import Act, acted
from gensvar.desk.surveys import forms
from gensvar.learning.surveys import checking, gate, inviting, services
from gensvar.learning.surveys.locking import may_run
from gensvar.learning.surveys.models import FreeText, Survey, SurveyForm
from gensvar.learning.surveys.queries import WAIT_FOR_A_DECISION
from gensvar.learning.surveys.scale import ENOUGH
from gensvar.publishing.services import NotPublishable

PAGE: Final = 30
State = Survey.State
QUEUES: Final = {
    "going": (gettext_lazy("Going on"), (State.DRAFT, State.OPEN)),
    "waiting": (gettext_lazy("To be decided about"), WAIT_FOR_A_DECISION),
    "published": (gettext_lazy("Published"), (State.PUBLISHED,)),
    "over": (gettext_lazy("Withdrawn or ended"), (State.WITHDRAWN, State.ENDED)),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """One text on the screen, with what is proposed to be shown of it."""

    text: FreeText
    proposed: str
    reason: str = ""


@needs(May.RUN_SURVEYS)
def surveys(request: HttpRequest) -> HttpResponseBase:
    """All rounds by where they stand, but for those about oneself; and the forms of questions."""
    queue = request.GET.get("queue", "")
    queue = queue if queue in QUEUES else "going"
    rows = (
        Survey.objects.exclude(leader__user=user_of(request))
        .filter(state__in=QUEUES[queue][1])
        .select_related("leader", "function")
        .annotate(
            invited=Count("invitations"), came=Count("invitations", filter=Q(invitations__answered=True))
        )
        .order_by("-last_day", "-pk")
    )
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "queue": queue,
        "queues": [(value, label) for value, (label, _states) in QUEUES.items()],
        "forms": SurveyForm.objects.order_by("-made_at", "-pk")[:PAGE],
    }
    return render(request, "desk/surveys/list.html", context)


@needs(May.RUN_SURVEYS)
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin one."""
    user = user_of(request)
    first = {"form": SurveyForm.objects.order_by("-made_at", "-pk").first()}
    form = forms.NewForm(user, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = services.prepare(
                given["leader"], given["function"], given["form"], given["last_day"], by=user
            )
        except NotPublishable as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("It is kept, and nobody is asked yet. Look at who will be."))
            return redirect("desk:survey", found.pk)
    return render(request, "desk/surveys/new.html", {"form": form})


@needs(May.RUN_SURVEYS)
def survey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them; a post to it is one act. What cannot be done says why and changes nothing.

    Of several texts one is decided at a time, and what stands written at the others stays in their fields.
    """
    found = Survey.objects.select_related("leader", "function", "form", "run_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not may_run(found, user_of(request)):
        raise PermissionDenied(_("This is about you. Somebody else holds it together."))
    bound: dict[str, Any] = {}
    if request.method == "POST" and acted(request, ACTS, found, bound) and not bound.get("texts"):
        return redirect("desk:survey", pk)
    return render(request, "desk/surveys/one.html", _shown(found, bound))


def _shown(found: Survey, bound: dict[str, Any]) -> dict[str, Any]:
    invitations = list(
        found.invitations.select_related("person", "delivery", "reminder").order_by("person__name", "pk")
    )
    came = sum(one.answered for one in invitations)
    draft, closed = found.state == State.DRAFT, found.state == State.CLOSED
    enough = closed and found.sealed.count() >= ENOUGH
    return {
        "survey": found,
        "state": {one.value: found.state == one for one in State},
        "invitations": invitations,
        "came": came if found.answered is None else found.answered,
        "enough": ENOUGH,
        "can_open": enough,
        "is_open": inviting.is_open(found),
        "plan_form": (
            bound.get("plan") or forms.PlanForm(initial={"form": found.form_id, "last_day": found.last_day})
        )
        if draft
        else None,
        "asked_form": (
            bound.get("asked")
            or forms.AskedForm(found, initial={"persons": [one.person_id for one in invitations]})
        )
        if draft
        else None,
        "prolong_form": (bound.get("prolong") or forms.ProlongForm(prefix="more"))
        if found.state == State.OPEN or (closed and not enough)
        else None,
        "end_form": (bound.get("end") or forms.ReasonForm(prefix="end")) if draft or closed else None,
        "withdraw_form": (bound.get("withdraw") or forms.ReasonForm(prefix="away"))
        if found.state == State.PUBLISHED
        else None,
        "texts": _texts(found, bound.get("texts", {})),
        "preview": gate.as_it_would_be(found),
    }


def _texts(found: Survey, written: Mapping[UUID, tuple[str, str]]) -> list[Checked]:
    texts: QuerySet[FreeText] = found.texts.select_related("question").order_by("question__place", "pk")
    if not (rows := list(texts)):
        return []
    names = checking.names_in(found)
    return [
        Checked(one, *written[one.pk])
        if one.pk in written
        else Checked(one, one.shown or checking.proposed(one, names))
        for one in rows
    ]


def _save(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    if _drafted(request, found, bound) is None:
        return ""
    return _("Questions, day and who will be asked are saved.")


def _open(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    """Nobody is asked by what the page did not say: what was ticked and not saved is saved, and read once more."""
    changed = _drafted(request, found, bound)
    if changed is None:
        return ""
    if changed:
        return _(
            "What you had changed is saved, and no mail is sent yet. Look at who is asked, and press again."
        )
    services.open_(found, by=user_of(request))
    return _("It is open. Each of them gets a link of their own by mail.")


def _drafted(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> bool | None:
    """Save what the form says of a round that nobody is asked in yet, and whether that changed it; None where it is shown again."""
    plan = bound["plan"] = forms.PlanForm(request.POST)
    asked = bound["asked"] = forms.AskedForm(found, request.POST)
    if not (plan.is_valid() and asked.is_valid()):
        return None
    form, day = plan.cleaned_data["form"], plan.cleaned_data["last_day"]
    persons = list(asked.cleaned_data["persons"])
    stood = set(found.invitations.values_list("person_id", flat=True))
    if (form.pk, day, {one.pk for one in persons}) == (found.form_id, found.last_day, stood):
        return False
    with transaction.atomic():
        services.save_plan(found, form, day, by=user_of(request))
        services.save_asked(found, persons, by=user_of(request))
    return True


def _remind(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    mails = services.remind(found, by=user_of(request))
    return ngettext("%(count)d reminder goes.", "%(count)d reminders go.", mails) % {"count": mails}


def _prolong(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    form = bound["prolong"] = forms.ProlongForm(request.POST, prefix="more")
    if not form.is_valid():
        return ""
    services.prolong(found, form.cleaned_data["last_day"], by=user_of(request))
    return _("It goes on. Those who have not answered can use the link that they have.")


def _close(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    if services.close(found, by=user_of(request)):
        return _("It is closed, and its answers are opened.")
    return _("It is closed. Nothing was opened.")


def _open_answers(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    services.open_answers(found, by=user_of(request))
    return _("The answers are opened.")


def _end(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    form = bound["end"] = forms.ReasonForm(request.POST, prefix="end")
    if not form.is_valid():
        return ""
    services.end(found, form.cleaned_data["reason"], by=user_of(request))
    return _("It is ended. Its answers are destroyed unread, and the reason is kept.")


def _release(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    text = _text(request, found, bound)
    checking.release(text, request.POST.get(f"shown-{text.pk}", ""), by=user_of(request))
    bound["texts"].pop(text.pk, None)
    return _("The text is released.")


def _keep_back(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    text = _text(request, found, bound)
    checking.keep_back(text, request.POST.get(f"reason-{text.pk}", ""), by=user_of(request))
    bound["texts"].pop(text.pk, None)
    return _("The text is kept back.")


def _publish(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    services.publish(found, by=user_of(request))
    return _("Published. Everyone can read it now.")


def _withdraw(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> str:
    form = bound["withdraw"] = forms.ReasonForm(request.POST, prefix="away")
    if not form.is_valid():
        return ""
    services.withdraw(found, form.cleaned_data["reason"], by=user_of(request))
    return _("Withdrawn. Nobody outside sees it any more.")


def _text(request: HttpRequest, found: Survey, bound: dict[str, Any]) -> FreeText:
    """The text that the address names, of this round; whatever is changed in the fields is kept for the page. Raises Http404."""
    stood = {one.text.pk: one for one in _texts(found, {})}
    bound["texts"] = kept = {}
    for pk, one in stood.items():
        if f"shown-{pk}" not in request.POST:
            continue
        shown, reason = (request.POST.get(f"{name}-{pk}", "") for name in ("shown", "reason"))
        if reason.strip() or shown.splitlines() != one.proposed.splitlines():
            kept[pk] = (shown, reason)
    named = next((one.text for pk, one in stood.items() if str(pk) == request.GET.get("text")), None)
    if named is None:
        raise Http404
    return named


ACTS: Final[dict[str, Act[Survey]]] = {
    "save": _save,
    "open": _open,
    "remind": _remind,
    "prolong": _prolong,
    "close": _close,
    "open_answers": _open_answers,
    "end": _end,
    "release": _release,
    "keep_back": _keep_back,
    "publish": _publish,
    "withdraw": _withdraw,
}
