"""Which tables a statement reads."""

from __future__ import annotations

import pytest

from gensvar.core.reads import tables_of


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        (
            'SELECT "a"."id" FROM "a" INNER JOIN "b" ON (a.id = b.id) LEFT OUTER JOIN "C" x ON 1',
            {"a", "b", "c"},
        ),
        ("SELECT (SELECT 1 FROM b WHERE b.x = a.x), MAX(y) AS (z) FROM a", {"a", "b"}),
        (
            "WITH one AS (SELECT 1 FROM a), two (x, y) AS (SELECT 2 FROM b) SELECT * FROM one JOIN two",
            {"a", "b"},
        ),
        (
            ' \nwith recursive "Line" (one) as (select id from a union select x from line) select 1 from LINE',
            {"a"},
        ),
        ("SELECT 1 FROM one WHERE x IN (%s, %s)", {"one"}),
    ],
)
def test_what_a_statement_defines_itself_is_no_table(sql: str, tables: set[str]) -> None:
    assert tables_of(sql) == tables
