"""The functions in a playbook: what a municipality does under which name, and never who. Neighbour: services writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gensvar.core.models import User
from gensvar.core.playbooks.part import Change, Fit, Fitting, Part, fields_of, filled
from gensvar.core.playbooks.shape import Field, Flag, Record, Slug, Text
from gensvar.people import services
from gensvar.people.models import Function
from gensvar.people.queries import coordinating_function


class Functions(Part):
    """Those that are active. Only one holds it together: where one does already, it goes on doing so."""

    name: ClassVar[str] = "functions"
    title: ClassVar[str | Promise] = _("functions")
    shape: ClassVar[tuple[Field, ...]] = (
        Slug(name="slug", key=True, label=_("short name in addresses")),
        Text(name="name", longest=100, needed=True),
        Text(name="name_en", longest=100),
        Text(name="purpose", longest=3_000, lines=True),
        Flag(name="coordinates"),
    )
    covers: ClassVar[frozenset[str]] = frozenset({"people.Function"})
    left_out: ClassVar[dict[str, str]] = {"people.Function.active": "what rests is not given, nor woken"}
    screen: ClassVar[str] = "desk:function"
    model: ClassVar[type[models.Model] | None] = Function

    def standing(self) -> Iterable[Record]:
        """All, those that rest too."""
        return [fields_of(one, self.shape) for one in Function.objects.order_by("slug")]

    def given(self) -> Iterable[Record]:
        """Those that are active."""
        return [fields_of(one, self.shape) for one in Function.objects.filter(active=True)]

    def targets(self) -> Iterable[str]:
        """What rests gets nothing new."""
        return Function.objects.filter(active=True).values_list("slug", flat=True)

    def fitting(self, by: User | None) -> Fitting:
        """Who holds it together here stays that, else the first in the file; a function that rests here rests on."""
        awake, ours = set(self.targets()), coordinating_function()
        coming: list[str] = []  # the names of those in the file that would hold it together

        def fit(record: Record, here: Record | None) -> Fit:
            slug = record["slug"]
            if here is not None and slug not in awake:
                return Fit(record, refusal=gettext("This function rests here. Let it be active first."))
            if ours is None and record.get("coordinates", False):
                coming.append(record["name"])
                if len(coming) > 1:
                    one = gettext(
                        "Only one function can hold it together, and in this file “%(function)s” does."
                    )
                    return Fit(record, refusal=one % {"function": coming[0]})
            if ours is None or record.get("coordinates", False) == (ours.slug == slug):
                return Fit(record)
            said = gettext("“%(function)s” goes on holding it together.") % {"function": ours}
            return Fit({**record, "coordinates": ours.slug == slug}, notes=(said,))

        return fit

    def write(self, change: Change, by: User) -> models.Model:
        """By the room's own service."""
        slug = change.record["slug"]
        row = Function.objects.filter(slug=slug).first() or Function(slug=slug)
        return services.save_function(filled(row, change.values), by=by)
