"""What a room declares that a person holds, so that it can go to others. Neighbour: services moves it, `config.holdings` lists all.

A room that adds rows which point at a person adds a Holding beside them, or a written reason why they are history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise

from gensvar.core import handed
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person

Before = dict[str, Any]
"""What an item was before it was given and what the handover made of it, as JSON holds it: enough to take it back."""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that somebody holds. `key` names it within its kind for good; `label` is for people.

    `waits` is what it is called, in the plural, among what waits for its holder to do something; empty where it does not.
    """

    key: str
    label: str
    waits: str | Promise = field(kw_only=True)
    function: int | None = None  # who takes it over must hold this function
    rather_not: int | None = None  # the id of who takes it over only where nobody else can
    why_not: str | Promise = ""  # what is to be known where they do
    proposed: int | None = None  # the id of whom the room thinks of first, for what asks for no function


@dataclass(frozen=True, slots=True)
class Giving:
    """One thing on its way. `to` is None for a kind that nobody has to take over."""

    key: str
    to: Person | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """The handover as a room needs it: from whom, their last day, and who confirms it."""

    person: Person
    last_day: dt.date
    by: User


class Holding(Protocol):
    """One kind of what a person holds. Everything it writes is in the caller's transaction."""

    @property
    def kind(self) -> str:
        """Its name in rows and forms; never changed."""

    @property
    def title(self) -> str | Promise:
        """Its name for people."""

    @property
    def covers(self) -> frozenset[str]:
        """The relations to a person or a log-in that it answers for, as `people.Tenure.person`."""

    @property
    def received(self) -> bool:
        """Whether somebody must take it over; what is not received ends or is opened."""

    @property
    def needs(self) -> May | None:
        """What a receiver must be allowed to do."""

    @property
    def witnessed(self) -> bool:
        """Whether it is safe only when somebody has changed it in the world outside, before a witness."""

    def held_by_each(self, people: Collection[Person]) -> Mapping[int, Sequence[Held]]:
        """What of it is live and points at each of them (by id), the oldest first; as many queries for many as for one."""

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """Move these, and say by key what is needed to take each back. What is not theirs any more is left out."""

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """Undo one, if it still stands as the handover left it; False, with nothing changed, where it does not."""

    def settled(self, occasion: Occasion, key: str, changed_on: dt.date, witness: Person) -> None:
        """It was changed in the world outside on that day; only of what is `witnessed`."""


def holdings() -> Sequence[Holding]:
    """All kinds, in the one order in which they are moved and locked."""
    found: Sequence[Holding] = handed.table("GENSVAR_HOLDINGS", "HOLDINGS")
    return found


def held_by(holding: Holding, person: Person) -> Sequence[Held]:
    """What of that kind is live and points at that person, the oldest first."""
    return holding.held_by_each([person]).get(person.pk, ())


def remarks(person: Person, last_day: dt.date) -> tuple[str, ...]:
    """What no handover moves and whoever reviews one should know, in sentences; `last_day` is the leaver's."""
    return tuple(
        said for about in handed.table("GENSVAR_HOLDINGS", "REMARKS") for said in about(person, last_day)
    )
