"""Reads and plays what came of the demo's words: proposed by those who answer, published by the coordinator, told to all who wrote."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.conf import settings

from gensvar.config.demo.acts import Town
from gensvar.config.demo.script import FOLDER
from gensvar.conversations.models import Conversation
from gensvar.core import clock
from gensvar.learning import services, ties
from gensvar.learning.models import Outcome

PUBLISHER = "rut"  # a person's key in town.toml: the coordinator, who sees every conversation


@dataclass(frozen=True, slots=True)
class Step:
    """One dated step, in the name of `by`."""

    days_ago: float
    at: dt.time
    status: str
    by: str
    words: str


@dataclass(slots=True)
class Told:
    """One outcome of the script, and its row once it is there."""

    title: str
    said: str
    function: str
    topics: list[str]
    subjects: list[str]
    steps: list[Step]
    row: Outcome | None = field(default=None)


def read() -> list[Told]:
    """Every outcome, in the order of the file."""
    with (FOLDER / "outcomes.toml").open("rb") as file:
        rows = tomllib.load(file)["outcome"]
    found = []
    for row in rows:
        steps = [Step(**{**one, "at": dt.time.fromisoformat(one["at"])}) for one in row.pop("step")]
        found.append(Told(**row, steps=steps))
    return found


def times(told: Told, present: dt.datetime) -> list[tuple[dt.datetime, Step]]:
    """When each of its steps is taken, by the municipality's clock; those that would still be to come are left out."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today = present.astimezone(zone).date()
    moments = [
        (dt.datetime.combine(today - dt.timedelta(days=one.days_ago), one.at, zone), one)
        for one in told.steps
    ]
    return [(at, one) for at, one in moments if at < present]


def play(town: Town, told: Told, step: Step, started: Mapping[str, Conversation]) -> None:
    """Take one step now; the first one makes the outcome and ties it to those conversations that have begun."""
    writer, publisher = town.user(step.by), town.user(PUBLISHER)
    function = town.functions[told.function]
    if told.row is None:
        told.row = services.propose(
            title=told.title, said=told.said, function=function, language="sv", by=writer
        )
        services.save_topics(told.row, told.topics, by=writer)
    for subject in told.subjects:
        if subject in started:
            ties.tie(told.row, started[subject], by=publisher)
    services.save_step(
        told.row,
        status=step.status,
        words=step.words,
        day=clock.today(),
        person=town.persons[step.by],
        function=function,
        by=writer,
    )
    services.publish(told.row, tell=True, by=publisher)
