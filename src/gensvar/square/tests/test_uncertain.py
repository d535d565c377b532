"""Whether a change was made is certain, but for one moment: the line to the server breaks while it commits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import Client

from gensvar.core import commits
from gensvar.core.models import User
from gensvar.intake.models import Envelope
from gensvar.square.tests.scene import town

pytestmark = pytest.mark.django_db(transaction=True)
LAST = 'UPDATE "core_event" SET "run_at"'  # before the words are committed (runner.hold_back)


def cut_the_line() -> None:
    """End our own connection from another one, as a lost server does."""
    settings = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
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
    cuts: list[str] = []

    def cut(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if sql.startswith(LAST) and not cuts:
            cuts.append(sql)
            cut_the_line()
        return answer

    with connection.execute_wrapper(cut):
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
