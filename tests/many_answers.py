"""A municipality that has answered much, made row by row inside the database: what its statistics are made from.

Tests make a small one, bench/answered.py the whole: 500 persons, 200 contact points, 100 topics, 1,000,000 answers.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db import connection, models

from gensvar.answers.models import Delivery
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Contact, Conversation, Message
from gensvar.core import clock
from gensvar.core.models import Topic, User
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person, Tenure

SLOTS: Final = 60  # of a place, shared by its team: teams of 2 to 6 share them equally
ANSWERS_EACH: Final = 4  # of a conversation, one a day
TEXT: Final = (
    "Hej! Vi kommer och ser efter i morgon, och hör av oss igen när det är lagat. Tack för att du skrev! "
)


@dataclass(frozen=True)
class Size:
    """How much of everything; days are those over which the answers are spread, today the last."""

    persons: int = 500
    points: int = 200
    topics: int = 100
    answers: int = 1_000_000
    days: int = 1095

    @property
    def conversations(self) -> int:
        """Each has a first word of a resident."""
        return self.answers // ANSWERS_EACH


def make(size: Size) -> User:
    """Make all of it; gives somebody who may see the voices. Nothing of it is counted yet."""
    dice = random.Random(2026)
    functions = Function.objects.bulk_create(
        Function(slug=f"enhet-{number}", name=f"Enhet {number}")
        for number in range(max(1, size.persons // 8))
    )
    people, boss = _people(size, functions)
    teams = _teams(people, dice)
    points = ContactPoint.objects.bulk_create(
        ContactPoint(
            channel="email",
            address=f"plats-{number}@norrvik.example",
            name=f"Plats {number:03}",
            function=functions[number % len(functions)],
            state=ContactPoint.State.LIVE,
        )
        for number in range(size.points)
    )
    topics = Topic.objects.bulk_create(
        Topic(slug=f"amne-{number}", name=f"Ämne {number:03}") for number in range(size.topics)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE slot (number integer PRIMARY KEY, point bigint, person bigint, function bigint)"
        )
        rows = []
        for place, point in enumerate(points):
            team = dice.choice(teams)
            rows += [
                (place * SLOTS + at, point.pk, team[at % len(team)].pk, point.function_id)
                for at in range(SLOTS)
            ]
        cursor.executemany("INSERT INTO slot VALUES (%s, %s, %s, %s)", rows)
        cursor.execute("CREATE TEMPORARY TABLE about (number integer PRIMARY KEY, topic bigint)")
        cursor.executemany(
            "INSERT INTO about VALUES (%s, %s)", [(at, one.pk) for at, one in enumerate(topics)]
        )
    _words(size)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE slot")
        cursor.execute("DROP TABLE about")
    return boss


def _people(size: Size, functions: list[Function]) -> tuple[list[Person], User]:
    users = User.objects.bulk_create(
        User(email=f"person-{number}@norrvik.example", password="!") for number in range(size.persons)
    )
    people = Person.objects.bulk_create(
        Person(name=f"Person {number:03}", user=user) for number, user in enumerate(users)
    )
    since = clock.today() - dt.timedelta(days=size.days)
    Tenure.objects.bulk_create(
        Tenure(person=person, function=functions[number % len(functions)], starts=since)
        for number, person in enumerate(people)
    )
    users[0].groups.add(Group.objects.get(name=Role.COORDINATOR))
    return people, users[0]


def _teams(people: list[Person], dice: random.Random) -> list[list[Person]]:
    """Each person is in one team of 2 to 6."""
    found, left = [], list(people)
    while left:
        team, left = left[: (cut := dice.randint(2, 6))], left[cut:]
        found.append(team)
    return found


def _words(size: Size) -> None:
    """Conversations over the days, in the order of their days; each with a first word, answers that left us, and topics."""
    first = clock.begins(clock.today() - dt.timedelta(days=size.days - 1)) + dt.timedelta(hours=8)
    slot, day = _slot(size), _day(size)
    opened = _later(f"{day} * 1440 + n.i %% 540")
    contact = Contact.objects.create(name="Anna Lind", created_at=first)
    _fill(
        Conversation,
        f"FROM ({_numbers(size.conversations)}) n JOIN slot ON slot.number = {slot}",
        id="n.i + 1",
        number="'bench-' || n.i",
        subject="'Vägen'",
        channel="CASE n.i %% 3 WHEN 0 THEN 'web' ELSE 'email' END",
        contact_point_id="slot.point",
        function_id="slot.function",
        contact_id=str(contact.pk),
        state="'closed'",
        opened_at=opened,
        last_at=_later(f"{day} * 1440 + n.i %% 540 + {60 * ANSWERS_EACH}"),
        answered_at=f"CASE n.i %% 8 WHEN 0 THEN NULL ELSE {_later(f'{day} * 1440 + n.i %% 540 + n.i %% 4000')} END",
        begins=first,
    )
    _answers(size, first, opened)
    for place, every in ((0, 10), (1, 7)):  # one in ten has none, one in seven has two
        _fill(
            Conversation.topics.through,
            f"FROM ({_numbers(size.conversations)}) n JOIN about"
            f" ON about.number = (n.i * 104729 / 64 + {place} * 37) %% {size.topics}"
            f" WHERE n.i %% {every} {'= 1' if place else '> 0'} AND n.i %% 10 > 0",
            id=f"n.i * 2 + {place} + 1",
            conversation_id="n.i + 1",
            topic_id="about.topic",
            begins=first,
        )


def _answers(size: Size, first: dt.datetime, opened: str) -> None:
    """A resident's first word in each conversation, and our answers, one an hour, which left us."""
    slot, day = _slot(size), _day(size)
    each = f"FROM ({_numbers(size.conversations)}) n JOIN ({_numbers(ANSWERS_EACH + 1)}) w ON 1 = 1"
    number = f"n.i * {ANSWERS_EACH + 1} + w.i"
    writer = f"JOIN slot ON slot.number = (n.i * 7919 + w.i * 31) %% {SLOTS} + {slot} / {SLOTS} * {SLOTS}"
    _fill(
        Message,
        f"{each} {writer}",
        id=f"{number} + 1",
        conversation_id="n.i + 1",
        direction="CASE w.i WHEN 0 THEN 'in' ELSE 'out' END",
        author="CASE w.i WHEN 0 THEN 'resident' ELSE 'staff' END",
        channel="CASE n.i %% 3 WHEN 0 THEN 'web' ELSE 'email' END",
        person_id="CASE w.i WHEN 0 THEN NULL ELSE slot.person END",
        function_id="CASE w.i WHEN 0 THEN NULL ELSE slot.function END",
        at=_later(f"{day} * 1440 + n.i %% 540 + w.i * 60"),
        text=f"'{TEXT * 3}'",
        begins=first,
    )
    _fill(
        Delivery,
        f"{each} WHERE w.i > 0",
        id=f"{number} + 1",
        kind="'answer'",
        conversation_id="n.i + 1",
        message_id=f"{number} + 1",
        channel="'email'",
        message_identifier=f"'<' || ({number}) || '@bench.example>'",
        key=f"'bench-' || ({number})",
        state="'sent'",
        created_at=opened,
        send_after=opened,
        sent_at=opened,
        begins=first,
    )


