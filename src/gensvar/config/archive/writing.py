"""Makes a backup while everything runs: first the database, of one moment, then the files; but for pictures none ever goes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import connection

from gensvar import __version__
from gensvar.config import environment
from gensvar.config.archive import DIGESTS, FORMAT, MANIFEST, TREES, ArchiveError, Manifest
from gensvar.config.archive.databases import Engine, engine
from gensvar.config.archive.making import folder_in
from gensvar.config.language import gettext as _
from gensvar.core import files

Progress = Callable[[int, int], None]
GOES: Final = "media/"  # an editor may take a picture away between the list and its turn


def back_up(folder: Path | None, progress: Progress) -> Path:
    """Write one archive into `folder` (else GENSVAR_HOME/backups), readable by us alone; it has its name only when whole.

    Raises ArchiveError, OSError; then nothing is left behind.
    """
    database = engine()
    if database.is_empty():
        raise ArchiveError(
            _("There is no municipality here: the database has no tables (GENSVAR_HOME is {home}).").format(
                home=settings.GENSVAR_HOME
            )
        )
    folder = folder or settings.GENSVAR_HOME / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    made_at = dt.datetime.now(dt.UTC)
    final = folder / f"gensvar-{made_at:%Y-%m-%dT%H%M%SZ}.tar"
    if final.exists():
        raise ArchiveError(_("{path} is there already, made in this very second.").format(path=final))
    with folder_in(folder, ".making-") as making:
        partial = making / final.name
        partial.touch(mode=0o600)
        _write(database, partial, making, made_at, progress)
        partial.replace(final)
    files.sync_folder(folder)
    _remember(made_at)
    return final


def last_made() -> dt.datetime | None:
    """When a backup of this GENSVAR_HOME was last made whole, wherever it lies; None where none ever was."""
    try:
        return dt.datetime.fromtimestamp(_made().stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return None


def _made() -> Path:
    return settings.GENSVAR_HOME / "run" / "backup-made"


def _remember(made_at: dt.datetime) -> None:
    """For `gensvar check`; a home that cannot be written to is no reason to say that there is no backup."""
    with suppress(OSError):
        _made().parent.mkdir(parents=True, exist_ok=True)
        _made().touch()
        os.utime(_made(), (made_at.timestamp(),) * 2)


def _write(database: Engine, partial: Path, making: Path, made_at: dt.datetime, progress: Progress) -> None:
    copy = making / database.member
    rows = database.copy_out(copy)
    paths = [(path, name) for tree in TREES for path, name in _tree(tree)]
    total = len(paths) + 1
    digests: dict[str, str] = {}
    with partial.open("wb") as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        digests[database.member] = _add(tar, copy, database.member)
        copy.unlink()
        progress(1, total)
        digests["secret-key"] = _add_text(tar, "secret-key", settings.SECRET_KEY)
        if environment.kept_file().exists():
            digests["settings.env"] = _add(tar, environment.kept_file(), "settings.env")
        for done, (path, name) in enumerate(paths, start=2):
            try:
                digests[name] = _add(tar, path, name)
            except FileNotFoundError as error:
                if not name.startswith(GOES):
                    raise ArchiveError(
                        _(
                            "{path} was there a moment ago and is gone. What was received never goes by itself: "
                            "find out what took it away. No backup was made."
                        ).format(path=path)
                    ) from error
            progress(done, total)
        listed = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
        manifest = Manifest(
            format=FORMAT,
            gensvar=__version__,
            made_at=made_at.isoformat(timespec="seconds"),
            engine=database.name,
            migrations=rows.get("django_migrations", 0),
            rows=rows,
            files=sum(name.startswith(tuple(f"{tree}/" for tree in TREES)) for name in digests),
            digests=_add_text(tar, DIGESTS, listed),
        )
        _add_text(tar, MANIFEST, json.dumps(manifest.as_json(), indent=1) + "\n")
        tar.close()
        file.flush()
        os.fsync(file.fileno())
    connection.close()


def _tree(tree: str) -> Iterator[tuple[Path, str]]:
    """The files of one tree, with their names in the archive; those still being written are not part of it."""
    root = settings.GENSVAR_HOME / tree
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.name.startswith(".new-"):
            yield path, f"{tree}/{path.relative_to(root).as_posix()}"


class _Digested:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


def _add(tar: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        member = tarfile.TarInfo(name)
        state = os.fstat(file.fileno())
        member.size, member.mtime, member.mode = state.st_size, int(state.st_mtime), 0o600
        digested = _Digested(file)
        tar.addfile(member, digested)
    return digested.digest.hexdigest()


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> str:
    data = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))
    return hashlib.sha256(data).hexdigest()
