"""The full-text index over messages: one line of stems and of marks for each, FTS5 on SQLite, GIN on PostgreSQL.

A mark is a word that no text can hold ("=f12": function 12): who may see is found as fast as what was said.
Neighbours: writing and outgoing put messages in; search asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import DatabaseError, connection

from gensvar.core.statements import Statement, run

NEWEST: Final = 20_000  # messages that PostgreSQL looks through before it asks the whole index

Asked = str | tuple[str, ...]  # a stem, or several of which one is enough


def marks_of(function_id: int | None, people: Iterable[int], channel: str) -> list[str]:
    """The marks of a message: its conversation's function, the persons who may see it in person, its channel."""
    marks = [f"=c{channel}"]
    if function_id is not None:
        marks.append(f"=f{function_id}")
    return marks + [f"=p{person}" for person in sorted(set(people))]


def add(message_id: int, stems: Sequence[str], marks: Sequence[str]) -> None:
    """Put one message into the index, in the caller's transaction."""
    run(adding(message_id, stems, marks))


def adding(message_id: int, stems: Sequence[str], marks: Sequence[str]) -> Statement:
    """The statement of `add`."""
    if connection.vendor == "sqlite":
        words = " ".join((*stems, *marks))
        return "INSERT INTO conversations_search (rowid, words) VALUES (%s, %s)", [message_id, words]
    sql = "INSERT INTO conversations_search (message_id, words) VALUES (%s, array_to_tsvector(%s))"
    return sql, [message_id, [*stems, *marks]]


def remove(message_id: int) -> None:
    """Take one message out of the index."""
    column = "rowid" if connection.vendor == "sqlite" else "message_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM conversations_search WHERE {column} = %s", [message_id])


def remove_between(first: int, last: int) -> None:
    """Take out whatever has an id from the first to the last of these."""
    column = "rowid" if connection.vendor == "sqlite" else "message_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM conversations_search WHERE {column} >= %s AND {column} <= %s", [first, last]
        )


def words_of(ids: Sequence[int]) -> dict[int, set[str]]:
    """The stems under which each of these messages can be found, without its marks; those that cannot be are left out."""
    if not ids:
        return {}
    places = ", ".join(["%s"] * len(ids))
    if connection.vendor == "sqlite":
        sql = f"SELECT rowid, words FROM conversations_search WHERE rowid IN ({places})"
    else:
        sql = f"SELECT message_id, tsvector_to_array(words) FROM conversations_search WHERE message_id IN ({places})"
    with connection.cursor() as cursor:
        cursor.execute(sql, list(ids))
        rows = cursor.fetchall()
    listed = ((pk, words.split() if isinstance(words, str) else words) for pk, words in rows)
    return {pk: {word for word in words if not word.startswith("=")} for pk, words in listed}


def mark_anew(conversation_id: int, marks: Sequence[str]) -> None:
    """Give all messages of a conversation these marks instead of those that they had."""
    of_it = "(SELECT id FROM conversations_message WHERE conversation_id = %s)"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "UPDATE conversations_search SET words = substr(words, 1, instr(words || ' =', ' =') - 1) || %s"
                f" WHERE rowid IN {of_it}",
                ["".join(f" {mark}" for mark in marks), conversation_id],
            )
        else:
            cursor.execute(
                "UPDATE conversations_search SET words = ts_delete(words, ARRAY(SELECT word FROM"
                " unnest(tsvector_to_array(words)) AS word WHERE word LIKE '=%%')) || array_to_tsvector(%s)"
                f" WHERE message_id IN {of_it}",
                [list(marks), conversation_id],
            )


def newest(
    stems: Sequence[Asked], any_of: Sequence[str], all_of: Sequence[str], *, below: int | None, limit: int
) -> list[int]:
    """Ids of messages that hold all the stems (one of several, where they are given together), newest first.

    They hold all the `all_of` marks too and, if given, one of the `any_of` marks.

    `below`: only ids smaller than that. At most `limit`.
    """
    if not stems or limit < 1:
        return []
    if connection.vendor == "sqlite":
        return _newest_sqlite(_sqlite_query(stems, any_of, all_of), below, limit)
    return _newest_postgresql(_postgresql_query(stems, any_of, all_of), below, limit)


def among(
    ids: Sequence[int], stems: Sequence[Asked], any_of: Sequence[str], all_of: Sequence[str]
) -> set[int]:
    """Those of these messages that the same question would find."""
    if not ids or not stems:
        return set()
    marks = ", ".join(["%s"] * len(ids))
    if connection.vendor == "sqlite":
        sql = f"SELECT rowid FROM conversations_search WHERE conversations_search MATCH %s AND rowid IN ({marks})"
        query = _sqlite_query(stems, any_of, all_of)
    else:
        sql = f"SELECT message_id FROM conversations_search WHERE words @@ %s::tsquery AND message_id IN ({marks})"
        query = _postgresql_query(stems, any_of, all_of)
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, *ids])
        return {row[0] for row in cursor.fetchall()}


def _sqlite_query(stems: Sequence[Asked], any_of: Sequence[str], all_of: Sequence[str]) -> str:
    wanted: list[Asked] = [*stems, *all_of, *([tuple(any_of)] if any_of else [])]
    return " AND ".join("(" + " OR ".join(_quoted(word, '"') for word in _each(one)) + ")" for one in wanted)


def _postgresql_query(stems: Sequence[Asked], any_of: Sequence[str], all_of: Sequence[str]) -> str:
    wanted: list[Asked] = [*stems, *all_of, *([tuple(any_of)] if any_of else [])]
    quoted = ((_quoted(word.replace("\\", ""), "'") for word in _each(one)) for one in wanted)
    return " & ".join("(" + " | ".join(one) + ")" for one in quoted)


def _each(asked: Asked) -> tuple[str, ...]:
    return (asked,) if isinstance(asked, str) else asked


def _quoted(word: str, mark: str) -> str:
    return mark + word.replace(mark, mark * 2) + mark


def _newest_sqlite(query: str, below: int | None, limit: int) -> list[int]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid FROM conversations_search WHERE conversations_search MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",
                [query, below or 2**62, limit],
            )
            return [row[0] for row in cursor.fetchall()]
    except DatabaseError as error:
        if "phrase queries" in str(
            error
        ):  # a letter that SQLite's older Unicode does not know splits a word in two
            return []
        raise


def _newest_postgresql(query: str, below: int | None, limit: int) -> list[int]:
    """First among the newest, where most questions are answered; then the whole index, but not by the primary key."""
    ceiling = below or 2**62
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(message_id) FROM conversations_search WHERE message_id < %s", [ceiling])
        top = cursor.fetchone()[0]
        if top is None:
            return []
        floor = top - NEWEST
        cursor.execute(
            "SELECT message_id FROM conversations_search WHERE message_id > %s AND message_id < %s"
            " AND words @@ %s::tsquery ORDER BY message_id DESC LIMIT %s",
            [floor, ceiling, query, limit],
        )
        found = [row[0] for row in cursor.fetchall()]
        if len(found) >= limit or floor <= 0:
            return found
        cursor.execute(
            "WITH hits AS MATERIALIZED (SELECT message_id FROM conversations_search WHERE words @@ %s::tsquery)"
            " SELECT message_id FROM hits WHERE message_id <= %s ORDER BY message_id DESC LIMIT %s",
            [query, floor, limit - len(found)],
        )
        return found + [row[0] for row in cursor.fetchall()]
