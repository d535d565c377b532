"""Brings a backup back: every digest first, then files, then the database; what was here before is set aside, not deleted."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection

from gensvar.config.archive import DIGESTS, FORMAT, MANIFEST, SHOWN, TREES, ArchiveError, Manifest
from gensvar.config.archive.databases import Engine, count_rows, engine
from gensvar.config.archive.making import folder_in
from gensvar.config.language import gettext as _
from gensvar.config.processes import presence

Progress = Callable[[int, int], None]
ALONE = ("secret-key", "settings.env")  # files of GENSVAR_HOME beside the trees


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and where that went which was here before (in words; "" if nothing was)."""

    counts: dict[str, int]
    set_aside: str


def bring_back(archive: Path, progress: Progress, *, replace: bool = False) -> Restored:
    """Restore into this GENSVAR_HOME and database. Raises ArchiveError with nothing changed, unless it says otherwise."""
    database = engine()
    try:
        with tarfile.open(archive) as tar:
            manifest = _verify(tar, progress)
            _refuse_unfit(manifest, database, replace=replace)
            aside = _take_its_place(tar, database, replace=replace)
    except tarfile.TarError as error:
        raise ArchiveError(
            _("{archive} is not a backup of Gensvar, or not a whole one. Nothing was changed.").format(
                archive=archive
            )
        ) from error
    connection.close()
    _compare(manifest)
    return Restored({kind: manifest.rows.get(table, 0) for kind, table in SHOWN.items()}, aside)


def _take_its_place(tar: tarfile.TarFile, database: Engine, *, replace: bool) -> str:
    """Unpack beside, set aside what is here, and move in; returns where that went, in words."""
    home = settings.GENSVAR_HOME
    home.mkdir(parents=True, exist_ok=True)
    with folder_in(home, ".restoring-") as place:
        _extract(tar, place)
        aside = _set_aside(database) if replace else ""
        try:
            database.copy_in(place / database.member)
        except ArchiveError as error:
            said = [str(error), _("Nothing was restored.")]
            said += [_("What was here before lies in {place}.").format(place=aside)] if aside else []
            raise ArchiveError(" ".join(said)) from error
        _put_in_place(place)
    return aside


def _verify(tar: tarfile.TarFile, progress: Progress) -> Manifest:
    try:
        manifest = Manifest(**json.loads(_text(tar, MANIFEST)))
        listed = _text(tar, DIGESTS)
    except (KeyError, TypeError, ValueError, tarfile.TarError) as error:
        raise ArchiveError(
            _("This is not a backup of Gensvar, or its end is missing. Nothing was changed.")
        ) from error
    if manifest.format != FORMAT:
        raise ArchiveError(
            _("This backup has the format {format}; this version reads {ours}. Nothing was changed.").format(
                format=manifest.format, ours=FORMAT
            )
        )
    if hashlib.sha256(listed.encode()).hexdigest() != manifest.digests:
        raise ArchiveError(
            _("The list of digests was changed after the backup was made. Nothing was changed here.")
        )
    wanted = dict(line.split("  ", 1)[::-1] for line in listed.splitlines())
    members = {member.name: member for member in tar.getmembers() if member.name not in {MANIFEST, DIGESTS}}
    if set(members) != set(wanted):
        raise ArchiveError(_("The archive does not hold the files that it lists. Nothing was changed."))
    for done, (name, member) in enumerate(members.items(), start=1):
        if not _is_safe(member) or _digest(tar, member) != wanted[name]:
            raise ArchiveError(
                _("“{name}” in the archive is not as it was backed up. Nothing was changed.").format(
                    name=name
                )
            )
        progress(done, len(members))
    return manifest


def _text(tar: tarfile.TarFile, name: str) -> str:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read().decode()


def _is_safe(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    return member.isreg() and not path.is_absolute() and ".." not in path.parts


def _digest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = tar.extractfile(member)
    if file is None:
        return ""
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # has readinto()


def _refuse_unfit(manifest: Manifest, database: Engine, *, replace: bool) -> None:
    if manifest.engine != database.name:
        raise ArchiveError(
            _("This is a backup of {theirs}, and DATABASE_URL names {ours}. Nothing was changed.").format(
                theirs=manifest.engine, ours=database.name
            )
        )
    if busy := presence.all_present():
        raise ArchiveError(
            _("Gensvar is running here ({parts}). Stop it first. Nothing was changed.").format(
                parts=", ".join(busy)
            )
        )
    if replace:
        return
    full = [tree for tree in TREES if any((settings.GENSVAR_HOME / tree).rglob("*"))]
    if not database.is_empty():
        full.insert(0, _("the database"))
    if full:
        raise ArchiveError(
            _(
                "There is something here already ({what}). Choose an empty GENSVAR_HOME and database, "
                "or say --replace: what is here is then set aside. Nothing was changed."
            ).format(what=", ".join(full))
        )


def _extract(tar: tarfile.TarFile, place: Path) -> None:
    """The files that were verified, each for its owner alone. By hand: Debian 12's Python knows no filter of `extract`."""
    for name, member in {one.name: one for one in tar.getmembers()}.items():
        file = tar.extractfile(member)
        if file is None or name in {MANIFEST, DIGESTS}:
            continue
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with file, open(path, "xb", opener=_for_its_owner) as kept:
            shutil.copyfileobj(file, kept)
        os.utime(path, (member.mtime, member.mtime))


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _set_aside(database: Engine) -> str:
    name = f"set-aside-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    folder = settings.GENSVAR_HOME / name
    words = [database.set_aside(name)] if not database.is_empty() else []
    for part in (*TREES, *ALONE):
        if (settings.GENSVAR_HOME / part).exists():
            folder.mkdir(exist_ok=True)
            (settings.GENSVAR_HOME / part).rename(folder / part)
    return _(" and ").join(dict.fromkeys([*words, *([str(folder)] if folder.exists() else [])]))


def _put_in_place(place: Path) -> None:
    for part in (*TREES, *ALONE):
        if not (place / part).exists():
            continue
        target = settings.GENSVAR_HOME / part
        if target.is_dir():
            shutil.rmtree(target)  # empty folders only: anything else was refused or set aside
        (place / part).replace(target)


def _compare(manifest: Manifest) -> None:
    found = count_rows()
    wrong = {table for table, count in manifest.rows.items() if found.get(table) != count}
    if wrong:
        raise ArchiveError(
            _("The database came back with other numbers of rows in {tables}. Do not use it.").format(
                tables=", ".join(sorted(wrong))
            )
        )
