"""`gensvar run` with real processes: whatever dies is started again, and nothing outlives its end."""

from __future__ import annotations

import http.client
import os
import re
import signal
import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.databases import ROOT
from tests.faults.town import PATIENCE, Town, ending_with_us, wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar

    Begin = Callable[[Mapping[str, str]], None]

pytestmark = pytest.mark.processes

MADE = ROOT / ".venv" / ".gensvar"
MAKE_RUN = ("make", "-C", str(ROOT), "run")


@pytest.fixture
def town(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Town]:
    town = Town(fresh_database.environment, log=tmp_path / "log")
    town.start()
    yield town
    town.clear_away()


@pytest.mark.one_database
def test_whatever_is_killed_is_started_again_until_ctrl_c_ends_all_of_it_quietly(town: Town) -> None:
    assert town.process is not None
    for kind in ("worker", "mail", "web worker", "web"):
        _kill_and_see_it_come_back(town, kind)
    assert {seen.group for seen in town.processes()} == {town.process.pid}, "all in one process group"
    assert town.stop() == 0
    assert not town.processes()
    assert "Traceback" not in town.log.read_text()
    assert "“worker” was ended by SIGKILL; it is started again now." in town.log.read_text()


BEGINS_A_TOWN = """
import os, sys
from pathlib import Path
from tests.faults.town import Town
town = Town(dict(os.environ), log=Path(sys.argv[1]))
town.start()
print(town.mark, town.web_port, flush=True)
input()  # for ever
"""


