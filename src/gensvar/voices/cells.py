"""The cells that are covered today, from the database: who answered where and about what within 180 days, and holds access.

Also what else falls with a leaver: owners and deputies of places, functions. Neighbours: coverage; waiting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.people.models import Function, Person, Tenure
from gensvar.people.queries import appointed, tenures_on, with_word
from gensvar.voices.coverage import Coverage
from gensvar.voices.models import LastAnswer, topics_of

RECENT: Final = dt.timedelta(days=180)
WITHOUT: Final = 0  # in place of a topic: what was said where no topic was given
Cell = tuple[int, int]  # contact point, topic


def living_topics() -> dict[int, int]:
    """Which topic each is today: itself, or the one that it became."""
    into = dict(Topic.objects.values_list("pk", "merged_into_id"))
    found = {}
    for pk in into:
        seen, now = {pk}, pk
        while (further := into.get(now)) is not None and further not in seen:
            seen.add(further)
            now = further
        found[pk] = now
    return found


def answers_since(day: dt.date | None) -> list[tuple[Cell, int]]:
    """Who (by id) has answered in which cell of an open place since that day, or ever (None)."""
    living = living_topics()
    rows = LastAnswer.objects.filter(contact_point__state=ContactPoint.State.LIVE)
    if day is not None:
        rows = rows.filter(day__gte=day)
    return [
        ((point, topic), person)
        for point, person, key in rows.values_list("contact_point_id", "person_id", "topics").order_by("pk")
        for topic in ({living[pk] for pk in topics_of(key) if pk in living} or {WITHOUT})
    ]


def covered_today() -> Coverage[Cell, int]:
    """Every covered cell with the ids of its people."""
    able = set(with_word().values_list("pk", flat=True))
    since = clock.today() - RECENT
    return Coverage.of(pair for pair in answers_since(since) if pair[1] in able)


def external_today() -> set[int]:
    """The ids of those who hold functions today only as externals."""
    kinds: dict[int, set[str]] = {}
    for person, kind in tenures_on().values_list("person_id", "kind"):
        kinds.setdefault(person, set()).add(kind)
    return {person for person, held in kinds.items() if held == {Tenure.Kind.EXTERNAL}}


@dataclass(frozen=True, slots=True)
class PlaceLoss:
    """What one open place loses, and which of its two has left already, or gets nothing, and so is nobody who stays."""

    point: ContactPoint
    owner: bool
    deputy: bool
    owner_left: bool  # before, and not among the leavers
    deputy_left: bool
    owner_idle: (
        bool  # is here, and gets nothing: holds another function, or has no log-in or role to answer with
    )
    deputy_idle: bool
    answerers: bool  # everybody who answered there within 180 days
    answered: bool  # whether anybody did

    @property
    def ownerless(self) -> bool:
        """Whether neither owner nor deputy would be left."""
        owner_stays = self.point.owner_id and not (self.owner or self.owner_left or self.owner_idle)
        deputy_stays = self.point.deputy_id and not (self.deputy or self.deputy_left or self.deputy_idle)
        return not (owner_stays or deputy_stays)


def lost_places(leavers: Collection[int], coverage: Coverage[Cell, int]) -> list[PlaceLoss]:
    """The open places that lose owner, deputy or all of their recent answerers, by name; one query."""
    answering: dict[int, set[int]] = {}
    for (point, _topic), people in coverage.cells.items():
        answering.setdefault(point, set()).update(people)
    gone = set(leavers)
    serving = appointed()
    able = tenures_on().filter(function=OuterRef("function"), person__in=with_word())
    points = ContactPoint.objects.filter(state=ContactPoint.State.LIVE).annotate(
        owner_serves=Exists(serving.filter(pk=OuterRef("owner"))),
        deputy_serves=Exists(serving.filter(pk=OuterRef("deputy"))),
        owner_able=Exists(able.filter(person=OuterRef("owner"))),
        deputy_able=Exists(able.filter(person=OuterRef("deputy"))),
    )
    found = [
        PlaceLoss(
            point,
            owner=point.owner_id in gone,
            deputy=point.deputy_id in gone,
            owner_left=point.owner_id is not None and point.owner_id not in gone and not point.owner_serves,
            deputy_left=point.deputy_id is not None
            and point.deputy_id not in gone
            and not point.deputy_serves,
            owner_idle=point.owner_id not in gone and point.owner_serves and not point.owner_able,
            deputy_idle=point.deputy_id not in gone and point.deputy_serves and not point.deputy_able,
            answerers=bool(answering.get(point.pk)) and answering[point.pk] <= gone,
            answered=bool(answering.get(point.pk)),
        )
        for point in points.order_by("name", "pk")
    ]
    return [one for one in found if one.owner or one.deputy or one.answerers]


def lost_topics(leavers: Collection[int]) -> list[Topic]:
    """The topics that lose everybody who ever answered about them and could today, by name."""
    able = set(with_word().values_list("pk", flat=True))
    ever: dict[int, set[int]] = {}
    for (_point, topic), person in answers_since(None):
        if person in able and topic != WITHOUT:
            ever.setdefault(topic, set()).add(person)
    lost = [topic for topic, people in ever.items() if people <= set(leavers)]
    return list(Topic.objects.filter(pk__in=lost).order_by("name"))


def lost_functions(leavers: Collection[int]) -> list[Function]:
    """The active functions in which nobody could answer any longer of those who could if they are not away, by name."""
    holding: dict[int, set[int]] = {}
    held = tenures_on().filter(person__in=with_word())
    for function, person in held.values_list("function_id", "person_id"):
        holding.setdefault(function, set()).add(person)
    lost = [function for function, people in holding.items() if people <= set(leavers)]
    return list(Function.objects.filter(pk__in=lost, active=True).order_by("name"))


def who_covers(coverage: Coverage[Cell, int]) -> list[Person]:
    """Everybody who covers a cell, by name."""
    return list(Person.objects.filter(pk__in=coverage.people).order_by("name", "pk"))
