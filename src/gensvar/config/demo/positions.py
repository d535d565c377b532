"""What the demo's town stands for: each wording decided on its day, by the very services of real use. Neighbour: load."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gensvar.config.demo.acts import Town
from gensvar.config.demo.script import FOLDER
from gensvar.core import clock, runner
from gensvar.people.models import Function, Person
from gensvar.people.queries import held_by
from gensvar.publishing.models import PublicExchange
from gensvar.publishing.positions import services
from gensvar.publishing.positions.causes import Led
from gensvar.publishing.positions.models import Position


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was decided, so many days ago: a wording, or the end of a position."""

    days_ago: int
    position: int
    row: dict[str, Any]
    ends: bool = False


def play(town: Town) -> int:
    """Decide everything in the order of its days; gives how many positions there are. Raises KeyError for unknown names."""
    with (FOLDER / "positions.toml").open("rb") as file:
        told: list[dict[str, Any]] = tomllib.load(file)["position"]
    made: dict[int, Position] = {}
    for deed in sorted(_deeds(told), key=lambda one: (-one.days_ago, one.position)):
        with days_ago(deed.days_ago):
            if deed.ends:
                _withdraw(town, made[deed.position], deed.row)
            else:
                made[deed.position] = _decide(town, made.get(deed.position), told[deed.position], deed.row)
            runner.run_waiting()
    return len(made)


def _deeds(told: list[dict[str, Any]]) -> Iterator[Deed]:
    for place, row in enumerate(told):
        for wording in row["wording"]:
            yield Deed(wording["days_ago"], place, wording)
        if "withdrawn_days_ago" in row:
            yield Deed(row["withdrawn_days_ago"], place, row, ends=True)


def _decide(town: Town, position: Position | None, row: dict[str, Any], wording: dict[str, Any]) -> Position:
    by, person = town.user("rut"), town.persons[wording["by"]]
    led = PublicExchange.objects.filter(
        conversation__subject=wording.get("subject", ""), published_at__isnull=False
    )
    said = ("title", "text", "reason", "title_en", "text_en", "reason_en")
    written = services.Written(
        person=person,
        function=_speaks_for(person),
        causes=[Led(exchange_id=pk) for pk in led.values_list("pk", flat=True)[:2]],
        **{name: wording.get(name, "") for name in said},
    )
    if position is None:
        draft = services.begin(written, town.functions[row["owner"]], row["topics"], by=by)
    else:
        draft = services.write(position, written, by=by)
    return services.decide(draft, by=by).position


def _withdraw(town: Town, position: Position, row: dict[str, Any]) -> None:
    person = town.persons[row["withdrawn_by"]]
    services.withdraw(
        position, row["withdrawn_because"], person=person, function=_speaks_for(person), by=town.user("rut")
    )


def _speaks_for(person: Person) -> Function:
    return held_by(person)[0]


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    with clock.moved(-dt.timedelta(days=days)):
        yield
