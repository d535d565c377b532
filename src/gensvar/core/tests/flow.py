"""A flow for the runner's own tests: handlers that work, fail, ask to run again, take too long."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import DataError

from gensvar.core import clock
from gensvar.core.events import Again, Fact, Handler, Settle, network, prepared
from gensvar.core.models import Topic

gave_up_on: list[tuple[str, str]] = []
prepared_words: list[str] = []


@dataclass(frozen=True, slots=True)
class WordSaid(Fact):
    """A word was said; its handler keeps it as a topic, so that doing it twice shows."""

    name: ClassVar[str] = "word_said"
    word: str


@dataclass(frozen=True, slots=True)
class Nonsense(Fact):
    """A fact whose handler always fails."""

    name: ClassVar[str] = "nonsense"
    word: str


@dataclass(frozen=True, slots=True)
class Slow(Fact):
    """A fact whose handler never ends by itself."""

    name: ClassVar[str] = "slow"


@dataclass(frozen=True, slots=True)
class Returning(Fact):
    """A fact whose handler wants to run again in an hour."""

    name: ClassVar[str] = "returning"


@dataclass(frozen=True, slots=True)
class Called(Fact):
    """A fact for the network lane."""

    name: ClassVar[str] = "called"
    word: str


@dataclass(frozen=True, slots=True)
class Unknown(Fact):
    """Stands in no row of the table."""

    name: ClassVar[str] = "unknown"


def keep_word(fact: WordSaid) -> None:
    """A plain handler."""
    Topic.objects.create(slug=fact.word, name=fact.word)


def note_giving_up(fact: Nonsense, error: str) -> None:
    """What a handler's owner is told at the end."""
    gave_up_on.append((fact.word, error))


@prepared(gave_up=note_giving_up)
def fail(fact: Nonsense) -> Settle:
    """Fails in its preparation."""
    if fact.word == "tal":
        raise DataError("integer out of range")
    raise ValueError(f"no sense in {fact.word}")


@prepared()
def never_end(fact: Slow) -> Settle:
    """Runs until it is broken off."""
    while True:
        time.perf_counter()


def come_back(fact: Returning) -> Again:
    """Asks for another turn."""
    Topic.objects.create(slug=f"turn-{Topic.objects.count()}", name="turn")
    return clock.now() + dt.timedelta(hours=1)


@network()
def call(fact: Called) -> Settle:
    """Talks to the outside before it writes."""
    prepared_words.append(fact.word)
    return lambda: keep_word(WordSaid(fact.word))


FLOW: Mapping[type[Fact], Sequence[Handler]] = {
    WordSaid: (keep_word,),
    Nonsense: (fail,),
    Slow: (never_end,),
    Returning: (come_back,),
    Called: (call,),
}
