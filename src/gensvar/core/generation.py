"""One number for all processes of a machine: which generation of the public pages holds, in a file that they share in memory.

Reading it costs less than a call; who changes what the public sees raises it. Neighbours: freshness raises it after a
commit, config.pages compares.
"""

from __future__ import annotations

import fcntl
import functools
import mmap
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

Signature = tuple[int, int, int]
"""What the rows of core.PublicChange look like: highest id, how many, how many of them take something away."""

_NUMBER: Final = 0
_HARD: Final = 1  # the generation that last took something away
_SEEN: Final = slice(2, 5)  # the signature of the rows that this generation knows of
_TIMES: Final = 5  # from here: when each of the last generations began
REMEMBERED: Final = 64  # generations whose beginning is known
_SIZE: Final = 8 * (_TIMES + REMEMBERED)


class Generation:
    """The numbers in the file `path`, which is made where it is missing. Times are monotonic, in nanoseconds."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with self._locked():
            there = os.fstat(self._file).st_size
            if (
                there < _SIZE
            ):  # written, not only named: where no room is left, a first touch in memory would end the process
                os.pwrite(self._file, bytes(_SIZE - there), there)
        self._numbers = memoryview(mmap.mmap(self._file, _SIZE)).cast("Q")

    @property
    def number(self) -> int:
        """The generation that holds now."""
        return self._numbers[_NUMBER]

    @property
    def seen(self) -> Signature:
        """The rows that this generation knows of."""
        first, second, third = self._numbers[_SEEN]
        return first, second, third

    def took_away_after(self, number: int) -> bool:
        """Whether something was taken from the public since that generation: its pages may not be shown any more."""
        return self._numbers[_HARD] > number

    def ended(self, number: int) -> int:
        """When that generation was followed by another; 0 where it is too long ago to be known."""
        if self._numbers[_NUMBER] - number >= REMEMBERED:
            return 0
        return self._numbers[_TIMES + (number + 1) % REMEMBERED]

    def raise_(self, *, takes_away: bool, seen: Signature | None = None, late: float = 0.0) -> None:
        """Let the next generation begin. `seen` was read before; `late` seconds ago the change may have been made."""
        with self._locked():
            number = self._numbers[_NUMBER] + 1
            self._numbers[_TIMES + number % REMEMBERED] = time.monotonic_ns() - int(late * 1e9)
            if seen is not None:
                for place, value in enumerate(seen, _SEEN.start):
                    self._numbers[place] = value
            if takes_away:
                self._numbers[_HARD] = number
            self._numbers[_NUMBER] = number  # last: who reads it finds the rest written

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with _threads:  # a lock of the file is the process's, not the thread's
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


_threads = threading.RLock()


@functools.cache
def generation() -> Generation:
    """This GENSVAR_HOME's. Raises OSError where the file cannot be made or opened."""
    return Generation(Path(settings.GENSVAR_HOME) / "run" / "pages.generation")


def _after_fork() -> None:
    global _threads
    _threads = threading.RLock()


os.register_at_fork(after_in_child=_after_fork)
