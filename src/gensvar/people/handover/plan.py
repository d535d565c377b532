"""What a handover would do, looked up anew at each showing: who holds what now, who is chosen, and what stands in the way."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gensvar.core.models import User
from gensvar.core.roles import LABELS, May, Role, permissions_of
from gensvar.people.access import with_access
from gensvar.people.handover.holding import Held, Holding, held_by, holdings, remarks
from gensvar.people.handover.models import Handover
from gensvar.people.models import Person, Tenure
from gensvar.people.queries import tenures_on

FUNCTIONS = "functions"  # the kind whose receivers hold the function from then on
ALL = "*"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, who would take it over, and why that cannot be (empty where it can)."""

    held: Held
    to: Person | None
    refusal: str

    @property
    def remark(self) -> str:
        """What is to be known where who takes it over is better not the one; else empty."""
        return str(self.held.why_not) if self.to is not None and self.to.pk == self.held.rather_not else ""


@dataclass(frozen=True, slots=True)
class Part:
    """All of one kind."""

    holding: Holding
    lines: tuple[Line, ...]
    chosen: int | None  # for all of it

    @property
    def refused(self) -> int:
        """How many lines cannot go as they are chosen."""
        return sum(bool(line.refusal) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of it."""

    parts: tuple[Part, ...]
    receivers: tuple[Person, ...]  # all who may be chosen
    obstacles: tuple[str, ...]  # what no choice of receivers mends
    remarks: tuple[str, ...]  # what stays as it is and should be known
    last_day: dt.date

    @property
    def lines(self) -> Iterator[tuple[Holding, Line]]:
        """Every line with its kind, in the order in which they move."""
        return ((part.holding, line) for part in self.parts for line in part.lines)

    @property
    def ready(self) -> bool:
        """Whether it can be done as it stands."""
        return not self.obstacles and not any(part.refused for part in self.parts)

    @property
    def mark(self) -> str:
        """Changes with anything that the plan would do: what was reviewed is what is done."""
        said = [
            [holding.kind, line.held.key, line.to.pk if line.to else None] for holding, line in self.lines
        ]
        return hashlib.sha256(json.dumps([str(self.last_day), said]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Field:
    """Who may be chosen, and which functions and roles they hold."""

    people: dict[int, Person]
    functions: dict[int, set[int]]
    may: dict[int, frozenset[May]]
    external: frozenset[int]  # by all that they hold, or by their role: they leave on a day that is set

    def refusal(self, held: Held, to: Person | None, needs: May | None) -> str:
        if to is None:
            return _("Choose who takes it over.")
        if needs is not None and needs not in self.may[to.pk]:
            return _("%(person)s lacks the role for it.") % {"person": to.name}
        if held.function is not None and held.function not in self.functions[to.pk]:
            return _("%(person)s does not hold the function that it belongs to.") % {"person": to.name}
        return ""

    def propose(self, held: Held, needs: May | None) -> Person | None:
        """The one whom the row names, else the first by name who holds its function; nobody where that says nothing.

        An external only where nobody else can: what goes to them is handed over once more before their last day.
        """
        first = [self.people[held.proposed]] if held.proposed in self.people else []
        rest = sorted(
            self.people.values(), key=lambda one: (one.pk == held.rather_not, one.pk in self.external)
        )
        able = (one for one in [*first, *rest] if not self.refusal(held, one, needs))
        return next(able, None) if held.function is not None or first else None


def plan_of(handover: Handover) -> Plan:
    """As it stands now. As many queries as there are kinds, and a few."""
    leaver = handover.person
    people = {
        one.pk: one
        for one in Person.objects.filter(active=True, user__in=with_access())
        .exclude(pk=leaver.pk)
        .select_related("user")
        .prefetch_related("user__groups")
        .order_by("name", "pk")
    }
    held: defaultdict[int, set[int]] = defaultdict(set)
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    for person, function, kind in tenures_on().values_list("person_id", "function_id", "kind"):
        held[person].add(function)
        kinds[person].add(kind)
    external = frozenset(
        pk
        for pk, one in people.items()
        if kinds[pk] == {Tenure.Kind.EXTERNAL} or (one.user is not None and Role.EXTERNAL in _roles(one.user))
    )
    found = {holding.kind: held_by(holding, leaver) for holding in holdings()}
    may = {pk: _permissions(one) for pk, one in people.items()}
    field = _Field(people, held, may, external)
    parts: dict[str, Part] = {}
    for holding in sorted(
        holdings(), key=lambda one: one.kind != FUNCTIONS
    ):  # functions decide who may hold the rest
        part = _part(holding, found[holding.kind], handover.choices.get(holding.kind, {}), field)
        parts[holding.kind] = part
        if holding.kind == FUNCTIONS:
            for line in part.lines:
                if line.to is not None and line.held.function is None:
                    held[line.to.pk].add(int(line.held.key.partition(":")[0]))
    ordered = tuple(parts[holding.kind] for holding in holdings() if parts[holding.kind].lines)
    obstacles = tuple(_obstacles(leaver, may.values()))
    return Plan(
        ordered, tuple(people.values()), obstacles, remarks(leaver, handover.last_day), handover.last_day
    )


def _part(holding: Holding, held: Sequence[Held], choices: Mapping[str, int], field: _Field) -> Part:
    if not holding.received:
        return Part(holding, tuple(Line(one, None, "") for one in held), None)
    lines = []
    for one in held:
        chosen = choices.get(one.key) or choices.get(ALL)
        to = field.people.get(chosen) if chosen else field.propose(one, holding.needs)
        lines.append(Line(one, to, field.refusal(one, to, holding.needs)))
    return Part(holding, tuple(lines), choices.get(ALL))


def _permissions(person: Person) -> frozenset[May]:
    """By prefetched groups: a question for each of many would be a query each."""
    return permissions_of(_roles(person.user)) if person.user is not None else frozenset()


def _roles(user: User) -> frozenset[Role]:
    known = {role.value for role in Role}
    return frozenset(Role(group.name) for group in user.groups.all() if group.name in known)


def _obstacles(leaver: Person, others: Iterable[frozenset[May]]) -> Iterator[str]:
    """Roles that only the leaver has: giving a role is an administrator's act, not part of a handover."""
    if leaver.user is None:
        return
    left = frozenset[May]().union(*others)
    for role in sorted(_roles(leaver.user)):
        if role != Role.EXTERNAL and permissions_of(frozenset({role})) - left:
            yield _(
                "Nobody else can do all that the role %(role)s may. An administrator gives it to somebody first."
            ) % {"role": LABELS[role]}
