"""The folder in which an archive is made or unpacked: for us alone, gone afterwards, also where whoever made it was killed.

Neighbours: `writing` and `reading`. What lies in it is all that there is, in plain words.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

YOUNG: Final = 60.0  # seconds in which whoever makes one has come to hold it


@contextmanager
def folder_in(place: Path, prefix: str) -> Iterator[Path]:
    """A new folder there, as long as the block lasts; what another of that prefix left that was killed goes first."""
    _clear(place, prefix)
    with tempfile.TemporaryDirectory(dir=place, prefix=prefix) as made:  # 0700
        held = os.open(made, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system without locks: then it clears nothing either
                fcntl.flock(held, fcntl.LOCK_EX)
            yield Path(made)
        finally:
            os.close(held)


def _clear(place: Path, prefix: str) -> None:
    """Take away what nobody holds: a process lets go of its locks however it ends."""
    for left in place.glob(f"{prefix}*"):
        with suppress(OSError):
            descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - os.fstat(descriptor).st_mtime > YOUNG:
                    shutil.rmtree(left)
            finally:
                os.close(descriptor)
