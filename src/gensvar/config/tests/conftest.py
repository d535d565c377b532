"""What the tests of the command line share: an empty database, and a way to run its words in processes of their own."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from tests.databases import Store

Gensvar = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def empty(migrated: Store, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[FreshDatabase]:
    """A database without any table, and an empty home."""
    name = f"gensvar_test_{uuid.uuid4().hex[:12]}"
    home = tmp_path / "empty"
    home.mkdir()
    migrated.create_empty(name)
    yield type(fresh_database)(migrated.url(name), home, lambda sql: migrated.rows(name, sql))
    migrated.drop(name)


@pytest.fixture
def gensvar() -> Gensvar:
    """``gensvar(environment, "backup", ..., given=b"", code=0)`` runs one word in a process of its own."""

    def run(
        environment: Mapping[str, str], *words: str, given: bytes = b"", code: int = 0
    ) -> subprocess.CompletedProcess[bytes]:
        kept = {
            "GENSVAR_LANGUAGE": "en"
        }  # unless the test wants another; not the language of who runs the tests
        kept |= {name: value for name, value in environment.items() if name != "DJANGO_SETTINGS_MODULE"}
        command = [sys.executable, "-m", "gensvar", *words]
        done = subprocess.run(command, env=kept, input=given, capture_output=True, check=False)
        assert done.returncode == code, (done.stdout + done.stderr).decode()
        return done

    return run


@pytest.fixture
def begin(gensvar: Gensvar) -> Callable[[Mapping[str, str]], None]:
    """``begin(environment)`` sets up Norrvik with one mail, large enough to lie in a file of its own."""

    def do(environment: Mapping[str, str]) -> None:
        gensvar(
            {**environment, "GENSVAR_ADMIN_PASSWORD": "en-lång-snöig-väg"}, "init", "--name", "Norrvik",
            "--url", "https://norrvik.example", "--mail", "kontakt@norrvik.example",
            "--admin", "alva@norrvik.example", "--admin-name", "Alva Ek", "--language", "sv",
        )  # fmt: skip
        gensvar(environment, "deliver", "--to", "kontakt@norrvik.example", given=MAIL + b"x" * 400_000)

    return do


MAIL = (
    b"From: Anna <anna@example.com>\r\nTo: kontakt@norrvik.example\r\nSubject: =?utf-8?q?Sn=C3=B6?=\r\n\r\n"
)
