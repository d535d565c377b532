"""The screens of "you said, we did": the list, a new one, and one with all that can be done to it. Works as plain forms."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gensvar.conversations.queries import visible_to
from gensvar.core import languages
from gensvar.core import topics as vocabulary
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.acting import Act, acted
from gensvar.desk.outcome_forms import OutcomeForm, StepForm
from gensvar.learning import gate, reach, services, ties
from gensvar.learning.models import Outcome
from gensvar.publishing.posts.models import Post
from gensvar.publishing.services import NotPublishable

PAGE: Final = 30
MOST_SHOWN: Final = 100  # tied conversations on the screen
MOST_POSTS: Final = 50  # to choose among
QUEUES: Final = {
    "proposed": gettext_lazy("Proposed"),
    "published": gettext_lazy("Public"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@needs(May.PROPOSE_OUTCOMES)
def outcomes(request: HttpRequest) -> HttpResponseBase:
    """All of them by where they stand; a public one with a step that waits stands among the proposed as well."""
    queue = request.GET.get("queue", "")
    queue = queue if queue in QUEUES else "published"
    rows = Outcome.objects.select_related("function", "newest__person").annotate(
        ties=Count("conversation_ties", filter=Q(conversation_ties__ended_at=None), distinct=True)
    )
    waiting = Q(state=Outcome.State.PROPOSED) | Q(
        steps__published_at=None, steps__isnull=False, state=Outcome.State.PUBLISHED
    )
    chosen = rows.filter(waiting) if queue == "proposed" else rows.filter(state=queue)
    context = {
        "page": Paginator(chosen.order_by("-changed_at", "-pk"), PAGE).get_page(request.GET.get("page")),
        "queue": queue,
        "queues": QUEUES.items(),
        "waiting": Outcome.objects.filter(waiting).distinct().count(),
    }
    return render(request, "desk/outcomes.html", context)


@needs(May.PROPOSE_OUTCOMES)
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin one, from nothing or from a conversation (`?from=2026-000123`)."""
    user = user_of(request)
    number = (request.POST.get("from") or request.GET.get("from") or "").strip()[:20]
    conversation = visible_to(user).filter(number=number).first() if number else None
    held = [function for _person, function in services.signers(None, user)]
    first = {"function": held[0] if held else None, "language": languages.here()}
    if conversation is not None and conversation.function is not None:
        first["function"] = conversation.function
    form = OutcomeForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        found = services.propose(**form.cleaned_data, by=user)
        if conversation is not None:
            ties.tie(found, conversation, by=user)
            services.save_topics(found, list(conversation.topics.values_list("slug", flat=True)), by=user)
        messages.success(request, _("It is kept. Now write the first step: what was done, or why not."))
        return redirect("desk:outcome", found.pk)
    return render(request, "desk/outcome_new.html", {"form": form, "conversation": conversation})


