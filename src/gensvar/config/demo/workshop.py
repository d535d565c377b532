"""What the demo's town tries: shown, told of and decided on its days, by the very services of real use. Neighbour: load."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Any

from gensvar.config.demo.acts import Town
from gensvar.config.demo.positions import days_ago
from gensvar.config.demo.script import FOLDER
from gensvar.core import clock
from gensvar.learning.workshop import services
from gensvar.learning.workshop.models import Experiment
from gensvar.learning.workshop.services import Plan

PUBLISHER = "rut"  # a person's key in town.toml


def read() -> list[dict[str, Any]]:
    """Every experiment of the script, in the order of its file."""
    with (FOLDER / "workshop.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)["experiment"]
    return rows


def play(town: Town) -> int:
    """Do everything in the order of its days; gives how many experiments there are. Raises KeyError for unknown names."""
    told, made = read(), dict[int, Experiment]()
    for ago, place, line in sorted(_acts(told), key=lambda one: (-one[0], one[1])):
        with days_ago(ago):
            if line is None:
                made[place] = _begin(town, told[place])
            else:
                _go_on(town, made[place], line)
    return len(made)


def _acts(told: list[dict[str, Any]]) -> Iterator[tuple[int, int, dict[str, Any] | None]]:
    for place, row in enumerate(told):
        yield row["days_ago"], place, None
        for line in row["lines"]:
            yield line["days_ago"], place, line


def _begin(town: Town, row: dict[str, Any]) -> Experiment:
    holder, today = town.persons[row["by"]], clock.today()
    plan = Plan(
        title=row["title"],
        tries=row["tries"],
        why=row["why"],
        known_by=row["known_by"],
        language="sv",
        function=town.functions[row["function"]],
        holder=holder,
        starts=today,
        decides=today + dt.timedelta(days=row["days_ago"] + row["decides_in"]),
    )
    one = services.propose(plan, by=town.user(row["by"]))
    by = town.user(PUBLISHER)
    services.save_successors(one, [town.persons[key] for key in row["others"]], by=by)
    services.save_topics(one, row["topics"], by=by)
    services.publish(one, by=by)
    return one


def _go_on(town: Town, one: Experiment, line: dict[str, Any]) -> None:
    by = town.user(PUBLISHER)
    if line["kind"] == "learnt":
        services.tell(one, line["words"], by=by)
    else:
        services.decide(one, line["kind"], line["words"], by=by)
