"""From one copy of everything (every table, the outbox's mails, the logs) no answer can be tied to a person.

The same survey is run twice; the second time two persons have changed answers. If anything in a copy told whose an answer is, the
two copies would differ. They do not, but for what is made by chance: ids, keys, ciphertexts, and times.
"""

from __future__ import annotations

import itertools
import json
import logging
import re
import uuid
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateField, DateTimeField
from django.test import Client, override_settings

from gensvar.answers.tests.scene import send_waiting
from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.tests import factories as places
from gensvar.core import tokens
from gensvar.learning.surveys import answering, checking, sealing, services
from gensvar.learning.surveys.inviting import PURPOSE
from gensvar.learning.surveys.models import FreeText, Invitation, SealedAnswer, Survey, Tally
from gensvar.learning.surveys.sealing import Given
from gensvar.learning.tests.leading import ANSWERS, House, answer, path
from gensvar.people.tests import factories as people
from gensvar.square.logs import HideKeys

WORDS: Final = [str(given[key]) for given in ANSWERS for key in ("keep", "change") if key in given]
Copy = dict[str, list[str]]


class Kept(logging.Handler):
    """Every line of every logger, as the log of the server keeps it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.addFilter(HideKeys())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != "mail.log":  # the other mail server, which this test runs itself
            self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server


def copied(sink: Sink, kept: Kept) -> Copy:
    """Every row of every table in the order in which the database gives them, every mail that left, every line of the log."""
    found: Copy = {"the log": list(kept.lines)}
    found["mails"] = sorted(
        f"{taken.recipients} {taken.mail['Subject']}\n{taken.text}" for taken in sink.taken
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            found[table] = [
                json.dumps(
                    dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False, sort_keys=True
                )
                for row in cursor.fetchall()
            ]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return f"{len(bytes(value))} bytes"
    return value if isinstance(value, int | float | bool | type(None)) else str(value)


_CHANCE: Final = (
    (re.compile(r"/(?:en/)?ledarskap/[a-z2-7]{36}"), "/ledarskap/TOKEN"),
    (re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"), "ID"),
    (re.compile(r"\b[a-z2-7]{36}\b"), "TOKEN"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "DIGEST"),
    (re.compile(r"\b[0-9a-f]{20}\b"), "KEY"),
    (re.compile(r"pbkdf2_\S+?(?=\")|md5\$\S+?(?=\")"), "PASSWORD"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[+Z]\S{0,5})?"), "TIME"),
    (re.compile(r"\w{3}, \d\d? \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"), "TIME"),
    (re.compile(r'"code": "[^"]+"'), "CODE"),
    (re.compile(r"[0-9]+ bytes"), "BYTES"),
)


def by_chance_alike(found: Copy) -> Copy:
    """The copy with what is made by chance taken out; of what is sealed that leaves the length.

    Rows are sorted: where those lie that were made of answers is a test of its own below.
    """
    alike = {}
    for name, rows in found.items():
        told = rows
        if name == "learning_invitation":  # numbered in the order of their keys, which are random
            told = [re.sub(r'"id": [0-9]+', '"id": N', row) for row in told]
        for pattern, instead in _CHANCE if name != "learning_sealedanswer" else _CHANCE[:-1]:
            told = [pattern.sub(instead, row) for row in told]
        alike[name] = told if name in ("the log", "mails") else sorted(told)
    return alike


def run(client: Client, sink: Sink, kept: Kept, order: tuple[int, ...]) -> list[Copy]:
    """A whole survey, in which the nth person gives the answer `order[n]`; copies while it is open, closed, and published."""
    house, copies = House(), []
    survey = house.opened()
    send_waiting()
    for number, person in enumerate(house.led[:5]):
        given = ANSWERS[order[number]]
        sent = client.post(path(survey, person), {f"q-{key}": str(value) for key, value in given.items()})
        assert sent.status_code == 303
        copies.append(copied(sink, kept))
    services.close(survey, by=house.by)
    copies.append(copied(sink, kept))
    for text in survey.texts.order_by("words"):
        checking.release(text, checking.proposed(text, checking.names_in(survey)), by=house.by)
    services.publish(survey, by=house.by)
    send_waiting()
    copies.append(copied(sink, kept))
    return copies


def differing(
    client: Client, sink: Sink, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> set[tuple[int, str]]:
    """Run it twice, two pairs of persons having changed answers; by stage, the tables in which the copies differ."""
    found, sequences = [], _sequences()
    for order in ((0, 1, 2, 3, 4), (4, 1, 3, 2, 0)):
        sink.taken.clear()
        kept.lines.clear()
        _count_from_the_same(monkeypatch)
        with transaction.atomic():
            found.append([by_chance_alike(copy) for copy in run(client, sink, kept, order)])
            transaction.set_rollback(True)
        _set_back(sequences)
    return {
        (stage, name)
        for stage, (one, other) in enumerate(zip(*found, strict=True))
        for name in one.keys() | other.keys()
        if one.get(name) != other.get(name)
    }


@pytest.mark.django_db
def test_two_persons_who_change_answers_change_nothing_in_any_copy(
    client: Client, sink: Sink, kept: Kept, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GENSVAR_MAIL_OUT = sink.url
    assert differing(client, sink, kept, monkeypatch) == set()


@pytest.mark.django_db
def test_the_comparison_would_see_answers_that_are_not_sealed(
    client: Client, sink: Sink, kept: Kept, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GENSVAR_MAIL_OUT = sink.url
    monkeypatch.setattr(sealing, "seal", lambda given, survey, size: json.dumps(given).ljust(size).encode())
    monkeypatch.setattr(sealing, "unseal", lambda sealed, survey: json.loads(sealed))
    table = "learning_sealedanswer"
    assert differing(client, sink, kept, monkeypatch) == {(0, table), (1, table), (2, table), (3, table)}


def _count_from_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up people and places are numbered; both runs begin alike."""
    monkeypatch.setattr(people, "_numbers", itertools.count(70_000))
    monkeypatch.setattr(places, "_numbers", itertools.count(70_000))