@needs(May.PROPOSE_OUTCOMES)
def outcome(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them; a post to it is one act. What cannot be done says why and changes nothing."""
    found = Outcome.objects.select_related("function").filter(pk=pk).first()
    if found is None:
        raise Http404
    bound: dict[str, Any] = {}
    if request.method == "POST" and acted(request, ACTS, found, bound):
        return redirect("desk:outcome", pk)
    return render(request, "desk/outcome.html", _shown(request, found, bound))


def _shown(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> dict[str, Any]:
    user = user_of(request)
    step = found.steps.filter(published_at=None).select_related("person", "function").first()
    signers = services.signers(found, user)
    may_publish = user.may(May.PUBLISH)
    return {
        "outcome": found,
        "form": bound.get("save") or (OutcomeForm.of(found) if found.published_at is None else None),
        "step_form": bound.get("step") or (StepForm.of(step, signers) if signers else None),
        "draft": step,
        "steps": found.steps.filter(published_at__isnull=False)
        .select_related("person", "function", "published_by")
        .annotate(told_in=Count("told_conversations", filter=Q(told_conversations__message__isnull=False)))
        .order_by("-published_at", "-pk"),
        "vocabulary": list(vocabulary.in_use()),
        "topics": set(found.topics.all()),
        "published": found.state == Outcome.State.PUBLISHED,
        "withdrawn": found.state == Outcome.State.WITHDRAWN,
        "preview": gate.as_it_would_be(found, languages.here()),
        "reach": reach.reach_of(found, step.function) if step is not None and may_publish else None,
        "may_publish": may_publish,
        **_led_by(user, found),
    }


def _led_by(user: User, found: Outcome) -> dict[str, Any]:
    """What it is tied to, as far as this person may see it, and the posts that could be."""
    living = found.conversation_ties.filter(ended_at=None)
    seen = living.filter(conversation__in=visible_to(user).values("pk"))
    rows = seen.select_related("conversation").order_by("pk")[:MOST_SHOWN]
    tied = found.post_ties.filter(ended_at=None).select_related("post")
    chosen = [one.post for one in tied.order_by("pk")]
    posts: Any = Post.objects.live().exclude(pk__in=[one.pk for one in chosen])
    return {
        "conversations": [one.conversation for one in rows],
        "unseen": living.count() - len(rows),
        "posts": chosen,
        "more_posts": list(posts.order_by("-first_published_at")[:MOST_POSTS]),
    }


def _save(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    form = bound["save"] = OutcomeForm(request.POST)
    if not form.is_valid():
        return ""
    services.save(found, **form.cleaned_data, by=user_of(request))
    return _("The words are saved.")


def _topics(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    services.save_topics(found, request.POST.getlist("topic"), by=user_of(request))
    return _("The topics are saved.")


def _step(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    form = bound["step"] = StepForm(services.signers(found, user_of(request)), request.POST)
    if not form.is_valid():
        return ""
    person, function = form.signer
    services.save_step(
        found,
        status=form.cleaned_data["status"],
        words=form.cleaned_data["words"],
        day=form.cleaned_data["day"],
        person=person,
        function=function,
        by=user_of(request),
    )
    return _("The step is saved. Nobody outside sees it yet.")


def _publish(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    tell = request.POST.get("tell") == "yes"
    services.publish(found, tell=tell, by=user_of(request))
    said = _("Published. Everyone can read it now.")
    return f"{said} {_('Those who took part are being told.')}" if tell else said


def _withdraw(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    services.withdraw(found, request.POST.get("reason", ""), by=user_of(request))
    return _("Withdrawn. Nobody outside sees it any more.")


def _tie(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    """One number or several; either all of them are tied or none."""
    user = user_of(request)
    numbers = list(dict.fromkeys(re.split(r"[\s,;]+", request.POST.get("numbers", "").strip())))[:200]
    rows = {one.number: one for one in visible_to(user).filter(number__in=numbers)}
    if unknown := [number for number in numbers if number not in rows]:
        raise NotPublishable(
            [_("You see no conversation with the number %(number)s.") % {"number": ", ".join(unknown)}]
        )
    for number in numbers:
        ties.tie(found, rows[number], by=user, tell="tell" in request.POST)
    return ngettext(
        "%(many)d conversation is tied to it.", "%(many)d conversations are tied to it.", len(numbers)
    ) % {"many": len(numbers)}


def _untie(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    conversation = visible_to(user_of(request)).filter(number=request.POST.get("number", "")).first()
    if conversation is None:
        raise Http404
    ties.untie(found, conversation, by=user_of(request))
    return _("%(number)s is not tied to it any more.") % {"number": conversation.number}


def _tie_post(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    ties.tie_post(found, _post(request), by=user_of(request))
    return _("The post is tied to it.")


def _untie_post(request: HttpRequest, found: Outcome, bound: dict[str, Any]) -> str:
    ties.untie_post(found, _post(request), by=user_of(request))
    return _("The post is not tied to it any more.")


def _post(request: HttpRequest) -> Post:
    post: Post | None = Post.objects.filter(pk=row_id(request.POST.get("post"))).first()
    if post is None:
        raise Http404
    return post


ACTS: Final[dict[str, Act[Outcome]]] = {
    "save": _save,
    "topics": _topics,
    "step": _step,
    "publish": _publish,
    "withdraw": _withdraw,
    "tie": _tie,
    "untie": _untie,
    "tie-post": _tie_post,
    "untie-post": _untie_post,
}
