"""What a question may be about: something public that the form was opened from (`?om=`); neighbours: writing, sharing.

Each kind has its own way to be named, and its own gate is asked whether it may be seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from gensvar.publishing.positions import gate as positions
from gensvar.publishing.positions.values import PublishedPosition
from gensvar.square.exchanges import address_of, known

OF_A_POSITION: Final = "star-"  # before its key
LONGEST: Final = 30  # characters of a name
_KEY: Final = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class About:
    """What the question is about; `name` finds it again."""

    name: str
    title: str
    language: str  # BCP 47
    address: str  # a path


def about(name: str) -> About | None:
    """What that name says, where it may be seen; None for anything else."""
    name = name[:LONGEST]
    if (position := position_named(name)) is not None:
        said = position.newest.here
        return About(name, said.title, said.language, reverse("square:position", args=[position.slug]))
    exchange = known(name)
    if exchange is None:
        return None
    return About(exchange.number, exchange.title, exchange.language, address_of(exchange))


def position_named(name: str) -> PublishedPosition | None:
    """The position of a name as `star-12`."""
    key = name.removeprefix(OF_A_POSITION)
    return positions.find_by_key(int(key)) if key != name and _KEY.fullmatch(key) else None