def _sequences() -> list[tuple[str, int | None]]:
    """Where PostgreSQL's numbers stand, which no rollback takes back; SQLite's are rows like others."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
        )
        return list(cursor.fetchall())


def _set_back(sequences: list[tuple[str, int | None]]) -> None:
    with connection.cursor() as cursor:
        for name, last in sequences:
            cursor.execute("SELECT setval(%s, %s, %s)", [f'"{name}"', last or 1, last is not None])


@pytest.mark.django_db
def test_no_word_of_an_answer_stands_anywhere_before_all_are_opened(
    client: Client, sink: Sink, kept: Kept, settings: Any
) -> None:
    settings.GENSVAR_MAIL_OUT = sink.url
    *open_, opened, _published = run(client, sink, kept, (0, 1, 2, 3, 4))
    for copy in open_:
        everything = "\n".join("\n".join(rows) for rows in copy.values())
        for word in WORDS:
            assert word not in everything
            assert json.dumps(word)[1:-1] not in everything
    texts = [json.loads(row)["words"] for row in opened["learning_freetext"]]
    assert sorted(texts) == sorted(WORDS)


@pytest.mark.django_db
def test_the_log_names_no_link_and_nobody(client: Client, sink: Sink, kept: Kept, settings: Any) -> None:
    settings.GENSVAR_MAIL_OUT = sink.url
    run(client, sink, kept, (0, 1, 2, 3, 4))
    logging.getLogger("web").info('192.0.2.7 "POST %s" 303', f"/ledarskap/{'a' * 36}")
    log = "\n".join(kept.lines)
    assert "/ledarskap/…" in log
    assert re.search(r"/ledarskap/[a-z2-7]", log) is None
    for text in WORDS:
        assert text not in log


@pytest.mark.django_db
def test_all_sealed_answers_are_as_long_carry_no_time_and_no_order() -> None:
    house = House()
    survey = house.opened()
    answers: list[Given] = [
        {"direction": 3},
        {"keep": "å" * 1000, "change": "\U0001f600" * 1000},
        {"change": '"\\' * 500},
    ]
    for person, given in zip(house.led, answers, strict=False):
        answer(survey, person, given)
        sealed = list(SealedAnswer.objects.values_list("sealed", flat=True))
        assert len({len(bytes(one)) for one in sealed}) == 1
    opened = [sealing.unseal(bytes(one), survey.pk) for one in sealed]
    assert sorted(map(str, opened)) == sorted(map(str, answers)), "nothing of an answer is lost"
    for model in (SealedAnswer, Tally, FreeText):
        timed = [one.name for one in model._meta.get_fields() if isinstance(one, DateField | DateTimeField)]
        assert timed in ([], ["decided_at"]), "when the coordinator decided, and nothing of who wrote"
        related = {one.related_model for one in model._meta.get_fields() if one.is_relation}
        assert Invitation not in related
        assert apps.get_model("people", "Person") not in related


@pytest.mark.django_db
def test_with_each_answer_all_are_laid_anew_in_an_order_of_chance() -> None:
    """Even with the server's secret, where a row stands says nothing of when it came."""
    house = House()
    survey = house.opened()
    orders = set()
    for person, given in zip(house.led, ANSWERS, strict=False):
        before = set(SealedAnswer.objects.values_list("pk", flat=True))
        answer(survey, person, given)
        after = set(SealedAnswer.objects.values_list("pk", flat=True))
        assert not before & after, "every row is a new one, of the same transaction"
    for _ in range(12):
        Invitation.objects.filter(person=house.led[5]).update(answered=False)
        answer(survey, house.led[5], {"direction": 3})
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM learning_sealedanswer")
            rows = [sealing.unseal(bytes(row[0]), survey.pk) for row in cursor.fetchall()]
        orders.add(tuple(map(str, rows))[:3])
    assert len(orders) > 6


