"""Copies a whole database out and in: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final, Protocol

from django.db import DatabaseError, connection, transaction

from gensvar.config.archive import ArchiveError
from gensvar.config.language import gettext as _
from gensvar.config.language import ngettext

OPTIONS: Final = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def is_damaged(error: Exception) -> bool:
    """Whether SQLite says that its file is broken, or none of its own: it says so by the bare class, all else by one below."""
    return type(error) in {DatabaseError, sqlite3.DatabaseError}


class Engine(Protocol):
    """What each of the two can do. `member` is the copy's name in the archive."""

    name: str
    member: str

    def copy_out(self, to: Path) -> dict[str, int]:
        """Write a consistent copy, whatever goes on meanwhile; returns the number of rows of each table in it."""
        ...

    def is_empty(self) -> bool:
        """Whether there is nothing that a restore could overwrite."""
        ...

    def set_aside(self, name: str) -> str:
        """Put what is there out of the way under that name; returns where it went, in words."""
        ...

    def copy_in(self, copy: Path) -> None:
        """Fill the empty database. Raises ArchiveError, and then it is still empty."""
        ...


def engine() -> Engine:
    """The one that DATABASE_URL chose."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


def count_rows() -> dict[str, int]:
    """The number of rows of each table that Django's connection sees."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = int(cursor.fetchone()[0])
    return counts


class Sqlite:
    """One file with its write-ahead log."""

    name = "sqlite"
    member = "database.sqlite3"

    @property
    def path(self) -> Path:
        """Where the database lies."""
        return Path(connection.settings_dict["NAME"])

    def copy_out(self, to: Path) -> dict[str, int]:
        """Copy in one read transaction: writers go on, and the copy is of one moment."""
        with closing(sqlite3.connect(self.path, timeout=60)) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            tables = [
                row[0]
                for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            ]
            known = [table for table in tables if table in set(connection.introspection.table_names())]
            return {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in known}

    def is_empty(self) -> bool:
        """No file, or one without tables. One that is broken is not empty: it can be set aside for a backup."""
        try:
            return not self.path.exists() or not connection.introspection.table_names()
        except DatabaseError:
            return False

    def set_aside(self, name: str) -> str:
        """Move the file, with its log, into a folder beside it."""
        connection.close()
        folder = self.path.with_name(name)
        folder.mkdir(exist_ok=True)
        for path in self.path.parent.glob(f"{self.path.name}*"):
            if path.name in {self.path.name, f"{self.path.name}-wal", f"{self.path.name}-shm"}:
                path.rename(folder / path.name)
        return str(folder)

    def copy_in(self, copy: Path) -> None:
        """Put the copy in its place; whole, since it is one rename."""
        connection.close()
        try:
            with closing(sqlite3.connect(copy)) as checked:
                said = checked.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.DatabaseError as error:  # so broken that it cannot be asked
            said = str(error)
        if said != "ok":
            raise ArchiveError(_("The database in the archive is broken ({said}).").format(said=said))
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.restoring")
        shutil.move(copy, beside)
        beside.replace(self.path)


class Postgres:
    """A database on a server, by the server's own tools."""

    name = "postgresql"
    member = "database.pgdump"

    def copy_out(self, to: Path) -> dict[str, int]:
        """Dump the very snapshot that the rows are counted in."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            _tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=set_aside_*",
                  f"--snapshot={snapshot}", f"--file={to}")  # fmt: skip
            return count_rows()

    def is_empty(self) -> bool:
        """No tables in the schema that ours go into."""
        return not connection.introspection.table_names()

    def set_aside(self, name: str) -> str:
        """Rename the schema."""
        schema = name.replace("-", "_").lower()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"  # the server's own, as its vacuum, come and go, and nobody can stop them
            )
            if others := cursor.fetchone()[0]:
                raise ArchiveError(
                    ngettext(
                        "One other is connected to this database. Stop it first. Nothing was changed.",
                        "{others} others are connected to this database. Stop them first. Nothing was changed.",
                        others,
                    ).format(others=others)
                )
            cursor.execute(f"ALTER SCHEMA public RENAME TO {schema}")
            cursor.execute("CREATE SCHEMA public")
        return _("the schema {schema} of this database").format(schema=schema)

    def copy_in(self, copy: Path) -> None:
        """Restore in one transaction: all or nothing."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS public")
        database = connection.settings_dict["NAME"]
        _tool("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
              f"--dbname={database}", str(copy))  # fmt: skip


def _tool(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools; the password goes by the environment, where no list of processes shows it."""
    found = shutil.which(name)
    if found is None:
        raise ArchiveError(
            _(
                "{name} was not found. Install PostgreSQL's client tools of the server's version or newer "
                "(Debian and Ubuntu: postgresql-client; Fedora: postgresql)."
            ).format(name=name)
        )
    done = subprocess.run(
        [found, *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ArchiveError(_("{name} said: {said}").format(name=name, said=done.stderr.strip()))


def _environment() -> dict[str, str]:
    said = connection.settings_dict
    named = {
        "PGDATABASE": "NAME",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGHOST": "HOST",
        "PGPORT": "PORT",
    }
    environment = dict(os.environ)
    environment |= {name: str(said[key]) for name, key in named.items() if said.get(key)}
    environment |= {
        OPTIONS[key]: str(value) for key, value in said.get("OPTIONS", {}).items() if key in OPTIONS
    }
    return environment
