"""Tells a change that was surely not made from one of which nobody can know: the line broke while it was being committed.

Neighbours: config.faults and the square's forms say either to whoever sent something.
"""

from __future__ import annotations

from types import TracebackType
from typing import Final

from django.db import InterfaceError, OperationalError, connection

_COMMITTING: Final = (
    "_commit"  # of django.db.backends.base.base.BaseDatabaseWrapper, which alone sends COMMIT
)


def is_uncertain(error: BaseException | None) -> bool:
    """Whether the database may have committed all the same: a server was asked to, and its answer never came.

    A file (SQLite) answers at once, and a server that says why (SQLSTATE, but for a broken line 08 and its own end 57) has
    not committed.
    """
    if connection.vendor == "sqlite" or not isinstance(error, OperationalError | InterfaceError):
        return False
    said = getattr(error.__cause__, "sqlstate", None)
    if said is not None and not said.startswith(("08", "57")):
        return False
    seen: TracebackType | None = error.__traceback__
    while seen is not None:
        if seen.tb_frame.f_code.co_name == _COMMITTING:
            return True
        seen = seen.tb_next
    return False
