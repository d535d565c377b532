"""Saved views: keeping one, changing it, sharing it with a function that one holds, and who sees which.

Neighbours: models (the row), place (what may be kept), saved_screens (the buttons).
"""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from gensvar.contract.channel import channels
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.desk.models import SavedView
from gensvar.desk.place import Place
from gensvar.people.models import Function, Person
from gensvar.people.queries import functions_of, held_by

MOST: Final = 30  # for one person: more than that is no column to look at


class NotSaved(Exception):
    """The view could not be kept so; nothing was changed. The message says why."""


def visible_views(user: User) -> QuerySet[SavedView]:
    """One's own views and those that colleagues share with one's functions; external people see their own only."""
    own = Q(owner__user=user)
    if Role.EXTERNAL in user.roles:
        return SavedView.objects.filter(own).select_related("owner", "shared_with")
    shared = Q(shared_with__in=functions_of(user).filter(active=True))
    return SavedView.objects.filter(own | shared).select_related("owner", "shared_with")


def place_of(view: SavedView) -> Place:
    """The place in the inbox that the view names; read anew, so that only known parameters count."""
    return Place.read(QueryDict(view.query))


def keep(person: Person, name: str, query: str, function: Function | None = None) -> SavedView:
    """Keep the place that a query string (without its question mark) names. Raises NotSaved."""
    place = _known(Place.read(QueryDict(query)).lasting)
    if not place.filtered:
        raise NotSaved(_("Search or filter first: what is saved is what narrows the list."))
    if SavedView.objects.filter(owner=person).count() >= MOST:
        raise NotSaved(_("You have %(most)s views already. Remove one first.") % {"most": MOST})
    view = SavedView(owner=person, query=place.query[1:], created_at=clock.now())
    return _save(view, name, function)


def change(view: SavedView, name: str, function: Function | None = None) -> SavedView:
    """Another name, or shared with another function or nobody. Raises NotSaved."""
    return _save(view, name, function)


def shareable(person: Person) -> list[Function]:
    """The functions with which that person may share: those that they hold; none for external people."""
    if person.user is not None and Role.EXTERNAL in person.user.roles:
        return []
    return list(held_by(person))


def _save(view: SavedView, name: str, function: Function | None) -> SavedView:
    view.name = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:60].strip()
    if not view.name:
        raise NotSaved(_("Give the view a name."))
    kept_as_it_is = function is not None and function.pk == view.shared_with_id
    if function is not None and not kept_as_it_is and function not in shareable(view.owner):
        raise NotSaved(_("You can share a view with a function that you hold."))
    view.shared_with = function
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise NotSaved(_("You already have a view named “%(name)s”.") % {"name": view.name}) from None
    return view


def _known(place: Place) -> Place:
    """The place without functions and channels that do not exist."""
    function = place.function if Function.objects.filter(slug=place.function).exists() else ""
    return place.but(function=function, channel=place.channel if place.channel in channels() else "")
