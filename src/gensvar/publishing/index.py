"""The full-text index over what passed the gate: the stems of each public exchange, FTS5 on SQLite, GIN on PostgreSQL.

Only indexing.py writes it and only gate.py reads it: being found here is a hint, the gate still decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.db import DatabaseError, connection
from django.db.models.expressions import RawSQL

MOST_LOOKED_AT: Final = (
    2_000  # exchanges for one stem when likeness is measured: bounds the work for any text
)


def put(exchange_id: int, stems: Sequence[str]) -> None:
    """Let the exchange be found by these stems and no others, in the caller's transaction."""
    remove(exchange_id)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO publishing_search (rowid, words) VALUES (%s, %s)", [exchange_id, " ".join(stems)]
            )
        else:
            cursor.execute(
                "INSERT INTO publishing_search (exchange_id, words) VALUES (%s, array_to_tsvector(%s))",
                [exchange_id, list(stems)],
            )


def remove(exchange_id: int) -> None:
    """Let the exchange be found no more, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM publishing_search WHERE {_key()} = %s", [exchange_id])


def clear() -> None:
    """Empty the index, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM publishing_search")


def holding(asked: Sequence[Sequence[str]]) -> RawSQL:
    """The ids of exchanges that hold one stem of each of these, for `pk__in`; `asked` must not be empty."""
    if connection.vendor == "sqlite":
        quoted = (['"' + stem.replace('"', '""') + '"' for stem in either] for either in asked)
        query = " AND ".join("(" + " OR ".join(either) + ")" for either in quoted)
        return RawSQL("SELECT rowid FROM publishing_search WHERE publishing_search MATCH %s", [query])
    quoted = (["'" + stem.replace("\\", "").replace("'", "''") + "'" for stem in either] for either in asked)
    query = " & ".join("(" + " | ".join(either) + ")" for either in quoted)
    return RawSQL("SELECT exchange_id FROM publishing_search WHERE words @@ %s::tsquery", [query])


def frequencies(stems: Sequence[str]) -> dict[str, int]:
    """In how many exchanges each of these stems stands, counted up to MOST_LOOKED_AT; in one statement."""
    if connection.vendor == "sqlite":
        sql = (
            "SELECT value, (SELECT count(*) FROM (SELECT 1 FROM publishing_search"
            " WHERE publishing_search MATCH '\"' || value || '\"' LIMIT %s)) FROM json_each(%s)"
        )
        rows = _asked(sql, [MOST_LOOKED_AT, json.dumps(list(stems))])
    else:
        sql = (
            "SELECT stem, (SELECT count(*) FROM (SELECT 1 FROM publishing_search"
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


def _key() -> str:
    return "rowid" if connection.vendor == "sqlite" else "exchange_id"


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
