"""A large import that is stopped, politely or with -9: what was kept stays, a repeat takes the rest, and nothing comes twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.town import wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar

    Begin = Callable[[Mapping[str, str]], None]

pytestmark = pytest.mark.processes
MAILS = 500  # five batches: the signal comes as soon as the first is kept
IMPORTED = "SELECT count(*) FROM intake_envelope WHERE source = 'import'"
TO = ("--to", "kontakt@norrvik.example")
COUNTED = re.compile(r"(\d+) new, (\d+) already here, 0 not taken\.")


def mail(number: int) -> bytes:
    return (
        f"From: Anna <anna{number}@example.com>\nTo: kontakt@norrvik.example\nSubject: Brev {number}\n"
        f"Message-ID: <{number}@example.com>\nDate: Mon, 2 Mar 2026 10:00:00 +0100\n\nOrd {number}.\n"
    ).encode()


def an_mbox(place: Path) -> Path:
    box = place / "old.mbox"
    box.write_bytes(b"".join(b"From anna Mon Mar  2 10:00:00 2026\n" + mail(n) + b"\n" for n in range(MAILS)))
    return box


def a_maildir(place: Path) -> Path:
    box = place / "Maildir"
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    for number in range(MAILS):
        (box / "cur" / f"{number:05}:2,S").write_bytes(mail(number))
    return box


def a_folder(place: Path) -> Path:
    box = place / "old"
    box.mkdir()
    for number in range(MAILS):
        (box / f"{number:05}.eml").write_bytes(mail(number))
    return box


def stopped_midway(database: FreshDatabase, box: Path, number: signal.Signals) -> tuple[int, str]:
    """Send the signal once some mails are kept; gives the exit code and all that was said."""
    environment = {**database.environment, "GENSVAR_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    before = int(database.rows(IMPORTED)[0][0])
    command = [sys.executable, "-m", "gensvar", "import", str(box), *TO]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        wait_until(
            lambda: int(database.rows(IMPORTED)[0][0]) > before or process.poll() is not None, "some kept"
        )
        os.kill(process.pid, number)
        said, _ = process.communicate(timeout=120)
    return process.returncode, said.decode()


@pytest.mark.parametrize("made", [an_mbox, a_maildir, a_folder])
def test_ctrl_c_says_what_was_kept_and_a_repeat_takes_the_rest(
    fresh_database: FreshDatabase,
    gensvar: Gensvar,
    begin: Begin,
    tmp_path: Path,
    made: Callable[[Path], Path],
) -> None:
    begin(fresh_database.environment)
    box = made(tmp_path)
    code, said = stopped_midway(fresh_database, box, signal.SIGINT)
    assert code == 130, said
    assert "Traceback" not in said
    assert "Say the same again to go on: nothing comes twice." in said
    ((kept,),) = fresh_database.rows(IMPORTED)
    counted = COUNTED.search(said)
    assert counted
    assert (int(counted[1]), int(counted[2])) == (kept, 0)
    assert 0 < kept < MAILS
    again = gensvar(fresh_database.environment, "import", str(box), *TO).stdout.decode()
    assert f"{MAILS - kept} new, {kept} already here, 0 not taken." in again
    assert fresh_database.rows(IMPORTED) == [(MAILS,)]


def test_an_import_killed_outright_has_kept_whole_batches_and_a_repeat_takes_the_rest(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    box = an_mbox(tmp_path)
    code, _ = stopped_midway(fresh_database, box, signal.SIGKILL)
    assert code == -signal.SIGKILL
    ((kept,),) = fresh_database.rows(IMPORTED)
    assert 0 < kept < MAILS
    again = gensvar(fresh_database.environment, "import", str(box), *TO).stdout.decode()
    assert f"{MAILS - kept} new, {kept} already here, 0 not taken." in again
    assert fresh_database.rows(IMPORTED) == [(MAILS,)]


def test_sigterm_stops_an_import_as_plainly(
    fresh_database: FreshDatabase, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    code, said = stopped_midway(fresh_database, an_mbox(tmp_path), signal.SIGTERM)
    assert code == 143, said
    assert "Stopped. What is counted here is kept." in said