def _slot(size: Size) -> str:
    """Of whom a conversation is: a prime apart from its neighbour, the same at every run, and in no step with topics."""
    return f"(n.i * 7919 %% {size.points * SLOTS})"


def _day(size: Size) -> str:
    """On which day, from 0, a conversation begins."""
    return f"(n.i * {size.days} / {size.conversations})"


def _numbers(count: int) -> str:
    """From 0, as a table with the column i."""
    if connection.vendor == "postgresql":
        return f"SELECT generate_series(0::bigint, {count - 1}) AS i"
    return f"WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < {count - 1}) SELECT i FROM c"


def _later(minutes: str) -> str:
    """So many minutes after the first day began, as a time of this database."""
    if connection.vendor == "postgresql":
        return f"(%(begins)s::timestamptz + ({minutes}) * interval '1 minute')"
    return f"datetime(%(begins)s, '+' || ({minutes}) || ' minutes')"


def _fill(model: type[models.Model], source: str, *, begins: dt.datetime, **columns: str) -> None:
    """Insert from a query: these columns as said, all others as the model has them of itself."""
    values: dict[str, Any] = {
        "begins": begins if connection.vendor == "postgresql" else f"{begins.astimezone(dt.UTC):%F %T}"
    }
    said = []
    for field in model._meta.concrete_fields:
        assert field.column is not None
        if field.column in columns:
            said.append(columns[field.column])
            continue
        default = field.get_db_prep_save(field.get_default(), connection)
        if default is None and not field.null:
            default = 0 if "size" in field.column else ""
        values[field.column] = default
        said.append(f"%({field.column})s")
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(said)} {source}", values
        )
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), (SELECT max(id) FROM {model._meta.db_table}))"
            )
