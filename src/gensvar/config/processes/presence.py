"""Says which kinds of process are at work in this GENSVAR_HOME: each holds a lock that the system lets go however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO, Final

from gensvar.config import settings

KINDS: Final = ("web", "mail", "worker")
_held: list[IO[bytes]] = []  # open for as long as the process lives


def announce(kind: str) -> None:
    """Be seen as one of that kind until this process ends."""
    _place(kind).parent.mkdir(parents=True, exist_ok=True)
    file = _place(kind).open("ab")
    fcntl.flock(file, fcntl.LOCK_SH)
    _held.append(file)


def is_present(kind: str) -> bool:
    """Whether a process of that kind is at work on this machine, with this GENSVAR_HOME."""
    try:
        file = os.open(_place(kind), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def all_present() -> list[str]:
    """The kinds that are at work."""
    return [kind for kind in KINDS if is_present(kind)]


def _place(kind: str) -> Path:
    return settings.GENSVAR_HOME / "run" / f"{kind}.lock"
