"""Log-ins outside that a leaver knows: somebody who stays knows them too, and each is changed before a witness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.outside_logins.models import KnownBy, OutsideLogin
from gensvar.core import clock
from gensvar.people.handover.holding import Before, Giving, Held, Occasion
from gensvar.people.handover.rows import Rows
from gensvar.people.models import Person


class OutsideLogins(Rows):
    """The leaver goes on knowing one until it is changed, and stands there as one who knows it until then."""

    kind: ClassVar[str] = "outside_logins"
    title: ClassVar[str | Promise] = _("log-ins of places outside, to be changed")
    covers: ClassVar[frozenset[str]] = frozenset(
        {"contactpoints.OutsideLogin.known_by", "contactpoints.KnownBy.person"}
    )
    witnessed: ClassVar[bool] = True
    field: ClassVar[str] = "known_by"

    def live(self) -> QuerySet[Any]:
        """Those in use."""
        return OutsideLogin.objects.filter(ended_on__isnull=True).select_related("point").order_by("pk")

    def label(self, row: Any) -> str:
        """What it opens and what kind of key it is."""
        return f"{row.name}: {row.get_kind_display()}"

    def held_by_each(self, people: Collection[Person]) -> Mapping[int, Sequence[Held]]:
        """Each with since when and from whom the leaver knows it, which says how widely it may be known. Two queries."""
        found = super().held_by_each(people)
        if not any(found.values()):
            return found
        known = KnownBy.objects.filter(person__in=people).select_related("told_by")
        said = {(one.person_id, str(one.login_id)): one.words for one in known}
        return {
            person: [
                replace(one, label=f"{one.label} ({words})")
                if (words := said.get((person, one.key)))
                else one
                for one in held
            ]
            for person, held in found.items()
        }

    def function(self, row: Any) -> int | None:
        """Whoever takes over the place's log-in holds the place's function."""
        return row.point.function_id if row.point is not None else None

    def waits(self, row: Any) -> str | Promise:
        """It is to be changed, not to be done."""
        return ""

    def proposed(self, row: Any) -> int | None:
        """The owner of its place, else its deputy."""
        return (row.point.owner_id or row.point.deputy_id) if row.point is not None else None

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """Let the other know it too."""
        found: dict[str, Before] = {}
        for giving in givings:
            login = self.live().filter(pk=int(giving.key), known_by=occasion.person).first()
            if login is not None and giving.to is not None:
                new = not login.known_by.filter(pk=giving.to.pk).exists()
                since = {"since": clock.today(), "told_by": occasion.person}
                login.known_by.add(giving.to, through_defaults=since)
                found[giving.key] = {"to": giving.to.pk, "new": new}
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """Only as long as it has not been changed outside."""
        login = self.live().filter(pk=int(key), known_by=occasion.person).first()
        if login is None:
            return False
        if before["new"]:
            login.known_by.remove(before["to"])
        return True

    def settled(self, occasion: Occasion, key: str, changed_on: dt.date, witness: Person) -> None:
        """Who left knows it no more."""
        login = OutsideLogin.objects.get(pk=int(key))
        login.changed_on, login.witness = changed_on, witness
        login.save(update_fields=["changed_on", "witness"])
        login.known_by.remove(occasion.person)
