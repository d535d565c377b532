"""Makes ready what the processes need: the database's tables, the static files, and, if asked, a living demo.

Neighbours: `gensvar run` and `upgrade` call it, in a process of its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from gensvar.config.gathering import StaticNotGathered
from gensvar.config.language import gettext as _
from gensvar.config.processes.lifeline import STARTER
from gensvar.core.migrating import looking_less

Say = Callable[[str], None]
Progress = Callable[[int, int], None]
"""Told how much is done, of how much."""

LOCK_NUMBER: Final = (
    0x67656E73  # "gens": PostgreSQL's advisory lock, for machines that start at the same time
)
STAMP: Final = ".gensvar"
AWAY: Final = "away.html"
NEVER_ASKED_FOR: Final = ["django_htmx/ext/*", "django_htmx/htm*-4*"]  # our pages name htmx 2 alone


def prepare(say: Say, *, demo: Progress | None = None) -> None:
    """Migrate, collect static files and load the demo, each only where needed, and by one process at a time.

    `demo` is told how far the demo has come; without it none is loaded. Raises StaticNotGathered when the style sheets
    could not be gathered; what is wrong has then been said by the process that tried.
    """
    with _alone(), _gathering(say):
        migrate(say)
        if demo is not None:
            load_demo(demo)
    write_away_page()


def pending_migrations() -> list[str]:
    """The names of migrations that this database has not had, in order. Raises DatabaseError when it does not answer."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def has_tables() -> bool:
    """Whether anything has ever been migrated here."""
    return bool(connections[DEFAULT_DB_ALIAS].introspection.table_names())


def migrate(say: Say) -> int:
    """Bring the database to this version; returns how many migrations ran."""
    pending = pending_migrations()
    if pending:
        say(_("Bringing the database up to date ({steps} steps) ...").format(steps=len(pending)))
        with looking_less():
            call_command("migrate", verbosity=0, interactive=False)
    return len(pending)


def collect_static() -> None:
    """Gather style sheets, scripts and pictures to where they are served from."""
    root = Path(settings.STATIC_ROOT)
    (root / STAMP).unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=NEVER_ASKED_FOR)
    (root / STAMP).write_text(_static_fingerprint())
    if not root.is_relative_to(settings.GENSVAR_HOME):
        _let_all_read(root)


def write_away_page() -> None:
    """Lay the page for a web server in front beside the static files; it is found there also while we are away."""
    from gensvar.square import errors  # the whole square, which who only asks what is pending goes without

    place = Path(settings.STATIC_ROOT) / AWAY
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(".new")
    new.write_text(errors.away_page(), encoding="utf-8")
    if not place.is_relative_to(settings.GENSVAR_HOME):
        new.chmod(0o644)
    new.replace(place)


def _let_all_read(root: Path) -> None:
    """A web server in front runs as another user; what is gathered is public, and nothing else lies there."""
    root.chmod(0o755)
    for path in root.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def static_is_stale() -> bool:
    """Whether the gathered files differ from what the installed packages hold; never where they are served ungathered."""
    if settings.WHITENOISE_USE_FINDERS:
        return False
    stamp = Path(settings.STATIC_ROOT) / STAMP
    return not stamp.exists() or stamp.read_text() != _static_fingerprint()


def _static_fingerprint() -> str:
    digest = hashlib.sha256(f"{version('whitenoise')} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_demo(progress: Progress) -> bool:
    """Fill an empty database with the demo municipality; returns False where there are data already.

    Who can log in to it is kept for the one who welcomes (welcome_place), who knows nothing of the database.
    """
    from gensvar.config import demo
    from gensvar.core.models import User

    try:
        demo.load(progress)
        loaded = True
    except demo.NotEmpty:
        loaded = False
    known = set(
        User.objects.filter(email__in=[address for _, address, _ in demo.log_ins()]).values_list(
            "email", flat=True
        )
    )
    rows = [row for row in demo.log_ins() if row[1] in known]
    welcome_place().parent.mkdir(parents=True, exist_ok=True)
    welcome_place().write_text(json.dumps(rows))
    return loaded


def welcome_place() -> Path:
    """Where the demo's log-ins are named: a list of (what one can do, address, password) as JSON."""
    return settings.GENSVAR_HOME / "run" / "log-ins.json"


@contextmanager
def _gathering(say: Say) -> Iterator[None]:
    """Gather the static files, where they are stale, while the block runs: in a process of its own, on another core."""
    if not static_is_stale():
        yield
        return
    say(_("Gathering style sheets and scripts ..."))
    # Not by fork, as the supervisor's: a connection is open here, and a thread shows progress.
    command = [sys.executable, *"-P -m gensvar prepare --static".split()]
    beside = subprocess.Popen(command, env=os.environ | {STARTER: str(os.getpid())}, stdin=subprocess.DEVNULL)
    try:
        yield
    except BaseException:
        beside.terminate()
        raise
    finally:
        code = beside.wait()
    if code:
        raise StaticNotGathered(code)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold a lock on this machine, and in PostgreSQL one for all machines."""
    place = settings.GENSVAR_HOME / "run"
    place.mkdir(parents=True, exist_ok=True)
    with open(place / "prepare.lock", "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])
