"""The folder in which an archive is made or unpacked: for us alone, gone afterwards, also where whoever made it was killed.

Neighbours: `writing` and `reading`. What lies in it is all that there is, in plain words. Whoever makes one locks a file in it: what
locks a folder is unknown to the other machines that share a disk (NFS), and they would take it away from under us.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

HELD: Final = ".held"
YOUNG: Final = 60.0  # seconds in which whoever makes one has come to hold it


@contextmanager
def folder_in(place: Path, prefix: str) -> Iterator[Path]:
    """A new folder there, as long as the block lasts; what another of that prefix left that was killed goes first."""
    _clear(place, prefix)
    with (
        tempfile.TemporaryDirectory(dir=place, prefix=prefix) as made,  # 0700
        (Path(made) / HELD).open("wb") as held,
    ):
        with suppress(OSError):  # a file system without locks: then it clears nothing either
            fcntl.flock(held, fcntl.LOCK_EX)
        yield Path(made)


def _clear(place: Path, prefix: str) -> None:
    """Take away what nobody holds: a process lets go of its locks however it ends."""
    for left in place.glob(f"{prefix}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > YOUNG and not _is_held(left / HELD):
                shutil.rmtree(left)


def _is_held(file: Path) -> bool:
    """Whether its maker lives. Raises OSError where nobody can say."""
    if not file.exists():  # killed before it came to that, or of a version that locked the folder
        return False
    with file.open("r+b") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
