"""What strangers send, and a database that is away, fill no log."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.core.exceptions import DisallowedHost
from django.db import OperationalError, ProgrammingError

from gensvar.config.logs import LONGEST_LINE, AwayOnce, Short, StrangersSeldom
from gensvar.core import absence


class Lines(logging.Handler):
    """A log as ours is set up, in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(Short("%(message)s"))
        for one in (AwayOnce(), StrangersSeldom()):
            self.addFilter(one)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[logging.Logger, list[str]]]:
    monkeypatch.setattr(absence, "database", absence.Absence())
    handler, log = Lines(), logging.getLogger("gensvar.core.absence")
    log.addHandler(handler)
    yield log, handler.lines
    log.removeHandler(handler)


def fail(log: logging.Logger, error: Exception) -> None:
    try:
        raise error
    except type(error):
        log.exception("%s", error)


def test_a_header_of_a_stranger_is_one_short_line_however_often_it_comes(
    written: tuple[logging.Logger, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, lines = written
    for _ in range(3):
        fail(log, DisallowedHost("Invalid HTTP_HOST header: " + "a" * 200_000))
    (line,) = lines
    assert "\n" not in line, "no traceback"
    assert len(line) < LONGEST_LINE + 100
    assert "199426 characters more" in line
    monkeypatch.setattr("gensvar.config.logs.SELDOM", -1)
    fail(log, DisallowedHost("Invalid HTTP_HOST header: x"))
    assert lines[1].startswith("(2 more like this")
    fail(log, ValueError("ours"))
    assert "Traceback" in lines[2], "our own faults are told whole"


def test_a_database_that_is_away_is_told_once_and_each_ten_minutes_and_that_it_is_back(
    written: tuple[logging.Logger, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, lines = written
    clock = [1000.0]
    monkeypatch.setattr("gensvar.core.absence.time.monotonic", lambda: clock[0])
    gone = OperationalError("connection failed:\nConnection refused.")
    for second in range(0, 660, 5):
        clock[0] = 1000.0 + second
        fail(log, gone)
        absence.database.met(gone, "a loop")
    assert [line[:32] for line in lines] == ["The database does not answer: co"] * 2
    assert "\n" not in lines[0]
    absence.answered()
    assert len(lines) == 2, "the loop has not been answered yet"
    absence.database.over("a loop")
    absence.database.over("a loop")
    assert lines[2:] == ["The database answers again, after 655 s. What waited goes on."]
    locked = OperationalError("deadlock detected")
    locked.__cause__ = type("DeadlockDetected", (Exception,), {"sqlstate": "40P01"})()
    fail(log, locked)
    assert "Traceback" in lines[3], "one statement that failed is no absence"


def test_a_loop_that_meets_another_trouble_of_the_database_tells_where_it_was_asked(
    written: tuple[logging.Logger, list[str]],
) -> None:
    _log, lines = written
    try:
        raise ProgrammingError("no such column: x")
    except ProgrammingError as error:
        absence.database.met(error)
    assert "Traceback" in lines[0]
