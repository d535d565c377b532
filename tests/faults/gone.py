"""The test's own database goes away for real, as a lost server or a lost disk does: nobody can open it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection


@contextmanager
def database_gone() -> Iterator[None]:
    """The database under another name, with nobody connected: every statement fails, until the end."""
    settings = connection.settings_dict
    name = str(settings["NAME"])
    connection.close()
    if connection.vendor == "sqlite":
        away = Path(f"{name}.away")
        os.rename(name, away)
        Path(name).mkdir()  # else SQLite would begin an empty one
        try:
            yield
        finally:
            connection.close()
            Path(name).rmdir()
            os.rename(away, name)
        return
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as keeper:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        keeper.execute(end, [name])
        keeper.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_away"')
        try:
            yield
        finally:
            connection.close()
            keeper.execute(f'ALTER DATABASE "{name}_away" RENAME TO "{name}"')
