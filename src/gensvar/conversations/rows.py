"""Writes one row in one statement: the reading of mail must not pay for what the ORM does beside that.

Neighbours: writing and outgoing use it; models says what the columns are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from django.db import connection, models

from gensvar.core import statements
from gensvar.core.statements import Statement

_Step = tuple[str, "models.Field[Any, Any] | None", Callable[[], Any]]  # only Wagtail lets it be subscripted
_AS_IT_IS: Final = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,
)


@functools.cache
def _insert_of(model: type[models.Model]) -> tuple[str, tuple[_Step, ...]]:
    """The statement, and for each column its name, the field if its values must be translated, and its default."""
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    steps = tuple(
        (field.attname, None if isinstance(field, _AS_IT_IS) else field, field.get_default)
        for field in fields
    )
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})", steps


def insert(model: type[models.Model], on_conflict: str = "", /, **values: Any) -> int | None:
    """Write one row; columns are named by attribute ("contact_id"), those not named get their defaults.

    Gives the new id, or None where `on_conflict` ("ON CONFLICT (…) DO NOTHING") let nothing be written.
    """
    sql, steps = _insert_of(model)
    with statements.cursor() as cursor:
        cursor.execute(f"{sql} {on_conflict} RETURNING id", _prepared(model, steps, values))
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _prepared(model: type[models.Model], steps: tuple[_Step, ...], values: dict[str, Any]) -> list[Any]:
    prepared = []
    for name, field, default in steps:
        value = values.pop(name) if name in values else default()
        prepared.append(value if field is None else field.get_db_prep_save(value, connection))
    if values:
        raise TypeError(f"{model.__name__} has no column {', '.join(values)}.")
    return prepared


def inserting(model: type[models.Model], on_conflict: str = "", /, **values: Any) -> Statement:
    """The statement of `insert`, for `run`."""
    sql, steps = _insert_of(model)
    return f"{sql} {on_conflict}", _prepared(model, steps, values)


def insert_new(model: type[models.Model], **values: Any) -> int:
    """Write one row that nothing can conflict with; gives its id."""
    made = insert(model, **values)
    assert made is not None
    return made
