"""The plain kind of holding: rows of one table that point at a person by one field. Rooms fill in which rows are live."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import F, Model, QuerySet
from django.utils.functional import Promise

from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.handover.holding import Before, Giving, Held, Occasion
from gensvar.people.models import Person


class Rows:
    """Rows whose `field` points at the holder. A subclass says which, and what else goes with them."""

    kind: ClassVar[str]
    title: ClassVar[str | Promise]
    covers: ClassVar[frozenset[str]]
    received: ClassVar[bool] = True
    needs: ClassVar[May | None] = None
    witnessed: ClassVar[bool] = False
    why_not: ClassVar[str | Promise] = ""  # beside `rather_not`, where they take it over all the same
    field: ClassVar[str]

    def live(self) -> QuerySet[Any]:
        """The rows of it that are no history, in the order of their ids."""
        raise TypeError(f"{type(self).__name__} does not say which rows are live.")

    def label(self, row: Any) -> str:
        """What one row is called."""
        return str(row)

    def function(self, row: Any) -> int | None:
        """The function that a receiver must hold."""
        found: int | None = getattr(row, "function_id", None)
        return found

    def waits(self, row: Any) -> str | Promise:
        """What it is called among what waits for its holder; empty where it does not wait."""
        return self.title

    def proposed(self, row: Any) -> int | None:
        """Whom the row itself thinks of first."""
        return None

    def rather_not(self, row: Any) -> int | None:
        """Who takes it over only where nobody else can."""
        return None

    def given(self, row: Any, occasion: Occasion) -> Before:
        """Called after a row went to somebody; gives what else it changed, to be taken back."""
        return {}

    def returned(self, row: Any, occasion: Occasion, before: Before) -> None:
        """Called after a row went back to the leaver."""

    def settled(self, occasion: Occasion, key: str, changed_on: dt.date, witness: Person) -> None:
        """Rows of ours are safe once they have moved."""

    def held_by_each(self, people: Collection[Person]) -> Mapping[int, Sequence[Held]]:
        """The live rows that point at each of them. One query."""
        pointers = {pointer: one.pk for one in people if (pointer := self._pointer(one)) is not None}
        rows = (
            self.live().filter(**{f"{self.field}__in": list(pointers)}).annotate(held_through=F(self.field))
        )
        found: defaultdict[int, list[Held]] = defaultdict(list)
        for row in rows:
            if self.is_held(row):
                found[pointers[row.held_through]].append(self._held(row))
        return found

    def is_held(self, row: Any) -> bool:
        """What of a live row no query tells."""
        return True

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """Point each at its receiver."""
        leaver, found = self._pointer(occasion.person), {}
        rows = _by_key(self.locked(giving.key for giving in givings).filter(**{self.field: leaver}))
        for giving in givings:
            target = self._pointer(giving.to) if giving.to is not None else None
            row = rows.get(giving.key)
            if row is not None and target is not None:
                self._point(row, target)
                found[giving.key] = {"from": leaver, "to": target} | self.given(row, occasion)
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """Point it at the leaver again, if it is live and still with its receiver."""
        row = self.locked([key]).filter(**{self.field: before["to"]}).first()
        if row is None:
            return False
        self._point(row, before["from"])
        self.returned(row, occasion, before)
        return True

    def locked(self, keys: Iterable[str]) -> QuerySet[Any]:
        """Those live rows, kept from others until the transaction ends."""
        return (
            self.live().filter(pk__in=[int(key) for key in keys]).select_for_update(of=("self",), no_key=True)
        )

    def _held(self, row: Any) -> Held:
        return Held(
            str(row.pk),
            self.label(row),
            self.function(row),
            self.rather_not(row),
            self.why_not,
            self.proposed(row),
            waits=self.waits(row),
        )

    def _point(self, row: Any, target: int) -> None:
        self._changing(row).update(**{f"{self.field}_id": target})
        row.refresh_from_db()

    def _changing(self, row: Model) -> QuerySet[Any]:
        return type(row)._default_manager.filter(pk=row.pk)

    def _pointer(self, person: Person) -> int | None:
        """What the field holds for that person: their id, or that of their log-in."""
        target = self.live().model._meta.get_field(self.field).related_model
        return person.user_id if target is User else person.pk


def _by_key(rows: Iterable[Any]) -> dict[str, Any]:
    return {str(row.pk): row for row in rows}
