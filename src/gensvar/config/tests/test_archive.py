"""A backup is taken of what is there, brought back elsewhere, and refused when it is not what it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar, InTurn

    Begin = Callable[[Mapping[str, str]], None]

OLDER = """
import datetime as dt
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import services
from gensvar.conversations.models import Conversation
from gensvar.core import clock, runner
from gensvar.core.migrating import looking_less
from gensvar.intake.services import receive
from gensvar.people.models import Function, Person, Tenure

mail = b"From: Bo <bo@example.com>\\r\\nSubject: Plogen\\r\\n\\r\\nVi plogas aldrig.\\r\\n"
receive(mail, contact_point=ContactPoint.objects.get(channel="email"), source="pipe")
runner.run_waiting(network=False)
services.add_note(Conversation.objects.get(subject="Plogen"), "Ring Kim.", by=alva)
axel = User.objects.create(email="axel@byran.example")
ends = clock.today() + dt.timedelta(days=30)
Tenure.objects.create(
    person=Person.objects.create(name="Axel Brodin", user=axel), function=Function.objects.get(),
    kind="external", starts=clock.today(), ends=ends,
)
assert User.objects.get(pk=axel.pk).access_until is None
said = {"words": list(export.conversations()), "ends": ends.isoformat()}
with looking_less():
    MigrationExecutor(connection).migrate([
        ("conversations", "0012_protected_long_ago"), ("people", "0005_tenure_corrections"),
    ])
said["migrations"] = MigrationRecorder.Migration.objects.count()
"""
LOOK = """
from django.test import Client
from gensvar.conversations.search import search_messages

def enter(password):
    client = Client(headers={"host": "localhost"})
    given = {"login": alva.email, "password": password}
    return client.post("/konto/login/", given, secure=True, follow=True).request["PATH_INFO"]

said = {
    "words": list(export.conversations()),
    "found": {asked: [row.subject for row in search_messages(alva, asked).rows] for asked in ("plogas", "hemsändning")},
    "last_day": User.objects.get(email="axel@byran.example").access_until.isoformat(),
    "wrong": enter("en-lång-snöig-gata"),
    "right": enter("en-lång-snöig-väg"),
}
"""
BEGIN = """
import json
import django
django.setup()
from django.db.migrations.recorder import MigrationRecorder
from gensvar.config import export, preparing
from gensvar.core.models import User

