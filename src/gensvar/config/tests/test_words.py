"""Each word of the command line, in a process of its own, on a database of its own."""

from __future__ import annotations

import json
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
    from gensvar.config.tests.conftest import Gensvar, InTurn

    Begin = Callable[[Mapping[str, str]], None]

pytestmark = pytest.mark.processes
MAIL = b"From: Anna <anna@example.com>\r\nTo: kontakt@norrvik.example\r\nSubject: Plogen\r\n\r\nDen kommer inte.\r\n"
ENVELOPES = "SELECT count(*) FROM intake_envelope"


def test_a_first_day_makes_one_administrator_and_places_that_words_can_reach(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin
) -> None:
    begin(fresh_database.environment)
    assert fresh_database.rows("SELECT email, language FROM core_user") == [("alva@norrvik.example", "sv")]
    roles = "SELECT name FROM auth_group JOIN core_user_groups ON group_id = auth_group.id ORDER BY name"
    assert fresh_database.rows(roles) == [("administrator",), ("coordinator",)]
    points = gensvar(
        fresh_database.environment, "export", "contact-points", "--format", "jsonl"
    ).stdout.decode()
    assert [json.loads(line) for line in points.splitlines()] == [
        {
            "channel": channel,
            "address": address,
            "purpose": "",
            "function": "Informationsenheten",
            "state": "live",
        }
        for channel, address in (("email", "kontakt@norrvik.example"), ("web", "skriv"))
    ]
    kept = fresh_database.home / "settings.env"
    assert "GENSVAR_NAME=Norrvik" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    again = ("init", "--name", "Annat", "--url", "https://x.example")  # nothing more is asked
    assert b"log-in here already" in gensvar(fresh_database.environment, *again, code=1).stderr
    assert "GENSVAR_NAME=Norrvik" in kept.read_text()


@pytest.mark.one_database
def test_what_the_first_day_was_told_holds_for_every_later_word_and_the_environment_wins(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin
) -> None:
    begin(fresh_database.environment)
    asked = "from gensvar.config import settings as s; print(s.GENSVAR_NAME, s.GENSVAR_URL, *s.ALLOWED_HOSTS)"

    def said(**more: str) -> str:
        terminal = {
            "LC_ALL": "C",
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONUTF8": "0",
        }  # its letters are not those of our files
        environment = {**fresh_database.environment, **terminal, **more}
        command = [sys.executable, "-c", asked]
        return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout

    assert said() == "Norrvik https://norrvik.example norrvik.example localhost 127.0.0.1\n"
    assert said(GENSVAR_NAME="Annat").startswith("Annat https://norrvik.example ")


@pytest.mark.one_database
def test_an_administrator_without_a_password_gets_a_link_to_choose_one(
    fresh_database: FreshDatabase, gensvar: Gensvar
) -> None:
    said = gensvar(
        fresh_database.environment, "init", "--name", "Norrvik", "--url", "https://norrvik.example",
        "--mail", "kontakt@norrvik.example", "--admin", "alva@norrvik.example", "--admin-name", "Alva Ek",
        "--language", "sv", "--no-password",
    ).stdout.decode()  # fmt: skip
    assert "Choose your password at https://norrvik.example/konto/" in said
    ((password,),) = fresh_database.rows("SELECT password FROM core_user")
    assert password.startswith("!")


@pytest.mark.one_database
def test_a_weak_password_sets_nothing_up(fresh_database: FreshDatabase, gensvar: Gensvar) -> None:
    environment = {**fresh_database.environment, "GENSVAR_ADMIN_PASSWORD": "kort"}
    words = ("init", "--name", "N", "--url", "https://n.example", "--mail", "a@n.example", "--admin", "b@n.example",
             "--admin-name", "B C", "--language", "en")  # fmt: skip
    assert b"Nothing was set up" in gensvar(environment, *words, code=1).stderr
    assert fresh_database.rows("SELECT count(*) FROM core_user") == [(0,)]
    assert not (fresh_database.home / "settings.env").exists()


@pytest.mark.one_database
def test_whoever_runs_the_machine_lets_a_log_in_begin_anew_and_the_log_says_so(
    fresh_database: FreshDatabase, in_turn: InTurn, begin: Begin
) -> None:
    begin(fresh_database.environment)
    let_in, acts, nobody = in_turn(
        fresh_database.environment,
        ["let-in", "Alva@norrvik.example"],
        ["export", "acts"],
        ["let-in", "nobody@norrvik.example"],
    )
    assert (let_in.code, acts.code, nobody.code) == (0, 0, 1), (let_in, nobody)
    assert "https://norrvik.example/konto/" in let_in.out
    ((password,),) = fresh_database.rows("SELECT password FROM core_user")
    assert password.startswith("!"), "the lost one opens nothing any more"
    last = json.loads(acts.out.splitlines()[-1])
    assert (last["by"], last["action"]) == (None, "people.begin_anew")


