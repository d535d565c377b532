"""Writing first: a new conversation that the municipality begins, kept as a draft until it is sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gensvar.answers import drafts
from gensvar.answers import services as answers
from gensvar.answers.errors import ChangedElsewhere
from gensvar.answers.models import Draft
from gensvar.answers.ways import mail
from gensvar.contactpoints.queries import speaking
from gensvar.core.roles import May
from gensvar.desk import windows, writing
from gensvar.desk.access import needs, speaker, user_of
from gensvar.desk.numbers import together
from gensvar.people.models import Person


@needs(May.WRITE_FIRST)
def first(request: HttpRequest) -> HttpResponseBase:
    """The form of a first word; every POST keeps the draft, and one sends it."""
    me = speaker(request)
    draft = drafts.draft_of(me, None, Draft.Kind.FIRST)
    if request.method != "POST":
        return _form(request, me, draft)
    act = request.POST.get("act", "save")
    typing = request.headers.get("Accept", "").startswith("application/json")
    try:
        draft = windows.chosen(_keep(request, me), act)
    except ChangedElsewhere as refusal:
        if typing:
            return windows.kept_aside(request, refusal)
        problem = windows.put_first(request, refusal, act)
        return _form(request, me, drafts.draft_of(me, None, Draft.Kind.FIRST), problem)
    if act.startswith("remove-"):
        writing.remove_file(draft, act.removeprefix("remove-"))
    if act == "discard":
        drafts.discard(draft)
        messages.success(request, _("The draft is gone."))
        return redirect("desk:inbox")
    if act != "send":
        if typing:
            return JsonResponse(writing.saved(request, draft))
        messages.success(request, _("Saved."))
        return redirect("desk:first")
    if changed := windows.files_changed(request, draft):
        return _form(request, me, draft, " ".join([_("Nothing was sent."), changed]))
    try:
        conversation = answers.write_first(draft, by=user_of(request))
    except writing.REFUSALS as refusal:
        return _form(request, me, draft, writing.why_not(refusal, draft))
    said = _("Sent. The conversation has the number %(number)s.") % {"number": conversation.number}
    messages.success(request, together(said))
    return redirect("desk:conversation", conversation.number)


def _keep(request: HttpRequest, me: Person) -> Draft:
    own = answers.may_speak_for(me)
    slug = request.POST.get("function", "")
    draft = drafts.save_draft(
        person=me,
        kind=Draft.Kind.FIRST,
        text=request.POST.get("text", ""),
        function=next((f for f in own if f.slug == slug), own[0] if own else None),
        recipient=request.POST.get("recipient", "").strip(),
        subject=request.POST.get("subject", "").strip(),
        **windows.said_by(request),
    )
    writing.add_files(request, draft)
    return draft


def _form(request: HttpRequest, me: Person, draft: Draft | None, problem: str = "") -> HttpResponseBase:
    senders = [(f, place) for f in answers.may_speak_for(me) if (place := speaking(mail(), f)) is not None]
    context: dict[str, Any] = {"draft": draft, "senders": senders, "problem": problem, "me": me}
    context |= windows.shown(request, draft)
    return render(request, "desk/first.html", context)
