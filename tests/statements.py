"""Which statements each test asks of the first database, so that a second one is asked all of them by fewer tests.

A run with ``--note-statements=FOLDER`` writes a line for each test; one with ``--second-database --noted-statements=FOLDER``
reads them. A statement is known by its words, without its values, and by whether it locks rows, which SQLite's do not say.
What a test asks for itself, to see what became of things, is no statement of ours.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

VALUES: Final = re.compile(r"\(%s(?:, %s)+\)")  # a list is one statement, however long it is
ROWS: Final = re.compile(r" VALUES \(.*", re.DOTALL)  # so are the rows of one insert
SAVEPOINT: Final = re.compile(r"SAVEPOINT \S+")  # whose name is the thread's
SOURCE: Final = f"{Path(__file__).parent.parent}{os.sep}"
TESTS: Final = f"{os.sep}tests{os.sep}"
INSTALLED: Final = f"{os.sep}site-packages{os.sep}"
CURSORS: Final = os.path.join("django", "db", "backends", "utils.py")
REQUESTS: Final = os.path.join(
    "django", "core", "handlers", "base.py"
)  # from here on a view is at work, be it Wagtail's
AT_LEAST: Final = 0.02  # seconds of processor time that any test takes, with what stands around it


@dataclass
class Asked:
    """What one test asked. `alike`: the second database need not answer as the first did, so it is asked all of it."""

    statements: set[str] = field(default_factory=set)
    alike: bool = True
    seconds: float = 0.0  # of this process's own processor time


@lru_cache(maxsize=10_000)  # most are asked again and again
def key_of(sql: str, *, locks: bool) -> str:
    """A short name for the statement, whatever its values are."""
    words = SAVEPOINT.sub("SAVEPOINT", ROWS.sub(" VALUES", VALUES.sub("(%s)", sql)))
    return blake2b(words.encode(), digest_size=6, salt=b"locks" if locks else b"").hexdigest()


def asked_by_a_test() -> bool:
    """Whether the nearest of our own code that is at work is a test, and no view. For whoever listens on a cursor."""
    frame: FrameType | None = sys._getframe()
    while frame and not frame.f_code.co_filename.endswith(CURSORS):
        frame = frame.f_back  # others may listen too
    while frame and not (place := frame.f_code.co_filename).endswith(REQUESTS):
        if place.startswith(SOURCE) and INSTALLED not in place and place != __file__:
            return TESTS in place
        frame = frame.f_back
    return False


class Notes:
    """A pytest plugin that notes, in a file of each test process, what every test asks."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        self.file = folder / f"{worker or 'alone'}.jsonl"
        if not worker:  # the process that starts the others: what an earlier run noted is no longer so
            for old in folder.glob("*.jsonl"):
                old.unlink()
        self.now = Asked()
        self.thread = threading.get_ident()
        self.locks = False

    def pytest_collection_finish(self) -> None:
        """Listen on every connection that is opened from now on, in whatever thread."""
        from django.db.backends.signals import connection_created
        from django.db.models.sql.compiler import SQLCompiler

        connection_created.connect(self._listen, weak=False)
        execute = SQLCompiler.execute_sql

        def execute_sql(compiler: Any, *args: Any, **kwargs: Any) -> Any:
            self.locks = bool(compiler.query.select_for_update)
            try:
                return execute(compiler, *args, **kwargs)
            finally:
                self.locks = False

        SQLCompiler.execute_sql = execute_sql  # type: ignore[assignment, method-assign]

    def _listen(self, connection: Any, **_: object) -> None:
        if self._hear not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._hear)

    def _hear(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """What is refused here is refused otherwise there, and so is what several threads ask at once."""
        self.now.alike &= threading.get_ident() == self.thread
        if not asked_by_a_test():
            self.now.statements.add(key_of(str(sql), locks=self.locks))
        try:
            return execute(sql, params, many, context)
        except Exception:
            self.now.alike = False
            raise

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note what the test asked, its fixtures too."""
        self.now, self.thread = Asked(), threading.get_ident()
        began = time.process_time()
        done = yield
        line = [item.nodeid, self.now.alike, round(time.process_time() - began, 3), *self.now.statements]
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return done


def read(folder: Path) -> dict[str, Asked]:
    """What was noted, by the test's name. Raises FileNotFoundError where nothing was."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise FileNotFoundError(f"No statements were noted in {folder}.")
    lines = (json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return {name: Asked(set(statements), alike, seconds) for name, alike, seconds, *statements in lines}


def spared(notes: Mapping[str, Asked], must: Iterable[str]) -> set[str]:
    """The tests that ask nothing which the others do not ask: those in `must` stay, and any of which there is no note.

    Leaves out the most expensive ones for what they ask, and goes by the notes alone, so that each test process finds the same.
    Time: as many steps as all tests together ask statements.
    """
    asked_by = Counter(statement for one in notes.values() for statement in one.statements)
    kept, gone = set(must), set()
    by_price = sorted(notes, key=lambda name: (-_price(notes[name], asked_by), name))
    for name in by_price:
        one = notes[name]
        if one.alike and name not in kept and all(asked_by[statement] > 1 for statement in one.statements):
            asked_by.subtract(one.statements)
            gone.add(name)
    return gone


def _price(one: Asked, asked_by: Mapping[str, int]) -> float:
    """Seconds for each statement, where one that many ask is worth little."""
    return (one.seconds + AT_LEAST) / (sum(1 / asked_by[statement] for statement in one.statements) or 1e-9)
