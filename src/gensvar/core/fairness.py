"""Lets the threads of one worker write in the order in which they asked, where the database has one writer.

SQLite gives its one write lock to whoever happens to ask in the right moment: beside a loop that writes without a
pause, a sender could wait for ever. Neighbour: runner, and what its handlers write by themselves.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Queue:
    """A lock that is given in the order of asking; the thread that has it may take it again."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for everybody who asked before; keep those who ask later waiting until this ends."""
        if getattr(self._mine, "turn", False):
            yield
            return
        self._take()
        self._mine.turn = True
        try:
            yield
        finally:
            self._mine.turn = False
            self._give_on()

    def _take(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            called = threading.Event()
            self._waiting.append(called)
        try:
            called.wait()
        except BaseException:  # broken off by a signal while waiting: nobody is called who has left
            with self._guard:
                if called in self._waiting:
                    self._waiting.remove(called)
                    raise
            self._give_on()
            raise

    def _give_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()  # it stays taken: by the one who is called
            else:
                self._taken = False


_writers = Queue()


@contextmanager
def writing() -> Iterator[None]:
    """A turn to write for this thread; needless, and free, where many may write at once."""
    if connection.vendor != "sqlite":
        yield
        return
    with _writers.turn():
        yield
