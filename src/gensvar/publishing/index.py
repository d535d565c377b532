"""The full-text indexes over what passed the gates: the stems of each public exchange, post and position, and of all else.

FTS5 on SQLite, GIN on PostgreSQL. Only indexing, posts.telling, positions.telling and finding write them and only the gates
and spelling read them: being found here is a hint, the gate still decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.models.expressions import RawSQL

KINDS: Final = 16  # an id of FURTHER is the entry's own times this, and its kind (publishing.entries)
KIND: Final = "\ue001"  # stands before a kind, as a word of its own: a letter that no word holds
MOST_LOOKED_AT: Final = 2_000  # rows for one stem when likeness is measured: bounds the work for any text


@dataclass(frozen=True, slots=True)
class Table:
    """One index: its table, and its column of ids on PostgreSQL; of several kinds in one table, which one (0: all of it)."""

    name: str
    column: str
    kind: int = 0

    @property
    def key(self) -> str:
        """The column of ids here."""
        return "rowid" if connection.vendor == "sqlite" else self.column

    @property
    def own(self) -> str:
        """The ids that the entries have themselves, in SQL."""
        return f"{self.key} / {KINDS}" if self.kind else self.key

    @property
    def words(self) -> tuple[str, ...]:
        """What every row of this kind holds beside its stems: the filter is a word, since a column would be read row by row."""
        return (f"{KIND}{self.kind:x}",) if self.kind else ()

    def row_of(self, entry: int) -> int:
        """The id of that entry here."""
        return entry * KINDS + self.kind if self.kind else entry


EXCHANGES: Final = Table("publishing_search", "exchange_id")
POSITIONS: Final = Table("publishing_search_positions", "position_id")
POSTS: Final = Table("publishing_search_posts", "post_id")
FURTHER: Final = Table("publishing_search_further", "entry_id")


def further(kind: int) -> Table:
    """What FURTHER holds of one kind."""
    return Table(FURTHER.name, FURTHER.column, kind)


def put(row_id: int, stems: Sequence[str], table: Table = EXCHANGES) -> None:
    """Let the row be found by these stems and no others, in the caller's transaction."""
    remove(row_id, table)
    sqlite = connection.vendor == "sqlite"
    value = "%s" if sqlite else "array_to_tsvector(%s)"
    words = [*table.words, *stems]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table.name} ({table.key}, words) VALUES (%s, {value})",
            [table.row_of(row_id), " ".join(words) if sqlite else words],
        )


def has(row_id: int, table: Table = EXCHANGES) -> bool:
    """Whether the row is found by anything: it was seen when it was last put here."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table.name} WHERE {table.key} = %s", [table.row_of(row_id)])
        return cursor.fetchone() is not None


def remove(row_id: int, table: Table = EXCHANGES) -> None:
    """Let the row be found no more, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table.name} WHERE {table.key} = %s", [table.row_of(row_id)])


def clear(table: Table = EXCHANGES) -> None:
    """Empty the index, in the caller's transaction."""
    with connection.cursor() as cursor:
        of_kind = f" WHERE {table.key} %% {KINDS} = %s" if table.kind else ""
        cursor.execute(f"DELETE FROM {table.name}{of_kind}", [table.kind] if table.kind else [])


def holding(asked: Sequence[Sequence[str]], table: Table = EXCHANGES) -> RawSQL:
    """The ids of rows that hold one stem of each of these, for `pk__in`; `asked` must not be empty."""
    asked = [*([one] for one in table.words), *asked]
    if connection.vendor == "sqlite":
        quoted = (['"' + stem.replace('"', '""') + '"' for stem in either] for either in asked)
        query = " AND ".join("(" + " OR ".join(either) + ")" for either in quoted)
        return RawSQL(f"SELECT {table.own} FROM {table.name} WHERE {table.name} MATCH %s", [query])
    quoted = (["'" + stem.replace("\\", "").replace("'", "''") + "'" for stem in either] for either in asked)
    query = " & ".join("(" + " | ".join(either) + ")" for either in quoted)
    return RawSQL(f"SELECT {table.own} FROM {table.name} WHERE words @@ %s::tsquery", [query])


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
