"""Contact points in a playbook: which forms, for what, with which notice; never an address, a server or a person.

What comes is a place being prepared: it gets its address, owner and deputy here, and only then can it open.
Neighbour: services writes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints import services
from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.channel import channels
from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Kind, Part, fields_of, filled
from gensvar.core.playbooks.shape import Field, Flag, Heard, Number, OneOf, Record, Slug, Text
from gensvar.people.models import Function

_SECRET = "its own server and its secrets"
_ADDRESS = "an address is one municipality's own"
_LIFE = "what became of the place there is history"


class Places(Part):
    """Those that are not closed. One is named by its form and its name; of several with the same, by their number."""

    name: ClassVar[str] = "contact_points"
    title: ClassVar[str | Promise] = _("contact points")
    shape: ClassVar[tuple[Field, ...]] = (
        Slug(name="channel", key=True, longest=30),
        Text(name="name", key=True, longest=120),
        Number(name="number", key=True, least=1, most=1_000, label=_("number")),
        Slug(name="function", to="functions", needed=True),
        Text(name="purpose", longest=3_000, lines=True),
        OneOf(name="place", choices=ContactPoint.Place.values),
        Text(name="hours", longest=200),
        Text(name="languages", longest=100, needed=True),
        Text(name="notice", longest=5_000, lines=True),
        Text(name="archiving", longest=3_000, lines=True),
        Number(name="answer_within", most=365),
        Flag(name="acknowledges"),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"contactpoints.ContactPoint"})
    left_out: ClassVar[dict[str, str]] = {
        "contactpoints.ContactPoint.address": _ADDRESS,
        "contactpoints.ContactPoint.web_address": _ADDRESS,
        "contactpoints.ContactPoint.owner": "a person",
        "contactpoints.ContactPoint.deputy": "a person",
        "contactpoints.ContactPoint.settings": _SECRET,
        "contactpoints.ContactPoint.state": "what comes is being prepared until somebody opens it",
        "contactpoints.ContactPoint.opened_on": _LIFE,
        "contactpoints.ContactPoint.closed_on": _LIFE,
        "contactpoints.ContactPoint.linked_back_from": _ADDRESS,
        "contactpoints.ContactPoint.linked_back_at": _LIFE,
    }
    screen: ClassVar[str] = "desk:contact_point"
    model: ClassVar[type[models.Model] | None] = ContactPoint

    def field_label(self, one: Field) -> str | Promise:
        """The number has no column."""
        return one.label or super().field_label(one)

    def standing(self) -> Iterable[Record]:
        """All that are not closed."""
        own = [one for one in self.shape if one.name not in {"number", "function"}]
        return [
            {**fields_of(row, own), "function": row.function.slug, "number": number}
            for row, number in _numbered()
        ]

    def read(self, data: object, where: str, heard: Heard) -> tuple[Record, ...]:
        """In the order of their keys, whatever order the file has: number 1 comes before number 2."""
        return tuple(sorted(Part.read(self, data, where, heard), key=self.key_of))

    def fitting(self, by: User | None) -> Fitting:
        """A place that stands here stays with its function, whose people own it; a form must be installed."""
        return _fit

    def write(self, change: Change, by: User) -> models.Model:
        """A new one as being prepared, without address. Raises ValidationError where the number before it is not there."""
        key = self.key_of(change.record)
        named = {(row.channel, row.name, number): row for row, number in _numbered()}
        channel, called, number = key
        if change.kind == Kind.NEW:  # never one that this taking has just made, whatever number it got
            row = ContactPoint(channel=channel, name=called)
            if number > 1 and (channel, called, number - 1) not in named:
                said = gettext("Number %(number)s of that name needs number %(before)s before it.")
                raise ValidationError(said % {"number": number, "before": number - 1})
        else:
            row = named[key]
        values = {name: value for name, value in change.values.items() if name not in {"number", "function"}}
        if row._state.adding:
            function = Function.objects.filter(slug=change.record["function"]).first()
            if function is None:
                raise ValidationError(gettext("Its function is not here."))
            row.function = function
        services.save_contact_point(filled(row, values), by=by)
        return row


def _numbered() -> Iterator[tuple[ContactPoint, int]]:
    """Every place that is not closed with its number among those of the same form and name, the oldest first."""
    counted = Counter[tuple[str, str]]()
    rows = ContactPoint.objects.exclude(state=ContactPoint.State.CLOSED).select_related("function")
    for row in rows.order_by("pk"):
        counted[row.channel, row.name] += 1
        yield row, counted[row.channel, row.name]


def _fit(record: Record, here: Record | None) -> Fit:
    if here is not None:
        if record["function"] == here["function"]:
            return Fit(record)
        stays = gettext("It stays with the function that has it here.")
        return Fit({**record, "function": here["function"]}, notes=(stays,))
    if record["channel"] not in channels():
        return Fit(
            record,
            refusal=gettext("The form “%(form)s” is not installed here.") % {"form": record["channel"]},
        )
    waits = gettext(
        "It gets no address and is not open until somebody here gives it one, an owner and a deputy."
    )
    return Fit(record, notes=(waits,))
