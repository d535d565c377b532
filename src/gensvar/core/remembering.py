"""Remembers what was read for the public, in this process, for as long as the public sees the same: no second reading.

For values that are the same for everybody and never changed by who gets them. Neighbours: generation says whether
something changed, config.pages keeps whole pages by the same number, reads tells it which tables a remembered value is from.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from gensvar.core import clock, reads
from gensvar.core.generation import generation

LONGEST: Final = dt.timedelta(
    minutes=1
)  # by then what depends on the clock is read anew, as a kept page is made anew
MOST: Final = 256  # values of one function

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    generation: int
    at: dt.datetime  # aware
    tables: frozenset[str]  # that it was read from


_memories: list[dict[Any, _Kept]] = []


def while_unchanged(read: Callable[P, T]) -> Callable[P, T]:
    """Let `read`, of hashable arguments, be called once for each of them and each language until something public changes.

    In a transaction it is called each time: what is not yet committed is nobody else's. So it is where the generation
    cannot be known. What is None, for a database that did not answer, is not remembered; nor what changed meanwhile. It may
    read only tables whose changes raise the generation (config.pages.shown): a test holds that.
    """
    memory: dict[Any, _Kept] = {}
    _memories.append(memory)

    @functools.wraps(read)
    def remembered(*given: P.args, **named: P.kwargs) -> T:
        now = None if connection.in_atomic_block else _number()
        if now is None:
            return read(*given, **named)
        key = (get_language(), given, tuple(sorted(named.items())))
        moment = clock.now()
        kept = memory.get(key)
        if kept is not None and kept.generation == now and _is_new_enough(kept, moment):
            reads.tell(kept.tables)
            found: T = kept.value
            return found
        with reads.seen() as tables:
            found = read(*given, **named)
        if found is not None and now == _number():
            if len(memory) >= MOST:
                memory.clear()
            memory[key] = _Kept(found, now, moment, frozenset(tables))
        return found

    return remembered


def _is_new_enough(kept: _Kept, moment: dt.datetime) -> bool:
    """Not older than a minute, nor of another day: pages leave out the year of a day in this one."""
    young = kept.at <= moment < kept.at + LONGEST
    return young and timezone.localdate(kept.at) == timezone.localdate(moment)


def forget() -> None:
    """Remember nothing of what was read so far."""
    for memory in _memories:
        memory.clear()


def _number() -> int | None:
    try:
        return generation().number
    except OSError:
        return None
