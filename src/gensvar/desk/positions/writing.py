"""The form of a wording, with a preview that compares it word by word with what holds now; saving shows nothing to the public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.positions.forms import OwnForm, WordingForm, begun_with
from gensvar.desk.positions.screens import compared, last_words
from gensvar.people.queries import functions_of, person_of
from gensvar.publishing.positions import services
from gensvar.publishing.positions.models import Position, Wording
from gensvar.publishing.services import NotPublishable


@needs(May.PUBLISH)
def new(request: HttpRequest) -> HttpResponseBase:
    """A position that is not there yet: owner, topics and the first wording, saved together as a draft."""
    user = user_of(request)
    sent = request.POST if request.method == "POST" else None
    form = WordingForm(sent, initial=begun_with(None, person_of(user), draft=True))
    own = OwnForm(sent, initial={"owner": functions_of(user).values_list("pk", flat=True).first()})
    both = form.is_valid() & own.is_valid()
    if both and request.POST.get("action") == "save":
        try:
            draft = services.begin(form.written(), own.cleaned_data["owner"], own.slugs, by=user)
            messages.success(request, _("The draft is saved. Nobody outside sees it yet."))
            return redirect("desk:position", draft.position_id)
        except NotPublishable as refusal:
            _put(form, refusal)
    return _form(request, form, {"own": own, "title": _("New position")})


@needs(May.PUBLISH)
def wording(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The draft of a position, or a new one that starts with the words that hold now."""
    position = get_object_or_404(Position, pk=pk)
    draft, last = services.draft_of(position), last_words(position)
    begun = begun_with(draft or last, person_of(user_of(request)), draft=draft is not None)
    form = WordingForm(request.POST if request.method == "POST" else None, initial=begun)
    seen = request.POST.get("seen", "") if form.is_bound else draft.written_at.isoformat() if draft else ""
    theirs: Wording | None = None
    if form.is_valid() and request.POST.get("action") == "save":
        try:
            services.write(position, form.written(), by=user_of(request), seen=_moment(seen))
            messages.success(request, _("The draft is saved. Nobody outside sees it yet."))
            return redirect("desk:position", pk)
        except services.SavedElsewhere as newer:
            theirs, seen = newer.draft, newer.draft.written_at.isoformat()
            _put(form, newer)
        except NotPublishable as refusal:
            _put(form, refusal)
    title = _("New wording") if last is not None else _("The first wording")
    context = {"position": position, "title": title, "last": last, "seen": seen, "theirs": theirs}
    return _form(request, form, context)


def _form(request: HttpRequest, form: WordingForm, context: dict[str, Any]) -> HttpResponseBase:
    preview = None
    if form.is_bound and form.is_valid() and request.POST.get("action") == "preview":
        preview = Wording(title=form.cleaned_data["title"], text=services.tidied(form.cleaned_data["text"]))
        context |= {"preview": preview, "changed": compared(context.get("last"), preview)}
    return render(request, "desk/positions/wording.html", {"form": form, **context})


def _put(form: WordingForm, refusal: NotPublishable) -> None:
    for reason in refusal.reasons:
        form.add_error(None, reason)


def _moment(text: str) -> Any:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
