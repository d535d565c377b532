"""Bytes outside the database: one file for each digest, written through to the disk before any row names it."""

from __future__ import annotations

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
    """Write the bytes and sync them and their folder; returns their SHA-256. The same bytes are kept once."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if path.exists() and path.stat().st_size == len(data):
        return sha256
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
    for parent in (path.parent, path.parent.parent):
        _sync_folder(parent)
    stop("intake.after_file")
    return sha256


def keep_raw(data: bytes) -> dict[str, bytes | str | int | None]:
    """The field values of a KeptBytes row for these bytes; a large one is on the disk when this returns."""
    if len(data) > IN_ROW:
        return {"raw": None, "raw_sha256": keep(data), "raw_size": len(data)}
    return {"raw": data, "raw_sha256": hashlib.sha256(data).hexdigest(), "raw_size": len(data)}


def read(sha256: str) -> bytes:
    """The bytes of that digest. Raises FileNotFoundError."""
    return path_of(sha256).read_bytes()


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
