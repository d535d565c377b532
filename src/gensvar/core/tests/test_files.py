"""Bytes outside the database: kept once, named by digest, and only by digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from gensvar.core import files
from gensvar.core.tests.disk import watched


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.GENSVAR_HOME = tmp_path
    return tmp_path


def test_bytes_come_back_as_they_were_and_lie_there_once(home: Path) -> None:
    data = bytes(range(256)) * 3
    assert files.keep(data) == files.keep(data) == hashlib.sha256(data).hexdigest()
    assert files.read(hashlib.sha256(data).hexdigest()) == data
    assert len([path for path in home.rglob("*") if path.is_file()]) == 1


def test_bytes_are_on_the_disk_before_their_name_and_then_every_folder_of_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = watched(monkeypatch)
    path = files.path_of(files.keep(b"words" * 100))
    (written, new, size), *rest = acts
    assert (written, new.parent, size) == ("sync", path.parent, 500)
    assert new != path, "nobody finds it by its name before it is whole"
    assert rest == [
        ("name", path, 500),
        ("sync", path.parent, 0),
        ("sync", home / "files", 0),
        ("sync", home, 0),
    ]


def test_the_folders_of_a_file_that_is_there_are_synced_too(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gave it its name may have been killed before they synced the folder, or be just before it."""
    path = files.path_of(files.keep(b"words" * 100))
    acts = watched(monkeypatch)
    files.keep(b"words" * 100)
    assert acts == [("sync", path.parent, 0), ("sync", home / "files", 0), ("sync", home, 0)]


def test_a_file_cut_short_by_a_crash_is_written_anew() -> None:
    data = b"words" * 100
    path = files.path_of(files.keep(data))
    path.write_bytes(data[:17])
    files.keep(data)
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "A" * 64, "a" * 63 + "/", ""])
def test_nothing_but_a_digest_names_a_file(name: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        files.path_of(name)


def test_small_bytes_stay_in_the_row_and_large_ones_do_not() -> None:
    assert files.keep_raw(b"x")["raw"] == b"x"
    large = b"x" * (files.IN_ROW + 1)
    kept = files.keep_raw(large)
    assert kept["raw"] is None
    assert files.read(str(kept["raw_sha256"])) == large
