"""Bytes outside the database: one file for each digest, written through to the disk before any row names it."""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from gensvar.core.stops import stop

IN_ROW = 256 * 1024  # bytes; what is larger lies in a file


def folder() -> Path:
    """Where the files lie; never under a public address."""
    return Path(settings.GENSVAR_HOME) / "files"


def path_of(sha256: str) -> Path:
    """The place of one file. Raises ValueError for anything that is not a digest."""
    if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
        raise ValueError("A kept file is named by its SHA-256 digest in hexadecimal.")
    return folder() / sha256[:2] / sha256


def keep(data: bytes) -> str:
    """Write the bytes and sync them and their folders; returns their SHA-256. The same bytes are kept once.

    The folders are synced also where the file is there already: whoever put it there may have died, or be on the way,
    between its name and that sync.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if not (path.exists() and path.stat().st_size == len(data)):
        _write(path, data)
    for parent in (path.parent, folder()):
        sync_folder(parent)
    _sync_home(folder().parent)
    stop("intake.after_file")
    return sha256


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def keep_raw(data: bytes) -> dict[str, bytes | str | int | None]:
    """The field values of a KeptBytes row for these bytes; a large one is on the disk when this returns."""
    if len(data) > IN_ROW:
        return {"raw": None, "raw_sha256": keep(data), "raw_size": len(data)}
    return {"raw": data, "raw_sha256": hashlib.sha256(data).hexdigest(), "raw_size": len(data)}


def read(sha256: str) -> bytes:
    """The bytes of that digest. Raises FileNotFoundError."""
    return path_of(sha256).read_bytes()


@functools.cache
def _sync_home(path: Path) -> None:
    """Once for each process: the name of the folder for files is new there only for the first of all files."""
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Write through to the disk which names that folder holds."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
