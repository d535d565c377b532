"""Saved views that colleagues share, in a playbook: what they narrow the list to, and never whose they are. Neighbour: saved."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.contract.channel import channels
from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Part
from gensvar.core.playbooks.shape import Field, Record, Slug, Text
from gensvar.core.roles import May, Role
from gensvar.desk import saved
from gensvar.desk.models import SavedView
from gensvar.desk.place import QUEUE, Place
from gensvar.people.access import who_may
from gensvar.people.models import Function, Person
from gensvar.people.queries import holders_of

_WHO = "a person; here the first by name who holds the function has it"


class Views(Part):
    """Those that are shared with a function. One that is here already belongs to a colleague and is left alone."""

    name: ClassVar[str] = "saved_views"
    title: ClassVar[str | Promise] = _("shared saved views")
    shape: ClassVar[tuple[Field, ...]] = (
        Slug(name="shared_with", key=True, to="functions"),
        Text(name="name", key=True, longest=60),
        Text(name="queue", longest=70, label=_("queue")),
        Text(name="q", longest=200, label=_("search"), suspect=True),  # often a resident's name
        Slug(name="function", to="functions", label=_("of the function")),
        Slug(name="channel", longest=30, label=_("form")),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"desk.SavedView"})
    left_out: ClassVar[dict[str, str]] = {
        "desk.SavedView.owner": _WHO,
        "desk.SavedView.query": "written out as what it narrows: queue, search, function, form",
        "desk.SavedView.created_at": "when it was made there",
    }
    model: ClassVar[type[models.Model] | None] = SavedView

    def standing(self) -> Iterable[Record]:
        """All that are shared; of two of one name the older."""
        rows = (
            SavedView.objects.filter(shared_with__isnull=False).select_related("shared_with").order_by("-pk")
        )
        return list({self.key_of(one): one for one in map(_record, rows)}.values())

    def given(self) -> Iterable[Record]:
        """Those of active functions."""
        active = set(Function.objects.filter(active=True).values_list("slug", flat=True))
        return [one for one in self.standing() if one["shared_with"] in active]

    def fitting(self, by: User | None) -> Fitting:
        """Somebody must hold the function, and the view must narrow the list; one question a function."""
        owners = functools.cache(_owner)
        return lambda record, here: Fit(here) if here is not None else _fit(record, owners)

    def write(self, change: Change, by: User) -> models.Model:
        """By the room's own service, for whoever has it. Raises ValidationError where they cannot."""
        said = change.record
        owner = _owner(said["shared_with"])
        if owner is None:
            raise ValidationError(gettext("Nobody holds the function here yet."))
        function = Function.objects.get(slug=said["shared_with"])
        try:
            return saved.keep(owner, said["name"], _place(said).query[1:], function)
        except saved.NotSaved as refusal:
            raise ValidationError(str(refusal)) from refusal


def _fit(record: Record, owners: Callable[[str], Person | None]) -> Fit:
    place = _place(record)
    whole = {**record, **_said(place)}
    if not place.filtered or not (place.queue == "" or QUEUE.fullmatch(place.queue)):
        return Fit(whole, refusal=gettext("It does not narrow the list."))
    if place.channel and place.channel not in channels():
        said = gettext("The form “%(form)s” is not installed here.")
        return Fit(whole, refusal=said % {"form": place.channel})
    owner = owners(record["shared_with"])
    if owner is None:
        nobody = gettext("Nobody holds the function here yet. Take the file in once more when somebody does.")
        return Fit(whole, refusal=nobody)
    return Fit(
        whole, notes=(gettext("It becomes %(person)s’s, shared with the function.") % {"person": owner},)
    )


def _place(record: Record) -> Place:
    """As the inbox keeps it: a search goes through every queue."""
    return Place(**{name: record.get(name, "") for name in ("queue", "q", "function", "channel")}).lasting


def _said(place: Place) -> dict[str, Any]:
    return {"queue": place.queue, "q": place.q, "function": place.function, "channel": place.channel}


def _record(view: SavedView) -> dict[str, Any]:
    shared = view.shared_with.slug if view.shared_with is not None else ""
    return {"shared_with": shared, "name": view.name, **_said(saved.place_of(view))}


def _owner(slug: str) -> Person | None:
    """The first by name who holds that function today, can read and write in the inbox and may share."""
    function = Function.objects.filter(slug=slug, active=True).first()
    if function is None:
        return None
    able = who_may(May.NOTE).exclude(groups__name=Role.EXTERNAL.value)
    return holders_of(function).filter(active=True, user__in=able).order_by("name", "pk").first()
