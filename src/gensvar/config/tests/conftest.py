"""What the tests of the command line share: an empty database, and a way to run its words in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner, Result

from tests.made import Made, made_once

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from tests.databases import Store

Gensvar = Callable[..., subprocess.CompletedProcess[bytes]]
Said = Callable[..., Result]


class Told(NamedTuple):
    """How one word ended, and what it said."""

    code: int
    out: str
    err: str


InTurn = Callable[..., list[Told]]
IN_TURN = """
import contextlib, io, json, sys
from gensvar.config.cli import main

told, given = [], sys.stdin.buffer.read()
for words in json.loads(sys.argv[1]):
    sys.argv[1:], sys.stdin = words, io.TextIOWrapper(io.BytesIO(given))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main()
        except SystemExit as ended:
            code = ended.code or 0
    told.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


@pytest.fixture
def empty(migrated: Store, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[FreshDatabase]:
    """A database without any table, and an empty home."""
    name = f"gensvar_test_{uuid.uuid4().hex[:12]}"
    home = tmp_path / "empty"
    home.mkdir()
    migrated.create_empty(name)
    yield type(fresh_database)(migrated.url(name), home, lambda sql: migrated.rows(name, sql))
    migrated.drop(name)


def run_word(
    environment: Mapping[str, str], *words: str, given: bytes = b"", code: int = 0
) -> subprocess.CompletedProcess[bytes]:
    """Run one word of the command line in a process of its own, in English unless the environment says otherwise."""
    kept = {"GENSVAR_LANGUAGE": "en"}
    kept |= {name: value for name, value in environment.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "gensvar", *words]
    done = subprocess.run(command, env=kept, input=given, capture_output=True, check=False)
    assert done.returncode == code, (done.stdout + done.stderr).decode()
    return done


@pytest.fixture
def gensvar() -> Gensvar:
    """``gensvar(environment, "backup", ..., given=b"", code=0)`` runs one word in a process of its own."""
    return run_word


def say_in_turn(environment: Mapping[str, str], *sentences: Sequence[str], given: bytes = b"") -> list[Told]:
    """Say one sentence of words after the other to one process, which is there once; each is given the same."""
    kept = {"GENSVAR_LANGUAGE": "en"} | dict(environment)
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", IN_TURN, json.dumps(sentences)]
    done = subprocess.run(command, env=kept, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [Told(*one) for one in json.loads(done.stdout)]


@pytest.fixture
def in_turn() -> InTurn:
    """``in_turn(environment, ["status"], ["check"], given=b"")``: for several sentences of which none is about its process."""
    return say_in_turn


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """``said("playbook", "preview", ..., given="", code=0)`` says it here, in English, of this test's own database."""
    from gensvar.config.commands import gensvar

    monkeypatch.setenv("GENSVAR_LANGUAGE", "en")

    def say(*words: str, given: str = "", code: int = 0) -> Result:
        done = CliRunner().invoke(gensvar, words, input=given)
        assert done.exit_code == code, done.output
        return done

    return say


@pytest.fixture(scope="session")
def begun(migrated: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Norrvik as `init` and one mail have made it."""

    def begin(environment: dict[str, str]) -> str:
        here = environment | {"GENSVAR_ADMIN_PASSWORD": "en-lång-snöig-väg"}
        words = (
            "init", "--name", "Norrvik", "--url", "https://norrvik.example", "--mail", "kontakt@norrvik.example",
            "--admin", "alva@norrvik.example", "--admin-name", "Alva Ek", "--language", "sv",
        )  # fmt: skip
        told = run_word(here, *words).stdout.decode()
        run_word(here, "deliver", "--to", "kontakt@norrvik.example", given=MAIL + b"x" * 400_000)
        return told

    with made_once("begun", migrated, tmp_path_factory, begin) as made:
        yield made


@pytest.fixture
def begin(begun: Made) -> Callable[[Mapping[str, str]], None]:
    """``begin(environment)`` sets up Norrvik with one mail, large enough to lie in a file of its own."""
    return lambda environment: begun.move_into(environment["DATABASE_URL"], environment["GENSVAR_HOME"])


MAIL = (
    b"From: Anna <anna@example.com>\r\nTo: kontakt@norrvik.example\r\nSubject: =?utf-8?q?Sn=C3=B6?=\r\n\r\n"
)
