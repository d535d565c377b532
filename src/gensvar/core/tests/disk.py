"""Writes down what is asked of the disk, in its order, while it is done: kill -9 cannot show that a sync is missing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from gensvar.core import files

Act = tuple[str, Path, int]
"""What was done, to which file or folder, and how many bytes it had then (0: a folder)."""


def watched(monkeypatch: pytest.MonkeyPatch) -> list[Act]:
    """The acts from now on: `sync` and `name` (a finished file gets its place). The real functions do them."""
    acts: list[Act] = []
    sync, replace = os.fsync, os.replace
    files._sync_home.cache_clear()  # as in a process that has kept nothing yet

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        acts.append(("sync", path, 0 if path.is_dir() else os.fstat(descriptor).st_size))

    def put(source: Any, target: Any) -> None:
        replace(source, target)
        acts.append(("name", Path(target), Path(target).stat().st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", put)
    return acts
