"""What many tests of a process begin with is played once, into a database of its own; each test meets it there and undoes its own.

The root conftest makes a fixture of it. Beside it: tests/made.py, for towns that processes work in. Why: docs/why/decisions.md, 121.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tests.databases import Store

T = TypeVar("T")


class Scenes:
    """The scenes of one test process: a database for each, begun as a copy of the template. `name`: of the process's own."""

    def __init__(self, store: Store, name: str) -> None:
        self.store = store
        self.name = name
        self.played: dict[tuple[str, str], tuple[str, bytes]] = {}  # in which database, and what it gave

    @contextmanager
    def meet(self, play: Callable[[], T]) -> Iterator[T]:
        """What `play` gives and has written, as if it had just been played; what is written inside the block is undone.

        For a test in a transaction, in this thread alone. What waits for a commit is not done, as in any such test. One that
        commits plays it itself.
        """
        if not _in_a_transaction():
            yield play()
            return
        scene = (play.__module__, play.__qualname__)
        if scene not in self.played:
            database = f"{self.name}_{len(self.played)}"
            self.store.create(database)
            with self._on_stage(database) as connection:
                given = pickle.dumps(play())
                connection.run_on_commit = []
            self.played[scene] = database, given
        database, given = self.played[scene]
        with self._on_stage(database) as connection:
            yield pickle.loads(given)
            if connection.features.can_defer_constraint_checks and not connection.needs_rollback:
                connection.check_constraints()
            connection.set_rollback(True)

    @contextmanager
    def _on_stage(self, database: str) -> Iterator[Any]:
        """That database is the one that is asked, in a transaction."""
        from django.db import transaction

        with asked_instead(database, of=self.name) as there:
            atomic: Any = transaction.atomic()
            atomic._from_testcase = True  # as Django's own: a durable block may stand in it
            with atomic:
                yield there

    def close(self) -> None:
        """Clear them away."""
        for database, _given in self.played.values():
            self.store.drop(database)


@contextmanager
def asked_instead(database: str, *, of: str) -> Iterator[Any]:
    """That database is the one that is asked, over a connection of its own; `of`: by what name the usual one is known."""
    from django.db import connections

    before: Any = connections["default"]
    name = str(before.settings_dict["NAME"]).replace(of, database)
    there = type(before)(before.settings_dict | {"NAME": name}, before.alias)
    connections["default"] = there
    try:
        yield there
    finally:
        there.close()
        connections["default"] = before


def _in_a_transaction() -> bool:
    from django.db import connection

    return connection.in_atomic_block