alva = User.objects.get(email="alva@norrvik.example")
"""
END = """
said["steps"] = len(preparing.pending_migrations())
print(json.dumps(said))
"""
MAIL = (
    b"From: Anna <anna@example.com>\r\nTo: kontakt@norrvik.example\r\nSubject: =?utf-8?q?Sn=C3=B6?=\r\n\r\n"
)
ON_POSTGRES = os.environ.get("GENSVAR_TEST_DATABASE_URL", "").startswith("postgres")
pytestmark = pytest.mark.processes


def run_here(environment: Mapping[str, str], what: str) -> dict[str, Any]:
    """Run OLDER or LOOK in a process with that database and home; what it `said`."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + {"OLDER": OLDER, "LOOK": LOOK}[what] + END],
        env={**environment, "DJANGO_SETTINGS_MODULE": "gensvar.config.settings"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.fixture
def archive(fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin, tmp_path: Path) -> Path:
    """A backup of Norrvik."""
    begin(fresh_database.environment)
    gensvar(fresh_database.environment, "backup", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    return made


@pytest.mark.longest
def test_a_backup_of_an_older_version_comes_back_whole_and_an_upgrade_brings_it_to_this_one(
    fresh_database: FreshDatabase, empty: FreshDatabase, begin: Begin, gensvar: Gensvar, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    had = run_here(fresh_database.environment, "OLDER")
    gensvar(fresh_database.environment, "backup", str(tmp_path / "backups"))
    (archive,) = (tmp_path / "backups").iterdir()
    assert archive.stat().st_mode & 0o777 == 0o600

    gensvar(empty.environment, "restore", str(archive))
    for count in (
        "SELECT count(*), max(raw_sha256) FROM intake_envelope",
        "SELECT id, text FROM conversations_message ORDER BY id",
        "SELECT count(*) FROM conversations_search",
        "SELECT app, name FROM django_migrations ORDER BY id",
    ):
        assert empty.rows(count) == fresh_database.rows(count) != [(0, None)], count
    assert (empty.home / "secret-key").read_bytes() == (fresh_database.home / "secret-key").read_bytes()
    files = [path.relative_to(empty.home) for path in (empty.home / "files").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert (empty.home / files[0]).read_bytes() == MAIL + b"x" * 400_000

    said = gensvar(empty.environment, "upgrade").stdout.decode()
    assert had["steps"] >= 4
    assert f"Bringing the database up to date ({had['steps']} steps) ..." in said
    assert said.index("gensvar-") < said.index("Bringing the database"), "the backup comes first"
    (kept,) = (empty.home / "backups").glob("gensvar-*.tar")
    with tarfile.open(kept) as tar:
        manifest = json.load(tar.extractfile("manifest.json") or pytest.fail("no manifest"))
    assert manifest["migrations"] == had["migrations"], "and is of what was there before"

    has = run_here(empty.environment, "LOOK")
    assert has == {
        "words": had["words"],
        "found": {"plogas": ["Plogen"], "hemsändning": []},
        "last_day": had["ends"],
        "wrong": "/konto/login/",
        "right": "/desk/inkorg/",
        "steps": 0,
    }


def test_what_is_here_is_refused_first_and_then_set_aside(
    fresh_database: FreshDatabase, archive: Path, gensvar: Gensvar
) -> None:
    environment = fresh_database.environment
    gensvar(environment, "deliver", "--to", "kontakt@norrvik.example", given=MAIL + b"after the backup")
    refused = gensvar(environment, "restore", str(archive), code=1)
    assert b"--replace" in refused.stderr
    assert fresh_database.rows("SELECT count(*) FROM intake_envelope") == [(2,)]

    if not ON_POSTGRES:  # a damaged file is what a backup is for
        Path(urlsplit(environment["DATABASE_URL"]).path).write_bytes(b"no database" * 1000)
        assert b"restore ARCHIVE --replace" in gensvar(environment, "backup", code=1).stderr
        assert b"--replace" in gensvar(environment, "restore", str(archive), code=1).stderr
    restored = gensvar(environment, "restore", "--replace", str(archive)).stdout.decode()
    assert fresh_database.rows("SELECT count(*) FROM intake_envelope") == [(1,)]
    assert "set-aside-" in restored
    (aside,) = fresh_database.home.glob("set-aside-*")
    assert list((aside / "files").rglob("*"))


@pytest.mark.one_database
def test_a_changed_archive_changes_nothing(empty: FreshDatabase, archive: Path, in_turn: InTurn) -> None:
    data = bytearray(archive.read_bytes())
    data[data.index(b"x" * 1000) + 500] = ord("y")
    archive.write_bytes(data)
    half = archive.with_suffix(".half")
    half.write_bytes(data[: len(data) // 2])
    changed, cut_off = in_turn(empty.environment, ["restore", str(archive)], ["restore", str(half)])
    assert (changed.code, cut_off.code) == (1, 1)
    assert "is not as it was backed up. Nothing was changed." in changed.err
    assert "Nothing was changed" in cut_off.err
    assert not (empty.home / "files").exists()


@pytest.mark.one_database
def test_a_hostile_archive_writes_nowhere_else(
    empty: FreshDatabase, gensvar: Gensvar, tmp_path: Path
) -> None:
    import hashlib
    import io

    archive = tmp_path / "hostile.tar"
    evil = b"evil"
    listed = f"{hashlib.sha256(evil).hexdigest()}  ../evil\n".encode()
    manifest = {"format": 1, "gensvar": "0", "made_at": "", "engine": "sqlite", "migrations": 0, "rows": {}, "files": 1,
                    "digests": hashlib.sha256(listed).hexdigest()}  # fmt: skip
    with tarfile.open(archive, "w") as tar:
        for name, content in (
            ("../evil", evil),
            ("SHA256SUMS", listed),
            ("manifest.json", json.dumps(manifest).encode()),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    gensvar(empty.environment, "restore", str(archive), code=1)
    assert not (empty.home.parent / "evil").exists()


@pytest.mark.one_database
def test_where_there_is_no_municipality_no_backup_is_made(
    empty: FreshDatabase, gensvar: Gensvar, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    said = gensvar(empty.environment, "backup", str(folder), code=1).stderr.decode()
    assert said.startswith(
        "Error: No backup was made. There is no municipality here: the database has no tables"
    )
    assert not folder.exists()


@pytest.mark.one_database
def test_what_is_no_archive_is_refused_in_one_plain_sentence(empty: FreshDatabase, gensvar: Gensvar) -> None:
    said = gensvar(empty.environment, "restore", "/etc/passwd", code=1).stderr.decode()
    assert said == "Error: /etc/passwd is not a backup of Gensvar, or not a whole one. Nothing was changed.\n"


def test_an_upgrade_onto_a_full_disk_says_that_it_is_full(
    fresh_database: FreshDatabase, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    small = tmp_path / "small"
    small.mkdir()
    shell = (
        f'mount -t tmpfs -o size=256k none "{small}" && cp "$GENSVAR_HOME/secret-key" "{small}" &&'
        f' GENSVAR_HOME="{small}" exec "{sys.executable}" -m gensvar upgrade'
    )
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk of their own (unshare -rm)")
    environment = {**fresh_database.environment, "GENSVAR_LANGUAGE": "en"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", shell], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 1, done.stderr.decode()
    assert "The disk is full. Make room (GENSVAR_HOME is" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_what_a_backup_asks_of_other_programs_is_said_with_what_to_install(
    fresh_database: FreshDatabase, gensvar: Gensvar, begin: Begin, tmp_path: Path
) -> None:
    begin(fresh_database.environment)
    environment = fresh_database.environment | {"PATH": str(tmp_path)}
    said = gensvar(environment, "backup", str(tmp_path / "backups"), code=int(ON_POSTGRES)).stderr.decode()
    made = list((tmp_path / "backups").iterdir())
    if ON_POSTGRES:
        assert "pg_dump was not found. Install" in said
        assert not made
    else:
        assert len(made) == 1, "SQLite's comes from the library that we run with"
    assert (fresh_database.home / "run" / "backup-made").exists() == bool(made), "check asks when it was"
