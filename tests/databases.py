"""Migrates a test database once, then copies it: for each test process, after each test that commits, for real processes.

The root conftest hands these stores to the tests. SQLite copies a file, PostgreSQL a template database. Run as a program it
migrates ahead of the tests, on the server of GENSVAR_TEST_DATABASE_URL or for SQLite.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).parent.parent
SHAPING_FILES = ("migrations/*.py", "apps.py", "roles.py")  # what migrate and its signals put into a database
ONE_DAY = 86_400  # seconds after which what an interrupted run left behind is swept away


class Store(Protocol):
    """Where test databases live. A name is a plain word; a URL is what ``DATABASE_URL`` takes."""

    def url(self, name: str) -> str: ...

    def prepare(self, fingerprint: str, migrate: Callable[[str], None]) -> None:
        """Build the template for this fingerprint unless it is there; ``migrate`` is given the URL to fill."""

    def create(self, name: str, of: str = "") -> None:
        """Make the database a fresh copy of the template, or of that other one, whatever it held and whoever was connected."""

    def create_empty(self, name: str) -> None:
        """Make the database without any table; the name must be new."""

    def shared(self, place: Path) -> str:
        """The name of a database that every process of a run finds which is told the same place, a folder of the run."""

    def drop(self, name: str) -> None: ...

    def rows(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        """What a separate connection, which sees only what was committed, reads."""

    def close(self) -> None: ...


def store_for(base_url: str, home: Path) -> Store:
    """PostgreSQL where the URL names such a server (its databases are left alone), else SQLite files in ``home``."""
    if base_url.startswith("postgres"):
        return PostgresStore(base_url)
    return SqliteStore(home)


def fingerprint(installed_apps: list[str]) -> str:
    """A short name for everything that shapes a migrated database: our migrations and the libraries' versions."""
    digest = hashlib.sha256("\n".join(installed_apps).encode())
    for library in ("Django", "wagtail", "django-allauth", "django-taggit", "modelsearch"):
        digest.update(f"{library} {version(library)}".encode())
    source = ROOT / "src" / "gensvar"
    for path in sorted(p for pattern in SHAPING_FILES for p in source.rglob(pattern)):
        digest.update(str(path.relative_to(source)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def migrate(url: str) -> None:
    """Run all migrations in a process of its own, so that the tests' settings and warnings stay out of them."""
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The test database could not be migrated:\n{done.stdout}{done.stderr}")


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Only one of the processes that test at the same time builds the template; the others wait and find it."""
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class SqliteStore:
    """One file a database, in a folder of this process; the template lies in pytest's cache for the next run."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cache = ROOT / ".pytest_cache" / "gensvar"
        self.template = self.cache / "none"

    def path(self, name: str) -> Path:
        return self.home / f"{name}.sqlite3"  # of a shared one the name is its whole path

    def url(self, name: str) -> str:
        return f"sqlite:///{self.path(name)}"

    def prepare(self, fingerprint: str, migrate: Callable[[str], None]) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        self.template = self.cache / f"{fingerprint}.sqlite3"
        with one_at_a_time(self.cache):
            if self.template.exists():
                return
            self._sweep()
            built = self.cache / "building.sqlite3"
            for leftover in self.cache.glob("building.sqlite3*"):
                leftover.unlink()
            migrate(f"sqlite:///{built}")
            with closing(sqlite3.connect(built)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            built.rename(self.template)

    def create(self, name: str, of: str = "") -> None:
        # The backup interface writes by SQLite's own locks, so connections that are still open stay sound.
        source = f"file:{self.path(of)}" if of else f"file:{self.template}?immutable=1"
        with (
            closing(sqlite3.connect(source, uri=True)) as template,
            closing(sqlite3.connect(self.path(name), timeout=30)) as copy,
        ):
            copy.execute("PRAGMA synchronous=OFF")
            template.backup(copy)

    def create_empty(self, name: str) -> None:
        pass  # SQLite makes the file when it is first opened

    def shared(self, place: Path) -> str:
        return str(place / "shared")

    def drop(self, name: str) -> None:
        place = self.path(name)
        for path in place.parent.glob(f"{place.name}*"):
            path.unlink()

    def rows(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path(name), timeout=30)) as connection:
            return connection.execute(sql).fetchall()

    def close(self) -> None:
        pass  # each use opened and closed its own connection

    def _sweep(self) -> None:
        for path in self.cache.glob("*.sqlite3*"):
            if time.time() - path.stat().st_mtime > ONE_DAY:
                path.unlink(missing_ok=True)


class PostgresStore:
    """Databases named ``gensvar_test_*`` on the server of the URL; the role must be allowed to create databases."""

    def __init__(self, base_url: str) -> None:
        self.base = urlsplit(base_url)
        self.template = "gensvar_test_template"

    def url(self, name: str) -> str:
        return urlunsplit(self.base._replace(path=f"/{name}"))

    def prepare(self, fingerprint: str, migrate: Callable[[str], None]) -> None:
        self.template = f"gensvar_test_template_{fingerprint}"
        cache = ROOT / ".pytest_cache" / "gensvar" / "postgresql"  # SQLite's tests need not wait for it
        cache.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(cache):
            if self._server("SELECT 1 FROM pg_database WHERE datname = %s", self.template):
                return
            self._sweep()
            built = f"gensvar_test_building_{os.getpid()}"
            self._server(f"CREATE DATABASE {built}")
            migrate(self.url(built))
            self._server(f"ALTER DATABASE {built} RENAME TO {self.template}")
            self._stamp(self.template)

    def create(self, name: str, of: str = "") -> None:
        self.drop(name)
        self._server(f"CREATE DATABASE {name} TEMPLATE {of or self.template}")
        self._stamp(name)

    def create_empty(self, name: str) -> None:
        self._server(f"CREATE DATABASE {name}")
        self._stamp(name)

    def shared(self, place: Path) -> str:
        return f"gensvar_test_{hashlib.sha256(bytes(place)).hexdigest()[:12]}"

    def drop(self, name: str) -> None:
        self._server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def rows(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()

    def close(self) -> None:
        self._connection.close()

    def _server(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(sql.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    @cached_property
    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def _stamp(self, name: str) -> None:
        self._server(f"COMMENT ON DATABASE {name} IS '{int(time.time())}'")

    def _sweep(self) -> None:
        names = self._server(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname LIKE 'gensvar_test_%'"
        )
        for name, stamp in names:
            if stamp and time.time() - int(stamp) > ONE_DAY:
                self.drop(name)


if __name__ == "__main__":
    from gensvar.config.settings import INSTALLED_APPS

    store = store_for(os.environ.get("GENSVAR_TEST_DATABASE_URL", ""), ROOT)
    store.prepare(fingerprint(INSTALLED_APPS), migrate)
    store.close()
