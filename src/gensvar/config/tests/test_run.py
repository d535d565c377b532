"""`gensvar run` with real processes: whatever dies is started again, and nothing outlives its end."""

from __future__ import annotations

import http.client
import re
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


BEGINS_A_TOWN = """
import os, sys
from pathlib import Path
from tests.faults.town import Town
town = Town(dict(os.environ), log=Path(sys.argv[1]))
town.start()
print(town.mark, town.web_port, town.smtp_port, town.lmtp_port, flush=True)
input()  # for ever
"""


@pytest.mark.one_database
def test_whatever_is_killed_is_started_again_until_who_began_it_is_killed_or_ctrl_c_ends_all_of_it_quietly(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """First a town of another test, which takes it along when it is killed itself; then one of ours, whose parent is killed."""
    log = tmp_path / "log"
    begun = ending_with_us([sys.executable, "-c", BEGINS_A_TOWN, str(log)])
    town = Town(fresh_database.environment, log=log)
    try:
        with subprocess.Popen(
            begun,
            env=fresh_database.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as test:
            assert test.stdout is not None
            others = Town(fresh_database.environment, log=log)
            others.mark, *ports = test.stdout.readline().decode().split()
            others.web_port, others.smtp_port, others.lmtp_port = map(int, ports)
            try:
                for kind in ("worker", "mail", "web worker", "web"):
                    _kill_and_see_it_come_back(others, kind)
                (run,) = others.pids("run")
                assert {seen.group for seen in others.processes()} == {run}, "all in one process group"
                assert _holding("numpy", others) == _holding("scipy", others) == [], "not before it is needed"
                test.kill()
                wait_until(lambda: not others.processes(), "nothing of it is left")
                assert not others.web_answers()
            finally:
                others.clear_away()
        town.start()
        assert len(town.processes()) == 6
        town.kill("run")
        wait_until(lambda: not town.processes(), "no process is left")
        assert not town.web_answers()
        town.start()
        assert town.is_at_work()
        assert town.stop() == 0
        assert not town.processes()
    finally:
        town.clear_away()
    assert "Traceback" not in log.read_text()
    assert "“worker” was ended by SIGKILL; it is started again now." in log.read_text()


def _holding(library: str, town: Town) -> list[str]:
    """Which processes have loaded a file of it."""
    read = [(seen.word, Path(f"/proc/{seen.pid}/maps").read_text()) for seen in town.processes()]
    assert all(".so" in maps for _word, maps in read), "what is loaded is seen"
    return [word for word, maps in read if f"/{library}/" in maps]


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
def test_the_first_page_of_a_new_place_has_its_style_sheets_and_a_web_server_in_front_may_read_them(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """They are gathered by the same start, so no process may have looked for them before."""
    static = tmp_path / "static"
    town = Town(
        {**fresh_database.environment, "GENSVAR_TESTING": "0", "GENSVAR_STATIC_ROOT": str(static)},
        log=tmp_path / "log",
    )
    try:
        town.start()
        status, page = _get(town, "/")
        assert status == 200, town.log.read_text()[-2000:]
        sheets = re.findall(r'<link rel="stylesheet" href="(/[^"]+)"', page)
        assert sheets
        assert [_get(town, sheet)[0] for sheet in sheets] == [200] * len(sheets)
    finally:
        town.clear_away()
    assert (static / ".gensvar").exists()
    gathered = [static, *static.rglob("*")]
    assert any(path.suffix == ".gz" for path in gathered)
    assert {path.name for path in gathered if path.match("django_htmx/*.min.js")} == {"htmx-2.min.js"}
    assert {path.stat().st_mode & 0o777 for path in gathered if path.is_dir()} == {0o755}
    assert {path.stat().st_mode & 0o777 for path in gathered if path.is_file()} == {0o644}


def _get(town: Town, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", town.web_port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


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