@pytest.mark.one_database
def test_a_pipe_is_answered_0_only_when_the_mail_is_committed_and_else_75(
    fresh_database: FreshDatabase, gensvar: Gensvar, in_turn: InTurn, begin: Begin
) -> None:
    begin(fresh_database.environment)
    environment = fresh_database.environment
    to = ("deliver", "--to", "kontakt@norrvik.example")
    gensvar(environment, *to, given=MAIL)
    told = in_turn(
        environment,
        ["deliver", "--to", "nobody@norrvik.example"],
        ["deliver"],
        [*to, "--unknown"],
        to,  # once more: kept once
        given=MAIL,
    )
    assert [one.code for one in told] == [75, 75, 75, 0], told
    assert fresh_database.rows(ENVELOPES) == [(2,)]
    gensvar(environment, *to, given=b"", code=75)
    gensvar({**environment, "GENSVAR_LARGEST_WORD": "many"}, *to, given=MAIL, code=75)
    gensvar({**environment, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, *to, given=MAIL, code=75)
    gensvar({**environment, "DATABASE_URL": "sqlite:////nonexistent/place"}, *to, given=MAIL, code=75)
    assert fresh_database.rows(ENVELOPES) == [(2,)]


@pytest.mark.one_database
def test_a_pipe_that_is_ended_while_it_waits_for_the_mail_says_that_it_took_none(
    fresh_database: FreshDatabase, begin: Begin
) -> None:
    begin(fresh_database.environment)
    environment = {
        name: value for name, value in fresh_database.environment.items() if name != "DJANGO_SETTINGS_MODULE"
    }
    command = [sys.executable, "-m", "gensvar", "deliver", "--to", "kontakt@norrvik.example"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as pipe:
        assert pipe.stdin is not None
        pipe.stdin.write(b"From: a@example.com\r\n")
        pipe.stdin.flush()
        wait_until(lambda: b"sigterm" in _caught(pipe.pid), "it holds on to SIGTERM")
        pipe.send_signal(signal.SIGTERM)
        pipe.communicate()
    assert pipe.returncode == 75


def _caught(pid: int) -> bytes:
    """`sigterm` when that process has a handler of its own for SIGTERM."""
    lines = dict(
        line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )
    return b"sigterm" if int(lines["SigCgt"], 16) & (1 << (signal.SIGTERM - 1)) else b""


def test_old_mail_is_imported_once_however_often_it_is_said(
    fresh_database: FreshDatabase, in_turn: InTurn, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    folder = tmp_path / "old"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.eml").write_bytes(MAIL + b"%d\r\n" % number)
    words = ("import", str(folder), "--to", "kontakt@norrvik.example")
    unknown = ("import", str(folder), "--to", "x@norrvik.example")
    first, again, refused = in_turn(fresh_database.environment, words, words, unknown)
    assert (first.code, again.code, refused.code) == (0, 0, 1)
    assert "5 new, 0 already here" in first.out
    assert "0 new, 5 already here" in again.out
    assert fresh_database.rows(ENVELOPES) == [(6,)]
    assert "No contact point has the address x@norrvik.example" in refused.err


def test_the_state_of_things_is_told_to_machines_and_to_people(
    fresh_database: FreshDatabase, in_turn: InTurn, begin: Begin
) -> None:
    begin(fresh_database.environment)
    machines, people = in_turn(fresh_database.environment, ["status", "--json"], ["status"])
    assert (machines.code, people.code) == (0, 0)
    said = json.loads(machines.out)
    assert set(said) == {"envelopes", "conversations", "deliveries", "oldest_waiting_s"}
    assert said["envelopes"] == {"received": 1, "read": 0, "failed": 0}
    assert said["conversations"]["open"] == 0
    assert said["deliveries"]["failed"] == 0
    assert said["oldest_waiting_s"] > 0
    assert "conversations" in people.out


def test_a_check_says_what_to_do_and_fails_when_something_is_not_well(
    fresh_database: FreshDatabase, gensvar: Gensvar, in_turn: InTurn, begin: Begin
) -> None:
    begin(fresh_database.environment)
    said = gensvar(fresh_database.environment, "check", "--not-running").stdout.decode()
    assert "Durability: a committed word survives a power cut" in said
    assert "no owner or no deputy: " in said
    assert "without notice" not in said, "the first places say what holds there, and what is kept"
    (fresh_database.home / "secret-key").chmod(0o644)
    resting, running = in_turn(fresh_database.environment, ["check", "--not-running"], ["check"])
    assert (resting.code, running.code) == (1, 1)
    assert "chmod 600" in resting.out
    assert "→ Start it: gensvar mail (or gensvar run)" in running.out


def test_a_check_of_what_was_never_set_up_says_how_to_begin(empty: FreshDatabase, gensvar: Gensvar) -> None:
    assert "Run: gensvar init." in gensvar(empty.environment, "check", code=1).stdout.decode()


def test_the_indexes_of_search_are_made_anew_at_a_word(
    fresh_database: FreshDatabase, gensvar: Gensvar
) -> None:
    said = gensvar(fresh_database.environment, "reindex").stdout
    assert b"0 public exchanges can be found." in said
    assert b"0 messages can be found." in said


@pytest.mark.one_database
def test_a_wrong_setting_is_one_clear_sentence(fresh_database: FreshDatabase, in_turn: InTurn) -> None:
    told = in_turn({**fresh_database.environment, "PORT": "eighty"}, ["run"], ["status"])
    assert told == [(1, "", "Error: PORT should be a whole number, not “eighty”.\n")] * 2
