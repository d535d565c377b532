"""Migrations in less time: Django draws up every model that it knows again and again.

Neighbours: the first migration of each room, of which a new database runs them all; config.preparing, and the tests' databases.
"""

from __future__ import annotations

import functools
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


@contextmanager
def looking_less() -> Iterator[None]:
    """Run migrations inside the block: a third of their time went to two things that need no looking at each time.

    Which model a setting swaps is fixed once Django is set up, but each model that is drawn up makes it forget the answer. And
    what was drawn up is garbage at last, not as often as Python looks for it.
    """
    often = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    vars(apps)["get_swappable_settings_name"] = functools.cache(apps.get_swappable_settings_name)
    try:
        yield
    finally:
        del vars(apps)["get_swappable_settings_name"]
        gc.set_threshold(*often)


class CreateModels(Operation):
    """Make the tables of several new models in one step, which may refer to each other in any order.

    All are known before the first table is made, so that the models are drawn up once. Foreign keys between them hold
    all the same: SQLite asks for a table at its first row, and PostgreSQL gets its constraints at the migration's end.
    """

    def __init__(self, operations: Sequence[CreateModel]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.operations)} models"
