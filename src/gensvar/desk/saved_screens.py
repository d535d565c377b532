"""Saved views on the screen: the lines of the queue column, and the page where one keeps, renames, shares and removes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gensvar.core.models import User
from gensvar.desk import saved
from gensvar.desk.access import READING, needs, speaker, user_of
from gensvar.desk.models import SavedView
from gensvar.desk.place import Place
from gensvar.people.models import Function, Person


@dataclass(frozen=True, slots=True)
class Line:
    """A saved view as the queue column shows it."""

    pk: int
    name: str
    url: str
    selected: bool
    shared_by: str  # a colleague's name; empty for one's own


def lines(user: User, me: Person | None, place: Place) -> list[Line]:
    """The views that this log-in sees; one query."""
    here = place.lasting.query
    return [
        Line(
            pk=view.pk,
            name=view.name,
            url=saved.place_of(view).url,
            selected=f"?{view.query}" == here,
            shared_by="" if me is not None and view.owner_id == me.pk else view.owner.name,
        )
        for view in saved.visible_views(user)
    ]


@needs(*READING)
def saved_views(request: HttpRequest) -> HttpResponseBase:
    """All views that one sees; a POST keeps the place that one came from."""
    me = speaker(request)
    if request.method == "POST":
        place = Place.read(request.POST).but(before=None, queues_first=False)
        try:
            view = saved.keep(me, request.POST.get("name", ""), place.query[1:], _function(request, me))
        except saved.NotSaved as refusal:
            messages.error(request, str(refusal))
            return redirect(place.url)
        messages.success(request, _("Saved. It stands under your queues."))
        return redirect(saved.place_of(view).url)
    found = list(saved.visible_views(user_of(request)))
    context = {
        "own": [(view, saved.place_of(view).url) for view in found if view.owner_id == me.pk],
        "shared": [(view, saved.place_of(view).url) for view in found if view.owner_id != me.pk],
        "functions": saved.shareable(me),
    }
    return render(request, "desk/saved_views.html", context)


@needs(*READING)
def saved_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change or remove one of one's own; of anybody else's there is nothing here (404)."""
    me = speaker(request)
    view = get_object_or_404(SavedView.objects.select_related("owner__user", "shared_with"), pk=pk, owner=me)
    if request.method != "POST":
        return redirect(saved.place_of(view).url)
    if request.POST.get("act") == "remove":
        name = view.name
        view.delete()
        messages.success(request, _("“%(name)s” is removed.") % {"name": name})
        return redirect("desk:saved_views")
    try:
        saved.change(view, request.POST.get("name", ""), _function(request, me, view.shared_with))
        messages.success(request, _("Saved."))
    except saved.NotSaved as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:saved_views")


def _function(request: HttpRequest, me: Person, before: Function | None = None) -> Function | None:
    """The function that was chosen in the form. One that is not offered raises NotSaved, in the rules' words."""
    slug = request.POST.get("share", "")
    if not slug:
        return None
    if before is not None and before.slug == slug:
        return before
    offered = next((one for one in saved.shareable(me) if one.slug == slug), None)
    if offered is None:
        raise saved.NotSaved(_("You can share a view with a function that you hold."))
    return offered
