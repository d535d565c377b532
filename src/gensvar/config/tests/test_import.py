"""A large import that is stopped, politely or with -9: what was kept stays, a repeat takes the rest, and nothing comes twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.town import wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar

    Begin = Callable[[Mapping[str, str]], None]

pytestmark = pytest.mark.processes
MANY = (500, 5_000, 50_000)  # five batches; the signal comes as soon as the first is kept, or more are tried
IMPORTED = "SELECT count(*) FROM intake_envelope WHERE source = 'import'"
TO = ("--to", "kontakt@norrvik.example")
COUNTED = re.compile(r"(\d+) new, (\d+) already here, 0 not taken\.")


def mail(number: int) -> bytes:
    return (
        f"From: Anna <anna{number}@example.com>\nTo: kontakt@norrvik.example\nSubject: Brev {number}\n"
        f"Message-ID: <{number}@example.com>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n\nOrd {number}.\n"
    ).encode()


def an_mbox(box: Path, numbers: range) -> None:
    box.write_bytes(b"".join(b"From anna Mon Mar  2 10:00:00 2026\n" + mail(n) + b"\n" for n in numbers))


def a_maildir(box: Path, numbers: range) -> None:
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    for number in numbers:
        (box / "cur" / f"{number:05}:2,S").write_bytes(mail(number))


def a_folder(box: Path, numbers: range) -> None:
    box.mkdir()
    for number in numbers:
        (box / f"{number:05}.eml").write_bytes(mail(number))


Making = Callable[[Path, range], None]


@dataclass(frozen=True)
class Stopped:
    """An import that a signal ended: how, what it said, which mails it was to take, and how many of these it kept."""

    code: int
    said: str
    box: Path
    numbers: range
    kept: int


def stopped_midway(database: FreshDatabase, place: Path, made: Making, number: signal.Signals) -> Stopped:
    """Send the signal once some mails are kept. Where the rest was kept before it came, with ten times as many."""
    environment = {**database.environment, "GENSVAR_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    for many in MANY:
        before = imported(database)
        box, numbers = place / str(many), range(before, before + many)
        made(box, numbers)
        command = [sys.executable, "-m", "gensvar", "import", str(box), *TO]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            wait_until(partial(some_kept, database, before, process), "some kept")
            os.kill(process.pid, number)
            said, _ = process.communicate(timeout=120)
        if imported(database) - before < many:
            break
    return Stopped(process.returncode, said.decode(), box, numbers, imported(database) - before)


def some_kept(database: FreshDatabase, before: int, process: subprocess.Popen[bytes]) -> bool:
    return imported(database) > before or process.poll() is not None


def imported(database: FreshDatabase) -> int:
    return int(database.rows(IMPORTED)[0][0])


def takes_the_rest(database: FreshDatabase, gensvar: Gensvar, stopped: Stopped) -> None:
    many = len(stopped.numbers)
    assert 0 < stopped.kept < many
    again = gensvar(database.environment, "import", str(stopped.box), *TO).stdout.decode()
    assert f"{many - stopped.kept} new, {stopped.kept} already here, 0 not taken." in again
    assert imported(database) == stopped.numbers.stop


@pytest.mark.parametrize(
    "made", [an_mbox, *(pytest.param(one, marks=pytest.mark.one_database) for one in (a_maildir, a_folder))]
)
def test_ctrl_c_says_what_was_kept_and_a_repeat_takes_the_rest(
    fresh_database: FreshDatabase,
    gensvar: Gensvar,
    begin: Begin,
    tmp_path: Path,
    made: Making,
) -> None:
    begin(fresh_database.environment)
    stopped = stopped_midway(fresh_database, tmp_path, made, signal.SIGINT)
    assert stopped.code == 130, stopped.said
    assert "Traceback" not in stopped.said
    assert "Say the same again to go on: nothing comes twice." in stopped.said
    counted = COUNTED.search(stopped.said)
    assert counted
    assert (int(counted[1]), int(counted[2])) == (stopped.kept, 0)
    takes_the_rest(fresh_database, gensvar, stopped)


def test_an_import_killed_outright_has_kept_whole_batches_and_a_repeat_takes_the_rest(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    stopped = stopped_midway(fresh_database, tmp_path, an_mbox, signal.SIGKILL)
    assert stopped.code == -signal.SIGKILL
    takes_the_rest(fresh_database, gensvar, stopped)


@pytest.mark.one_database
def test_sigterm_stops_an_import_as_plainly(
    fresh_database: FreshDatabase, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    stopped = stopped_midway(fresh_database, tmp_path, an_mbox, signal.SIGTERM)
    assert stopped.code == 143, stopped.said
    assert "Stopped. What is counted here is kept." in stopped.said
