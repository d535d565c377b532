"""The screens of the workshop: the list, a new experiment, and one with all that can be done to it. Plain forms."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.core import clock, languages
from gensvar.core import topics as vocabulary
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.acting import Act, acted
from gensvar.desk.workshop import forms
from gensvar.learning.workshop import gate, services
from gensvar.learning.workshop.models import Experiment
from gensvar.people.queries import functions_of, on_duty, person_of
from gensvar.publishing.services import NotPublishable

PAGE: Final = 30
QUEUES: Final = {
    "going": gettext_lazy("Going on"),
    "decide": gettext_lazy("To be decided"),
    "proposed": gettext_lazy("Proposed"),
    "decided": gettext_lazy("Decided"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@needs(May.PROPOSE_OUTCOMES)
def experiments(request: HttpRequest) -> HttpResponseBase:
    """All of them by where they stand; those that hang on one person, or on nobody, are marked."""
    queue = request.GET.get("queue", "")
    queue = queue if queue in QUEUES else "going"
    could = Experiment.successors.through.objects.filter(experiment=OuterRef("pk"), person__in=on_duty())
    rows = Experiment.objects.select_related("function", "holder").annotate(
        could_go_on=Exists(could), is_held=Exists(on_duty().filter(pk=OuterRef("holder")))
    )
    public = Q(state=Experiment.State.PUBLISHED)
    late = public & Q(decided_on=None, decides__lte=clock.today())
    chosen = {
        "going": public & Q(decided_on=None),
        "decide": late,
        "decided": public & Q(decided_on__isnull=False),
    }.get(queue, Q(state=queue))
    context = {
        "page": Paginator(rows.filter(chosen).order_by("decides", "pk"), PAGE).get_page(
            request.GET.get("page")
        ),
        "queue": queue,
        "queues": QUEUES.items(),
        "late": Experiment.objects.filter(late).count(),
    }
    return render(request, "desk/workshop/list.html", context)


@needs(May.PROPOSE_OUTCOMES)
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin one."""
    user = user_of(request)
    first = {
        "starts": clock.today(),
        "language": languages.here(),
        "function": functions_of(user).first(),
        "holder": person_of(user),
    }
    form = forms.PlanForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            found = services.propose(form.plan, by=user)
        except NotPublishable as error:
            for reason in error.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("It is kept. Now say who could take over."))
            return redirect("desk:experiment", found.pk)
    return render(request, "desk/workshop/new.html", {"form": form})


@needs(May.PROPOSE_OUTCOMES)
def experiment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them; a post to it is one act. What cannot be done says why and changes nothing."""
    found = Experiment.objects.select_related("function", "holder").filter(pk=pk).first()
    if found is None:
        raise Http404
    bound: dict[str, Any] = {}
    if request.method == "POST" and acted(request, ACTS, found, bound):
        return redirect("desk:experiment", pk)
    return render(request, "desk/workshop/one.html", _shown(request, found, bound))


def _shown(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> dict[str, Any]:
    may_publish = user_of(request).may(May.PUBLISH)
    is_public = found.state == Experiment.State.PUBLISHED
    goes_on = is_public and may_publish and found.decided_on is None
    return {
        "experiment": found,
        "preview": gate.as_it_would_be(found),
        "published": is_public,
        "withdrawn": found.state == Experiment.State.WITHDRAWN,
        "may_publish": may_publish,
        "form": bound.get("save") or (forms.PlanForm.of(found) if found.published_at is None else None),
        "successors": bound.get("successors")
        or forms.SuccessorsForm(found, initial={"persons": [one.pk for one in found.successors.all()]}),
        "vocabulary": list(vocabulary.in_use()),
        "topics": set(found.topics.all()),
        "lines": found.lines.select_related("person", "function"),
        "line_form": (bound.get("tell") or forms.LineForm(prefix="line"))
        if is_public and may_publish
        else None,
        "move_form": (bound.get("move") or forms.MoveForm(prefix="move")) if goes_on else None,
        "hand_form": (bound.get("hand") or forms.HandForm(found, prefix="hand")) if goes_on else None,
        "verdict_form": (bound.get("decide") or forms.VerdictForm(prefix="end")) if goes_on else None,
    }


def _save(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    form = bound["save"] = forms.PlanForm(request.POST)
    if not form.is_valid():
        return ""
    services.save(found, form.plan, by=user_of(request))
    return _("The words are saved.")


def _successors(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    form = bound["successors"] = forms.SuccessorsForm(found, request.POST)
    if not form.is_valid():
        return ""
    services.save_successors(found, list(form.cleaned_data["persons"]), by=user_of(request))
    return _("Those who could take over are saved.")


def _topics(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    services.save_topics(found, request.POST.getlist("topic"), by=user_of(request))
    return _("The topics are saved.")


def _publish(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    services.publish(found, by=user_of(request))
    return _("Published. Everyone can read it now.")


def _tell(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    form = bound["tell"] = forms.LineForm(request.POST, prefix="line")
    if not form.is_valid():
        return ""
    services.tell(found, form.cleaned_data["words"], by=user_of(request))
    return _("Everyone can read the line now.")


def _move(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    form = bound["move"] = forms.MoveForm(request.POST, prefix="move")
    if not form.is_valid():
        return ""
    services.move(found, form.cleaned_data["decides"], form.cleaned_data["reason"], by=user_of(request))
    return _("The day of the decision is moved, and everyone can read why.")


def _hand(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    form = bound["hand"] = forms.HandForm(found, request.POST, prefix="hand")
    if not form.is_valid():
        return ""
    holder = form.cleaned_data["holder"]
    services.hand_over(found, holder, by=user_of(request))
    return _("%(person)s holds it now.") % {"person": holder}


def _decide(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    form = bound["decide"] = forms.VerdictForm(request.POST, prefix="end")
    if not form.is_valid():
        return ""
    services.decide(found, form.cleaned_data["verdict"], form.cleaned_data["result"], by=user_of(request))
    return _("It is decided. What came of it stays in public.")


def _withdraw(request: HttpRequest, found: Experiment, bound: dict[str, Any]) -> str:
    services.withdraw(found, request.POST.get("reason", ""), by=user_of(request))
    return _("Withdrawn. Nobody outside sees it any more.")


ACTS: Final[dict[str, Act[Experiment]]] = {
    "save": _save,
    "successors": _successors,
    "topics": _topics,
    "publish": _publish,
    "tell": _tell,
    "move": _move,
    "hand": _hand,
    "decide": _decide,
    "withdraw": _withdraw,
}