@pytest.mark.django_db
def test_what_is_opened_is_stored_in_the_order_of_random_ids_and_joins_no_two_texts() -> None:
    house = House()
    survey = house.opened()
    for number, person in enumerate(house.led):
        answer(survey, person, {"keep": f"Behåll {number}", "change": f"Ändra {number}"})
    services.close(survey, by=house.by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, words FROM learning_freetext")
        rows = cursor.fetchall()
    ids = [str(row[0]).replace("-", "") for row in rows]
    assert ids == sorted(ids)
    assert all(uuid.UUID(one).version == 4 for one in ids)
    columns = {one.column for one in FreeText._meta.concrete_fields}
    assert columns == {
        *("id", "survey_id", "question_id", "words", "shown", "state", "reason", "decided_at"),
        "decided_by_id",
    }


@pytest.mark.django_db
def test_a_former_secret_still_opens_and_an_unknown_one_opens_nothing_and_loses_nothing() -> None:
    house = House()
    survey = house.opened()
    for person, given in zip(house.led, ANSWERS, strict=False):
        answer(survey, person, given)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]):
        assert not services.close(survey, by=house.by)
        survey.refresh_from_db()
        assert survey.state == Survey.State.CLOSED
        assert SealedAnswer.objects.count() == 5
        with pytest.raises(Exception, match="GENSVAR_SECRET_KEY_FALLBACKS"):
            services.open_answers(survey, by=house.by)
    former = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[former]):
        services.open_answers(survey, by=house.by)
    survey.refresh_from_db()
    assert (survey.state, survey.answered) == (Survey.State.OPENED, 5)


@pytest.mark.django_db
def test_a_sealed_answer_opens_for_its_own_survey_alone() -> None:
    sealed = sealing.seal({"direction": 3}, 7, 4000)
    assert sealing.unseal(sealed, 7) == {"direction": 3}
    with pytest.raises(sealing.Unopenable):
        sealing.unseal(sealed, 8)
    with pytest.raises(sealing.Unopenable):
        sealing.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), 7)
    with pytest.raises(ValueError, match="longer"):
        sealing.seal({"keep": "x" * 5000}, 7, 4000)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting of SQLite")
def test_what_is_deleted_is_overwritten_in_the_file() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_the_database_keeps_no_link() -> None:
    """What lies in an invitation's row is a key; the link carries its HMAC under the server's secret too."""
    house = House()
    survey = house.opened()
    found = Invitation.objects.filter(survey=survey)[0]
    token = tokens.make(PURPOSE, found.key)
    assert answering.find(token) == found
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]):
        assert answering.find(tokens.make(PURPOSE, found.key)) == found
        assert answering.find(token) is None
