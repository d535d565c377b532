"""Residents' words are for us alone: no other user of the machine can read what the command writes, but for style sheets."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar, InTurn

    Begin = Callable[[Mapping[str, str]], None]

pytestmark = [pytest.mark.processes, pytest.mark.one_database]
WORDS = "Residents' words: "


@pytest.fixture(autouse=True)
def _a_generous_umask() -> Iterator[None]:
    """As most shells and services have it: whatever is written may be read by all."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def public_place() -> Iterator[Path]:
    """A folder that every user of this machine may look into, as /var/lib is; pytest's own are closed."""
    place = Path(tempfile.mkdtemp(prefix="gensvar-test-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def open_to_others(place: Path) -> list[Path]:
    """What in that folder its group or anybody may read, write or enter."""
    return [path for path in place.rglob("*") if path.lstat().st_mode & 0o077]


def test_what_every_word_writes_is_for_us_alone(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin
) -> None:
    begin(fresh_database.environment)
    gensvar(fresh_database.environment, "backup")
    written = fresh_database.home / "words.jsonl"
    gensvar(fresh_database.environment, "export", "conversations", "--output", str(written))
    assert {"files", "run", "backups", "words.jsonl"} <= {path.name for path in fresh_database.home.iterdir()}
    assert open_to_others(fresh_database.home) == []


def test_a_new_home_and_its_database_are_for_us_alone_and_a_check_says_when_they_are_not(
    fresh_database: FreshDatabase, gensvar: Gensvar, public_place: Path
) -> None:
    home = public_place / "home"
    environment = {**fresh_database.environment, "GENSVAR_HOME": str(home)}
    del environment["DATABASE_URL"]  # SQLite, in the home

    def said() -> str:
        return gensvar(environment, "check", "--not-running", code=1).stdout.decode()  # there are no tables

    assert f"✓ {WORDS}no other user of this machine can read them" in said()
    database = home / "gensvar.sqlite3"
    assert home.stat().st_mode & 0o777 == 0o700
    assert database.stat().st_mode & 0o777 == 0o600
    assert open_to_others(public_place / "home") == []

    database.chmod(0o644)
    assert f"✓ {WORDS}" in said(), "the home keeps others out of what lies in it"
    home.chmod(0o755)
    told = said()
    assert f"✗ {WORDS}every user of this machine can read {home} {database}" in told
    assert f"→ Run: chmod 700 {home} && chmod 600 {database}" in told


def test_a_check_says_when_a_database_outside_the_home_can_be_read_by_all(
    fresh_database: FreshDatabase, gensvar: Gensvar, public_place: Path
) -> None:
    database = public_place / "words.sqlite3"
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE words (word)")
    environment = {**fresh_database.environment, "DATABASE_URL": f"sqlite:///{database}"}
    told = gensvar(environment, "check", "--not-running", code=1).stdout.decode()
    assert f"✗ {WORDS}every user of this machine can read {database}" in told
    assert f"→ Run: chmod 600 {database}" in told


def test_style_sheets_that_cannot_be_gathered_are_said(
    fresh_database: FreshDatabase, gensvar: Gensvar
) -> None:
    """Where they are gathered outside the home a web server in front reads them: test_run."""
    environment = {**fresh_database.environment, "GENSVAR_TESTING": "0"}
    said = gensvar({**environment, "GENSVAR_STATIC_ROOT": "/proc/nope"}, "prepare", code=1).stderr.decode()
    assert said == (
        "Error: /proc/nope cannot be used: No such file or directory. "
        "Let GENSVAR_STATIC_ROOT name a folder that this user may write to.\n"
        "Error: Style sheets and scripts could not be gathered; why is said above. "
        "The database is ready. Mend that and say the same again.\n"
    )


def test_a_home_that_cannot_be_made_is_one_sentence_for_every_word(
    fresh_database: FreshDatabase, gensvar: Gensvar, in_turn: InTurn
) -> None:
    environment = {**fresh_database.environment, "GENSVAR_HOME": "/proc/nope"}
    sentence = (
        "Error: /proc/nope cannot be used: No such file or directory. "
        "Let GENSVAR_HOME name a folder that this user may write to. Nothing was changed.\n"
    )
    words = ("status", "run", "check", "web", "mail", "worker", "backup")
    *others, delivered = in_turn(
        environment,
        *([word] for word in words),
        ["deliver", "--to", "kontakt@norrvik.example"],
        given=b"From: a@b\n\nx",
    )
    assert dict(zip(words, others, strict=True)) == dict.fromkeys(words, (1, "", sentence))
    assert delivered.code == 75
    assert "/proc/nope cannot be used" in delivered.err
    swedish = gensvar({**environment, "GENSVAR_LANGUAGE": "sv"}, "check", code=1).stderr.decode()
    assert swedish.startswith("Fel: /proc/nope går inte att använda: ")


def test_a_home_that_is_a_file_is_one_sentence_too(fresh_database: FreshDatabase, gensvar: Gensvar) -> None:
    environment = {**fresh_database.environment, "GENSVAR_HOME": "/etc/passwd"}
    said = gensvar(environment, "status", code=1).stderr.decode()
    assert "Traceback" not in said
    assert said.count("\n") == 1
