"""Writes one row in one statement: the reading of mail must not pay for what the ORM does beside that.

Neighbours: writing and outgoing use it; models says what the columns are.
"""

from __future__ import annotations

import functools
from typing import Any

from django.db import connection
from django.db.models import Field, Model


@functools.cache
def _insert_of(model: type[Model]) -> tuple[str, tuple[Field[Any, Any], ...]]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})", fields


def insert(model: type[Model], on_conflict: str = "", /, **values: Any) -> int | None:
    """Write one row; columns are named by attribute ("contact_id"), those not named get their defaults.

    Gives the new id, or None where `on_conflict` ("ON CONFLICT (…) DO NOTHING") let nothing be written.
    """
    sql, fields = _insert_of(model)
    prepared = [
        field.get_db_prep_save(
            values.pop(field.attname) if field.attname in values else field.get_default(), connection
        )
        for field in fields
    ]
    if values:
        raise TypeError(f"{model.__name__} has no column {', '.join(values)}.")
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {on_conflict} RETURNING id", prepared)
        row = cursor.fetchone()
    return int(row[0]) if row else None


def insert_new(model: type[Model], **values: Any) -> int:
    """Write one row that nothing can conflict with; gives its id."""
    made = insert(model, **values)
    assert made is not None
    return made
