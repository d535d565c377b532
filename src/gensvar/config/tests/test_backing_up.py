"""A backup while others go on: a picture is taken away meanwhile, and what a killed one left in plain words goes."""

from __future__ import annotations

import fcntl
import json
import os
import tarfile
from pathlib import Path

import pytest
from pytest_django import Settings

from gensvar.config.archive import ArchiveError, databases, making, writing

pytestmark = pytest.mark.one_database


class Small:
    """A database of four bytes."""

    name = "sqlite"
    member = "database.sqlite3"

    def is_empty(self) -> bool:
        return False

    def copy_out(self, to: Path) -> dict[str, int]:
        to.write_bytes(b"rows")
        return {}


@pytest.fixture
def home(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.GENSVAR_HOME = tmp_path
    monkeypatch.setattr(writing, "engine", Small)
    for name in ("bro.jpg", "plog.jpg"):
        (tmp_path / "media").mkdir(exist_ok=True)
        (tmp_path / "media" / name).write_bytes(name.encode())
    return tmp_path


def test_a_picture_that_an_editor_takes_away_meanwhile_does_not_cost_the_backup(home: Path) -> None:
    def take_away(done: int, total: int) -> None:
        (home / "media" / "bro.jpg").unlink(missing_ok=True)

    with tarfile.open(writing.back_up(None, take_away)) as tar:
        assert [name for name in tar.getnames() if name.startswith("media/")] == ["media/plog.jpg"]
        listed, manifest = (tar.extractfile(name) for name in ("SHA256SUMS", "manifest.json"))
        assert listed is not None
        assert manifest is not None
        assert b"bro.jpg" not in listed.read()
        assert json.load(manifest)["files"] == 1


def test_where_what_was_received_is_gone_no_backup_says_that_it_is_whole(home: Path) -> None:
    (home / "files").mkdir()
    (home / "files" / "letter").write_bytes(b"what somebody sent")
    with pytest.raises(ArchiveError, match="/files/letter was there a moment ago"):
        writing.back_up(None, lambda done, total: (home / "files" / "letter").unlink(missing_ok=True))
    assert list((home / "backups").iterdir()) == []


def test_what_a_killed_backup_left_goes_with_the_next_one_and_what_another_makes_stays(home: Path) -> None:
    for name in ("killed", "others", "young"):
        folder = home / "backups" / f".making-{name}"
        folder.mkdir(parents=True)
        (folder / "database.sqlite3").write_bytes(b"what residents said")
        (folder / making.HELD).touch()
        if name != "young":
            os.utime(folder, (1, 1))
    with (home / "backups" / ".making-others" / making.HELD).open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)  # of a file: NFS tells no other machine of a folder's
        made = writing.back_up(None, lambda done, total: None)
    left = {path.name for path in (home / "backups").iterdir()}
    assert left == {made.name, ".making-others", ".making-young"}


def test_a_database_that_was_too_broken_to_be_asked_is_said_to_be_and_takes_no_place(home: Path) -> None:
    (home / "copy").write_bytes(b"no database at all " * 500)
    with pytest.raises(ArchiveError, match="is broken"):
        databases.Sqlite().copy_in(home / "copy")
    assert (home / "copy").exists()