@pytest.mark.one_database
def test_a_town_that_a_test_began_ends_when_the_test_itself_is_killed(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    begun = ending_with_us([sys.executable, "-c", BEGINS_A_TOWN, str(tmp_path / "log")])
    with subprocess.Popen(
        begun,
        env=fresh_database.environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as test:
        assert test.stdout is not None
        mark, port = test.stdout.readline().decode().split()
        town = Town(fresh_database.environment, log=tmp_path / "none")
        town.mark, town.web_port = mark, int(port)
        try:
            assert town.web_answers()
            test.kill()
            wait_until(lambda: not town.processes(), "nothing of it is left")
            assert not town.web_answers()
        finally:
            town.clear_away()


def _kill_and_see_it_come_back(town: Town, kind: str) -> None:
    workers = set(town.pids("web worker"))
    killed = town.kill(kind)
    wait_until(lambda: killed not in town.pids(kind), f"the killed {kind} is gone")
    wait_until(lambda: town.pids(kind), f"there is a {kind} again")
    wait_until(lambda: len(town.pids("web worker")) == 2, "the web has its two workers")
    wait_until(town.is_at_work, f"all answers after the {kind} was killed")
    if kind == "web":
        assert not workers & {seen.pid for seen in town.processes()}, "workers outlived their main process"


@pytest.mark.one_database
def test_the_first_page_of_a_new_place_has_its_style_sheets(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """They are gathered by the same start, so no process may have looked for them before."""
    town = Town({**fresh_database.environment, "GENSVAR_TESTING": "0"}, log=tmp_path / "log")
    try:
        town.start()
        status, page = _get(town, "/")
        assert status == 200, town.log.read_text()[-2000:]
        sheets = re.findall(r'<link rel="stylesheet" href="(/[^"]+)"', page)
        assert sheets
        assert [_get(town, sheet)[0] for sheet in sheets] == [200] * len(sheets)
    finally:
        town.clear_away()


def _get(town: Town, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", town.web_port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


@pytest.mark.one_database
def test_when_the_parent_is_killed_the_others_end_by_themselves(town: Town) -> None:
    assert len(town.processes()) == 6
    town.kill("run")
    wait_until(lambda: not town.processes(), "no process is left")
    assert not town.web_answers()
    town.start()
    assert town.is_at_work()


@pytest.mark.one_database
def test_a_plain_sigterm_stops_all_while_a_visitor_keeps_a_connection_open(town: Town) -> None:
    visitor = http.client.HTTPConnection("127.0.0.1", town.web_port)
    visitor.request("GET", "/robots.txt")
    visitor.getresponse().read()
    assert town.process is not None
    os.kill(town.process.pid, signal.SIGTERM)
    assert town.process.wait(PATIENCE) == 0
    assert not town.processes()
    visitor.close()


@pytest.mark.one_database
@pytest.mark.skipif(
    not MADE.exists(), reason="this environment was not made by make, which would make it anew"
)
def test_make_run_is_one_tree_in_its_own_group_and_ends_with_make_and_with_ctrl_c(
    fresh_database: FreshDatabase, begin: Begin, tmp_path: Path
) -> None:
    """Over a municipality that is there already, which the demo leaves alone."""
    town = Town(fresh_database.environment, log=tmp_path / "log")
    begin(town.environment)
    try:
        town.start(by=MAKE_RUN)
        make = town.process
        assert make is not None
        assert {seen.group for seen in town.processes()} == {make.pid}
        make.kill()
        make.wait(PATIENCE)
        wait_until(lambda: not town.processes(), "what make started has ended with it")
        town.start(by=MAKE_RUN)
        town.stop()
        assert not town.processes()
    finally:
        town.clear_away()
    log = town.log.read_text()
    assert log.count(f"http://127.0.0.1:{town.web_port}/desk/") == 2, log
    assert f"SMTP 127.0.0.1:{town.smtp_port}, LMTP 127.0.0.1:{town.lmtp_port}" in log
    assert "Traceback" not in log
    assert fresh_database.rows("SELECT count(*) FROM conversations_conversation") == [(1,)]


def test_mail_and_worker_alone_take_a_mail_and_read_it_and_end_in_order(
    fresh_database: FreshDatabase, begin: Begin, tmp_path: Path
) -> None:
    """As on several machines (docs/how-to/production.md): no `run` is over them."""
    begin(fresh_database.environment)
    town = Town(fresh_database.environment, log=tmp_path / "log")
    with town.log.open("ab") as log:
        parts = [
            subprocess.Popen(
                ending_with_us([sys.executable, "-m", "gensvar", word]),
                env=town.environment,
                stdout=log,
                stderr=log,
            )
            for word in ("mail", "worker")
        ]
    try:
        wait_until(lambda: town.mail_answers() and town.worker_is_present(), "both are at work")
        with smtplib.LMTP("127.0.0.1", town.lmtp_port, timeout=PATIENCE) as client:
            mail = b"From: Bo <bo@example.com>\r\nSubject: Plogen\r\n\r\nDen kommer inte.\r\n"
            assert client.sendmail("bo@example.com", ["kontakt@norrvik.example"], mail) == {}
        read = "SELECT subject, text FROM conversations_message WHERE sender_address = 'bo@example.com'"
        wait_until(lambda: fresh_database.rows(read), "the mail is read")
        assert fresh_database.rows(read) == [("Plogen", "Den kommer inte.")]
        for part in parts:
            part.terminate()
        assert [part.wait(PATIENCE) for part in parts] == [0, 0], town.log.read_text()
        assert "Traceback" not in town.log.read_text()
    finally:
        for part in parts:
            part.kill()
            part.wait(PATIENCE)


def test_while_it_runs_a_second_one_is_refused_and_a_backup_is_made_but_not_brought_back_over_it(
    town: Town, gensvar: Gensvar, tmp_path: Path
) -> None:
    refused = gensvar(town.environment, "run", code=1).stderr.decode()
    assert f"Port {town.web_port}" in refused
    assert "PORT=" in refused
    gensvar(town.environment, "backup", str(tmp_path / "backups"))
    (archive,) = (tmp_path / "backups").iterdir()
    refused = gensvar(town.environment, "restore", "--replace", str(archive), code=1).stderr.decode()
    assert "Gensvar is running here (web, mail, worker). Stop it first. Nothing was changed." in refused
    assert town.is_at_work()
