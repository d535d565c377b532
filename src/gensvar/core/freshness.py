"""Notes, in its own transaction, every change of what the public may see, and tells all processes after the commit.

Nobody has to remember it: statements are watched, and config.pages.shown says which of them change a public page.
Neighbours: generation is what is raised, config.pages keeps pages by it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from gensvar.core import clock, handed
from gensvar.core.generation import Signature, generation
from gensvar.core.models import PublicChange
from gensvar.core.recurring import TimeCame, recurring
from gensvar.core.stops import stop

logger = logging.getLogger(__name__)

KEPT: Final = dt.timedelta(days=2)  # far longer than any process looks back
_WRITTEN: Final = re.compile(
    r'\b(INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+"?(\w+)', re.IGNORECASE
)
_here = threading.local()


@dataclass(frozen=True, slots=True)
class Shown:
    """Which writes to one table change a public page: of these columns (None: of any), and whether new rows do.

    A row that goes always does.
    """

    columns: frozenset[str] | None = None
    new_rows: bool = True


def changed(*, takes_away: bool = True) -> None:
    """The public sees something else after the caller's commit: no process shows an older page after it.

    Where nothing is taken away, an older page may be shown for two seconds while the new one is made.
    """
    tell = _tell_taken if takes_away else _tell_added
    told = {waiting[1] for waiting in connection.run_on_commit}
    if tell in told or _tell_taken in told:
        return
    outside = contextlib.nullcontext() if connection.in_atomic_block else transaction.atomic()
    with outside:
        PublicChange.objects.create(at=clock.now(), takes_away=takes_away)
        transaction.on_commit(tell)


@contextmanager
def adding() -> Iterator[None]:
    """What is written inside only adds to what the public sees: nothing of it is a reason to hide an older page at once."""
    with _marked("adding"):
        yield


@contextmanager
def unseen() -> Iterator[None]:
    """What is written inside moves rows, and leaves all that the public sees of them as it is: whoever says so has compared."""
    with _marked("unseen"):
        yield


@contextmanager
def _marked(name: str) -> Iterator[None]:
    """This thread bears the mark inside."""
    before = getattr(_here, name, False)
    setattr(_here, name, True)
    try:
        yield
    finally:
        setattr(_here, name, before)


def signature() -> Signature:
    """What the rows look like now: it differs after every change that was committed, in whatever order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), 0), count(*), count(*) FILTER (WHERE takes_away) FROM core_publicchange"
        )
        highest, count, taken = cursor.fetchone()
    return int(highest), int(count), int(taken)


def look(late: float) -> bool:
    """Raise the generation where rows tell of a change that nobody told: by another machine, or by a process that died.

    The change may be `late` seconds old. Gives whether there was one. Raises DatabaseError.
    """
    numbers, known = generation(), generation().seen
    found = signature()
    if found == known:
        return False
    numbers.raise_(takes_away=found[2] != known[2] or found[1] < known[1], seen=found, late=late)
    return True


@recurring
def forget_old(fact: TimeCame) -> dt.datetime:
    """Take rows away that every process has seen long ago."""
    PublicChange.objects.filter(at__lt=clock.now() - KEPT).delete()
    return fact.next_time()


def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Look at what this new connection writes; Django calls it for each (signal connection_created)."""
    if connection.alias == "default" and _watched not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _watched)  # the last is whoever watches for a while only


def _watched(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    looks_away = getattr(_here, "migrating", False) or getattr(_here, "unseen", False)
    if not isinstance(sql, str) or sql.startswith(("SELECT", "PRAGMA")) or looks_away:
        return execute(sql, params, many, context)
    effect = _effect(sql)
    if effect is None:
        return execute(sql, params, many, context)
    takes_away = effect and not getattr(_here, "adding", False)
    if context["connection"].in_atomic_block:
        changed(takes_away=takes_away)
        return execute(sql, params, many, context)
    if takes_away or "RETURNING" not in sql:
        with transaction.atomic():  # what was written and the row that tells of it, or neither
            changed(takes_away=takes_away)
            return execute(sql, params, many, context)
    # Committed when its caller has read what it gives back: told now, and once more by whoever looks at the row.
    PublicChange.objects.create(at=clock.now(), takes_away=False)
    try:
        return execute(sql, params, many, context)
    finally:
        _raise(takes_away=False)


@functools.lru_cache(maxsize=2048)
def _effect(sql: str) -> bool | None:
    """Whether the statement takes something from what the public sees (True), only adds (False), or neither (None)."""
    found: bool | None = None
    for word, table in _WRITTEN.findall(sql):
        rule = shown().get(table.lower())
        if rule is None:
            continue
        if word[:6].upper() == "INSERT":
            found = found or (False if rule.new_rows else None)
        elif word.upper() == "UPDATE" and rule.columns is not None:
            found = found or any(re.search(rf"\b{name}\b", sql) for name in rule.columns) or None
        else:
            found = True
    return found


@functools.cache
def shown() -> Mapping[str, Shown]:
    """The table SHOWN of config/pages/shown.py, by the names of database tables."""
    found: Mapping[str, Shown] = handed.table("GENSVAR_SHOWN", "SHOWN")
    return found


def begin_migrating(**_: Any) -> None:
    """Watch nothing: the table of notes may not be there yet (signal pre_migrate)."""
    _here.migrating = True


def end_migrating(**_: Any) -> None:
    """A migration may have changed anything (signal post_migrate)."""
    _here.migrating = False
    _raise(takes_away=True)


def _tell_taken() -> None:
    _raise(takes_away=True, by_row=True)


def _tell_added() -> None:
    _raise(takes_away=False, by_row=True)


def _raise(*, takes_away: bool, by_row: bool = False) -> None:
    stop("pages.before_raise")
    seen = None
    if by_row:
        try:
            seen = signature()
        except DatabaseError as error:
            logger.warning("The rows of public changes could not be read after a commit: %s", error)
    try:
        generation().raise_(takes_away=takes_away, seen=seen)
    except OSError as error:
        logger.error(
            "The processes could not be told of a public change; each finds it within a second: %s", error
        )
