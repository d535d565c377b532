"""Whether a change was made is certain, but for one moment: the line to the server breaks while it commits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import Client

from gensvar.core import commits
from gensvar.core.models import User
from gensvar.intake.models import Envelope
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests.scene import form_id, town, written

PID = "SELECT pg_backend_pid()"
pytestmark = pytest.mark.django_db(transaction=True)
LAST = 'UPDATE "core_event" SET "run_at"'  # before the words are committed (runner.hold_back)


def cut_the_line() -> None:
    """End our own connection from another one, as a lost server does."""
    settings = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(PID)
        (ours,) = cursor.fetchone()
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=settings["NAME"],
        autocommit=True,
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [ours])


@contextmanager
def cut_after(beginning: str, *, for_good: bool = False) -> Iterator[list[str]]:
    """The line breaks as soon as a statement that begins so has been answered; gives that statement.

    `for_good`: every line that is tried after it breaks too.
    """
    cuts: list[str] = []

    def cut(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if cuts and for_good and sql != PID:
            cut_the_line()
        answer = execute(sql, *rest)
        if sql.startswith(beginning) and not cuts:
            cuts.append(sql)
            cut_the_line()
        return answer

    with connection.execute_wrapper(cut):
        yield cuts


@contextmanager
def cut_before(beginning: str) -> Iterator[list[str]]:
    """The line breaks before a statement that begins so is sent; gives that statement."""
    cuts: list[str] = []

    def cut(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(beginning) and not cuts:
            cuts.append(sql)
            cut_the_line()
        return execute(sql, *rest)

    with connection.execute_wrapper(cut):
        yield cuts


@pytest.fixture
def server() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no line that could break: a file answers at once")


def made(doing: Callable[[], object]) -> DatabaseError:
    with pytest.raises(DatabaseError) as found:
        doing()
    connection.close()
    return found.value


def test_a_line_that_breaks_while_it_is_committed_is_uncertain(server: None) -> None:
    def doing() -> None:
        with transaction.atomic():
            User.objects.create_user("kim@norrvik.example")
            cut_the_line()

    error = made(doing)
    assert isinstance(error, OperationalError)
    assert commits.is_uncertain(error)


def test_a_line_that_breaks_before_is_certain(server: None) -> None:
    def doing() -> None:
        with transaction.atomic():
            cut_the_line()
            User.objects.create_user("kim@norrvik.example")

    assert not commits.is_uncertain(made(doing))


def test_what_the_database_itself_refuses_is_certain() -> None:
    User.objects.create_user("kim@norrvik.example")
    error = made(lambda: User.objects.create_user("kim@norrvik.example"))
    assert isinstance(error, IntegrityError)
    assert not commits.is_uncertain(error)
    assert not commits.is_uncertain(ValueError("no database"))


def test_whoever_sends_the_form_in_that_moment_is_told_so_and_their_words_are_taken_once(
    server: None,
) -> None:
    town()
    client = Client()
    form = re.search(r'name="form" value="([^"]+)"', client.get("/skriv").content.decode())
    assert form
    fields = {"form": form[1], "text": "Lampan är trasig.", "answer_by": "here"}
    with cut_after(LAST) as cuts:
        answer = client.post("/skriv", fields)
    connection.close()
    assert cuts, "nothing is held back any more: find the last statement before the commit"
    assert answer.status_code == 503
    assert "så vi vet inte" in answer.content.decode()
    assert "Lampan är trasig." in answer.content.decode()
    again = client.post("/skriv", fields)
    assert again.status_code == 303
    assert client.post("/skriv", fields)["Location"] == again["Location"]
    assert Envelope.objects.count() == 1


def test_a_page_that_breaks_while_it_says_so_does_not_say_that_nothing_was_sent(server: None) -> None:
    town()
    anna = written(Client())
    fields = {"form": form_id(), "token": anna.token, "text": "Och trottoaren?", "website": ""}
    client = Client(raise_request_exception=False)
    with cut_after(LAST, for_good=True) as cuts:
        answer = client.post(f"/samtal/{anna.token}", fields)
    connection.close()
    page = answer.content.decode()
    assert cuts
    assert answer.status_code == 503
    assert "Vi vet inte om det kom fram" in page
    assert "nget skickades" not in page
    assert "Och trottoaren?" in page
    for _ in range(2):
        assert client.post(f"/samtal/{anna.token}", fields).status_code == 303
    assert Envelope.objects.count() == 2


def test_words_that_are_kept_are_not_said_to_be_lost_because_no_worker_could_be_woken(server: None) -> None:
    town()
    anna = written(Client())
    fields = {"form": form_id(), "token": anna.token, "text": "Och trottoaren?", "website": ""}
    with cut_before("NOTIFY") as cuts:
        answer = Client().post(f"/samtal/{anna.token}", fields)
    connection.close()
    assert cuts
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/samtal/{anna.token}?ny=snart")
    assert Envelope.objects.count() == 2


def test_a_press_that_may_be_counted_is_not_said_to_be_lost(server: None) -> None:
    exchange = stage.make().exchange
    with cut_after("INSERT INTO publishing_verdicts") as cuts:
        answer = Client().post(f"/fragor/{exchange.number}/omdome", {"verdict": "yes"})
    connection.close()
    assert cuts
    assert answer.status_code == 503
    assert "så ingen vet om ditt tryck är med" in answer.content.decode()
    assert "inget räknades" not in answer.content.decode()


def test_what_follows_a_commit_and_breaks_leaves_it_committed() -> None:
    def breaks() -> None:
        raise OSError("the disk is full")

    def doing() -> None:
        with transaction.atomic():
            User.objects.create_user("kim@norrvik.example")
            transaction.on_commit(breaks)

    with pytest.raises(OSError, match="full") as found:
        doing()
    assert commits.is_uncertain(found.value)
    assert User.objects.filter(email="kim@norrvik.example").exists()
