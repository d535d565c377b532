"""In which order tests run, so that no process waits for another in the end. The root conftest asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def spread(slow: Sequence[T], quick: Sequence[T], processes: int) -> list[T]:
    """All of them, for so many processes that begin with an equal part each, and take over from another's end.

    The slow ones are dealt to the parts in turn and stand there at even distances: they wait for others, and what only
    computes runs meanwhile. The last fifth of a part is quick. `slow` begins with what takes longest, so each part does.
    """
    order: list[T] = []
    rest = quick
    for process in range(processes):
        mine = slow[process::processes]
        size = (len(slow) + len(quick) - len(order)) // (processes - process)  # as pytest-xdist divides them
        own, rest = rest[: max(0, size - len(mine))], rest[max(0, size - len(mine)) :]
        each = len(own) * 8 // (10 * len(mine)) if mine else 0
        for n, item in enumerate(mine):
            order += [item, *own[n * each : (n + 1) * each]]
        order += own[len(mine) * each :]
    return order
