"""Lets one make a page while the others wait for it or show the old one: threads by an event, processes by a lock of a file."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from pathlib import Path
from typing import Final

from gensvar.config.pages.asking import Name

PLACES: Final = 4096  # bytes of the file that are locked one by one; two pages may meet in one, and wait


class Turns:
    """Whose turn it is to make a page; the system lets a dead process's turn go."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._lock = threading.Lock()
        self._making: dict[Name, threading.Event] = {}
        self._held: dict[int, int] = {}  # by place: how many of our own threads hold it

    def take(self, name: Name) -> bool:
        """Whether this thread may make the page now, as the only one of this process. Give it back with `done`."""
        with self._lock:
            if name in self._making:
                return False
            self._making[name] = threading.Event()
            return True

    def alone(self, name: Name) -> bool:
        """Whether no other process makes it now either; until `done` none will."""
        place = self._place(name)
        with self._lock:
            if not self._held.get(place):
                try:
                    fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                except OSError as error:
                    if error.errno not in (errno.EACCES, errno.EAGAIN):
                        raise
                    return False
            self._held[place] = self._held.get(place, 0) + 1
            return True

    def done(self, name: Name, *, was_alone: bool) -> None:
        """The page is made, or cannot be: whoever waits looks again."""
        with self._lock:
            self._making.pop(name).set()
            if was_alone:
                place = self._place(name)
                self._held[place] -= 1
                if not self._held[place]:
                    fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    def wait(self, name: Name, seconds: float) -> None:
        """Return when whoever makes it is done, or after that time."""
        making = self._making.get(name)
        if making is not None:
            making.wait(seconds)

    def _place(self, name: Name) -> int:
        import zlib

        return zlib.crc32(repr(name).encode()) % PLACES
