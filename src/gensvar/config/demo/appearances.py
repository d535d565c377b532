"""Where the demo's people spoke elsewhere, month by month, by the very services of real use. Neighbour: load."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

from gensvar.config.demo.acts import Town
from gensvar.config.demo.positions import days_ago
from gensvar.config.demo.script import FOLDER
from gensvar.core import clock, runner
from gensvar.publishing.appearances import services
from gensvar.publishing.appearances.services import Facts

PUBLISHER = "rut"  # a person's key in town.toml


def read() -> list[dict[str, Any]]:
    """Every appearance of the script, in the order of its file."""
    with (FOLDER / "appearances.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)["appearance"]
    return rows


def day_of(row: dict[str, Any], today: dt.date) -> dt.date:
    """The day of a row: of the month so many months back, or so many days ago."""
    if "days_ago" in row:
        return today - dt.timedelta(days=row["days_ago"])
    months = today.year * 12 + today.month - 1 - row["month"]
    return dt.date(months // 12, months % 12 + 1, row["day"])


def play(town: Town) -> int:
    """Enter each on the day after it; gives how many there are. Raises KeyError for unknown names."""
    told, today = read(), clock.today()
    for row in told:
        day = day_of(row, today)
        facts = Facts(
            kind=row["kind"],
            person=town.persons[row["by"]],
            function=town.functions[row["function"]],
            day=day,
            place=row["place"],
            link=row.get("link", ""),
        )
        with days_ago(max(0, (today - day).days - 1)):
            services.enter(facts, row.get("topics", ()), by=town.user(PUBLISHER))
    runner.run_waiting()
    return len(told)
