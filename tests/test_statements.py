"""What a second database is spared: no statement goes unasked, and nothing that it might answer otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conftest import asks_the_database
from gensvar.core.models import User
from tests.statements import Asked, Notes, key_of, read, spared

NAMES = st.sampled_from("abcdefgh")
STATEMENTS = st.frozensets(st.sampled_from("qrstuvwxyz"), max_size=5)
TESTS = st.dictionaries(NAMES, st.tuples(STATEMENTS, st.booleans(), st.floats(0, 9)), max_size=8)
FEW = "src/gensvar/core/tests/test_keyset.py"


def test_values_lists_rows_and_names_of_savepoints_make_no_other_statement() -> None:
    def key(sql: str) -> str:
        return key_of(sql, locks=False)

    assert key("SELECT a WHERE b IN (%s, %s)") == key("SELECT a WHERE b IN (%s, %s, %s)")
    assert key("INSERT INTO t (a) VALUES (%s)") == key("INSERT INTO t (a) VALUES (%s), (%s)")
    assert key('SAVEPOINT "s1_x2"') == key('SAVEPOINT "s1_x3"')
    assert key("SELECT a") != key("SELECT b")
    assert key_of("SELECT a", locks=True) != key("SELECT a")


@given(TESTS, st.sets(NAMES))
def test_every_statement_is_still_asked_and_whoever_must_stay_stays(
    tests: dict[str, tuple[frozenset[str], bool, float]], must: set[str]
) -> None:
    notes = {
        name: Asked(set(statements), alike, seconds) for name, (statements, alike, seconds) in tests.items()
    }
    gone = spared(notes, must)
    left = {name: asked for name, asked in notes.items() if name not in gone}
    assert {one for asked in left.values() for one in asked.statements} == {
        one for asked in notes.values() for one in asked.statements
    }
    assert not gone & must
    assert all(notes[name].alike for name in gone)
    assert gone == spared(dict(reversed(notes.items())), must), "each test process must find the same"


def test_of_two_who_ask_the_same_the_dearer_is_spared() -> None:
    notes = {"cheap": Asked({"q", "r"}, seconds=0.1), "dear": Asked({"q", "r"}, seconds=2)}
    assert spared(notes, []) == {"dear"}
    assert spared(notes, ["dear"]) == {"cheap"}


def test_who_is_heard_to_ask_stays_whatever_its_fixtures_say(request: pytest.FixtureRequest) -> None:
    here: pytest.Item = request.node
    assert not asks_the_database(here, {})
    assert not asks_the_database(here, {here.nodeid: Asked()})
    assert asks_the_database(here, {here.nodeid: Asked({"q"})})


@pytest.mark.django_db
def test_what_is_refused_or_asked_by_another_thread_is_not_taken_to_be_alike(tmp_path: Path) -> None:
    refused, elsewhere = Notes(tmp_path), Notes(tmp_path)
    elsewhere.thread += 1
    with connection.execute_wrapper(refused._hear), connection.execute_wrapper(elsewhere._hear):
        Group.objects.count()
        assert (refused.now.alike, elsewhere.now.alike) == (True, False)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
    assert not refused.now.alike


@pytest.mark.django_db
def test_what_a_test_asks_for_itself_is_no_statement_of_ours(tmp_path: Path, client: Client) -> None:
    notes = Notes(tmp_path)
    user = User.objects.create_user("x@example.org", "secret")
    with connection.execute_wrapper(notes._hear):
        user.refresh_from_db()
        assert not notes.now.statements
        assert not user.roles
        assert len(notes.now.statements) == 1, "what our own code asks, although a test called it"
        client.get("/")
    assert len(notes.now.statements) > 2, "and what a page asks"


@pytest.mark.processes
@pytest.mark.one_database
def test_a_run_notes_what_each_test_asks_and_the_next_leaves_out_what_others_ask(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "GENSVAR_HOME", "DATABASE_URL"}
    }

    def said(*options: str) -> list[str]:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *options, FEW]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return [line for line in done.stdout.splitlines() if "::" in line]

    said(f"--note-statements={tmp_path}")
    notes = read(tmp_path)
    assert set(notes) >= {*said("--co", "--second-database")}
    left = said("--co", "--second-database", f"--noted-statements={tmp_path}")
    assert 0 < len(left) < len(notes)
    assert {one for name in left for one in notes[name].statements} == {
        one for asked in notes.values() for one in asked.statements
    }
