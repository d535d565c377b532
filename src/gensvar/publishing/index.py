"""The full-text indexes over what passed the gates: the stems of each public exchange, each post, and each position.

FTS5 on SQLite, GIN on PostgreSQL. Only indexing.py, posts.telling and positions.telling write them and only the gates and
spelling read them: being found here is a hint, the gate still decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.models.expressions import RawSQL

MOST_LOOKED_AT: Final = 2_000  # rows for one stem when likeness is measured: bounds the work for any text


@dataclass(frozen=True, slots=True)
class Table:
    """One index: its table, and its column of ids on PostgreSQL."""

    name: str
    column: str

    @property
    def key(self) -> str:
        """The column of ids here."""
        return "rowid" if connection.vendor == "sqlite" else self.column


EXCHANGES: Final = Table("publishing_search", "exchange_id")
POSITIONS: Final = Table("publishing_search_positions", "position_id")
POSTS: Final = Table("publishing_search_posts", "post_id")


def put(row_id: int, stems: Sequence[str], table: Table = EXCHANGES) -> None:
    """Let the row be found by these stems and no others, in the caller's transaction."""
    remove(row_id, table)
    sqlite = connection.vendor == "sqlite"
    value = "%s" if sqlite else "array_to_tsvector(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table.name} ({table.key}, words) VALUES (%s, {value})",
            [row_id, " ".join(stems) if sqlite else list(stems)],
        )


def remove(row_id: int, table: Table = EXCHANGES) -> None:
    """Let the row be found no more, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table.name} WHERE {table.key} = %s", [row_id])


def clear(table: Table = EXCHANGES) -> None:
    """Empty the index, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table.name}")


def holding(asked: Sequence[Sequence[str]], table: Table = EXCHANGES) -> RawSQL:
    """The ids of rows that hold one stem of each of these, for `pk__in`; `asked` must not be empty."""
    if connection.vendor == "sqlite":
        quoted = (['"' + stem.replace('"', '""') + '"' for stem in either] for either in asked)
        query = " AND ".join("(" + " OR ".join(either) + ")" for either in quoted)
        return RawSQL(f"SELECT rowid FROM {table.name} WHERE {table.name} MATCH %s", [query])
    quoted = (["'" + stem.replace("\\", "").replace("'", "''") + "'" for stem in either] for either in asked)
    query = " & ".join("(" + " | ".join(either) + ")" for either in quoted)
    return RawSQL(f"SELECT {table.column} FROM {table.name} WHERE words @@ %s::tsquery", [query])


def frequencies(stems: Sequence[str], table: Table = EXCHANGES) -> dict[str, int]:
    """In how many rows each of these stems stands, counted up to MOST_LOOKED_AT; in one statement."""
    if connection.vendor == "sqlite":
        sql = (
            f"SELECT value, (SELECT count(*) FROM (SELECT 1 FROM {table.name}"
            f" WHERE {table.name} MATCH '\"' || value || '\"' LIMIT %s)) FROM json_each(%s)"
        )
        rows = _asked(sql, [MOST_LOOKED_AT, json.dumps(list(stems))])
    else:
        sql = (
            f"SELECT stem, (SELECT count(*) FROM (SELECT 1 FROM {table.name}"
            " WHERE words @@ quote_literal(stem)::tsquery LIMIT %s) AS few) FROM unnest(%s::text[]) AS stem"
        )
        rows = _asked(sql, [MOST_LOOKED_AT, list(stems)])
    return dict(rows)


def places_of(stems: Sequence[str]) -> list[tuple[str, int]]:
    """Each of these stems with each exchange that it stands in; in one statement. For rare ones: see frequencies."""
    if connection.vendor == "sqlite":
        sql = (
            "SELECT asked.value, publishing_search.rowid FROM json_each(%s) AS asked CROSS JOIN publishing_search"
            " WHERE publishing_search MATCH '\"' || asked.value || '\"'"
        )
        return _asked(sql, [json.dumps(list(stems))])
    sql = (
        "SELECT stem, exchange_id FROM unnest(%s::text[]) AS stem CROSS JOIN LATERAL (SELECT exchange_id"
        " FROM publishing_search WHERE words @@ quote_literal(stem)::tsquery) AS found"
    )
    return _asked(sql, [list(stems)])


def unknown_letter(error: DatabaseError) -> bool:
    """Whether SQLite only stumbled on a letter that its older Unicode does not know, which splits a word in two."""
    return "phrase queries" in str(error)


def _asked(sql: str, parameters: list[Any]) -> list[Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())
    except DatabaseError as error:
        if unknown_letter(error):
            return []
        raise
