"""Tells a change that was surely not made from one of which nobody can know: the line broke while it was being committed.

Neighbours: config.faults and the square's forms say either to whoever sent something.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Final

from django.db import InterfaceError, OperationalError, connection

# Both of django.db.backends.base.base.BaseDatabaseWrapper: the first alone sends COMMIT, the second runs what waited for it.
_COMMITTING: Final = "_commit"
_COMMITTED: Final = "run_and_clear_commit_hooks"


def is_uncertain(error: BaseException | None) -> bool:
    """Whether the database may have committed all the same: this error, or one that was being handled, came of a commit.

    A server was asked to commit and its answer never came, or it did and what was to follow broke. A file (SQLite) answers
    at once, and a server that says why (SQLSTATE, but for a broken line 08 and its own end 57) has not committed.
    """
    return any(_is_uncertain(one) for one in _with_those_before(error))


def _with_those_before(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those in whose handling it arose: a page that was to say what happened may break in its turn."""
    while error is not None:
        yield error
        error = error.__context__


def _is_uncertain(error: BaseException) -> bool:
    ran = _ran(error)
    if _COMMITTED in ran:
        return True
    if connection.vendor == "sqlite" or not isinstance(error, OperationalError | InterfaceError):
        return False
    said = getattr(error.__cause__, "sqlstate", None)
    if said is not None and not said.startswith(("08", "57")):
        return False
    return _COMMITTING in ran


def _ran(error: BaseException) -> set[str]:
    """The names of the functions that the error went through."""
    names: set[str] = set()
    seen: TracebackType | None = error.__traceback__
    while seen is not None:
        names.add(seen.tb_frame.f_code.co_name)
        seen = seen.tb_next
    return names
