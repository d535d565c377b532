"""Reads the demo's content: the town, and what was said in it, from TOML files of our own; wrong content fails loudly."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gensvar.contract.channel import capabilities_of
from gensvar.contract.values import Arrival

FOLDER: Final = Path(__file__).parent
STEPS: Final = frozenset(
    {"reply", "answer", "note", "assign", "pass", "close", "spam", "publish", "snooze", "draft"}
)


class BadScript(Exception):
    """The demo's content says something that cannot be played."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next in a conversation: `hours` after the step before it."""

    kind: str
    hours: float
    by: str = ""  # a person's key in town.toml; empty for the resident
    text: str = ""
    to: str = ""  # a function's slug (pass) or a person's key (assign)
    given_by: str = ""  # a person's key: whoever gives the conversation to the one who answers, just before
    title: str = ""  # publish


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation: its first word and the steps after it."""

    channel: str  # one that comes by a mail server, or our own form
    to: str  # the contact point's address
    name: str
    address: str
    text: str
    days_ago: float
    at: dt.time
    subject: str = ""
    language: str = "sv"
    answer_by: str = "same"
    may_publish: bool | None = None
    show_name: bool = False
    place: str = ""
    picture: bool = False
    steps: tuple[Step, ...] = field(default=())

    @property
    def door(self) -> Arrival:
        """By which door its words come."""
        return capabilities_of(self.channel).arrives


def town() -> dict[str, Any]:
    """Functions, persons and contact points, as town.toml has them."""
    with (FOLDER / "town.toml").open("rb") as file:
        return tomllib.load(file)


def scenes() -> list[Scene]:
    """Every conversation of every file, in the order of the files. Raises BadScript with file and place."""
    found = []
    for path in sorted((FOLDER / "conversations").glob("*.toml")):
        with path.open("rb") as file:
            rows = tomllib.load(file).get("conversation", [])
        for place, row in enumerate(rows, start=1):
            try:
                found.append(_scene(row))
            except (KeyError, TypeError, ValueError) as error:
                raise BadScript(f"{path.name}, conversation {place}: {error!r}") from error
    return found


def _scene(row: dict[str, Any]) -> Scene:
    rest = dict(row)
    steps = tuple(_step(one) for one in rest.pop("then", []))
    at = dt.time.fromisoformat(rest.pop("at"))
    scene = Scene(at=at, steps=steps, **rest)
    if scene.door not in {Arrival.MAIL, Arrival.FORM} or not scene.text.strip():
        raise ValueError("the channel comes by mail or by our own form, and the text is not empty")
    return scene


def _step(row: dict[str, Any]) -> Step:
    step = Step(**{**row, "hours": float(row["hours"])})
    if step.kind not in STEPS:
        raise ValueError(f"no step is called {step.kind}")
    return step
