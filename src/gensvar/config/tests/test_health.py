"""What a check finds without a process of its own."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import click
import pytest
from allauth.mfa.models import Authenticator
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from gensvar.config import health
from gensvar.config.archive import writing
from gensvar.config.commands import keeping
from gensvar.config.commands.setting_up import plainly
from gensvar.config.status import status
from gensvar.core import audit, clock
from gensvar.core.seals import seal
from gensvar.desk.second_factor import PURPOSE
from gensvar.people.tests.factories import make_user


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_secret_key_that_is_not_of_these_data_is_found(settings: Any) -> None:
    assert health._key() == []
    data = {"secret": seal("x", PURPOSE)}
    Authenticator.objects.create(user=make_user(), type=Authenticator.Type.TOTP, data=data)
    assert [one.state for one in health._key()] == ["well"]
    settings.SECRET_KEY = "of another backup"
    (found,) = health._key()
    assert found.state == "bad"
    assert "GENSVAR_SECRET_KEY_FALLBACKS" in found.advice


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_clock_that_was_ahead_is_told() -> None:
    audit.note(None, "set up")
    assert health._clock() == []
    with clock.moved(dt.timedelta(days=1)):
        audit.note(None, "set up")
    (found,) = health._clock()
    assert (found.state, found.said[-1]) == ("unsure", "1")


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_count_reads_no_mail() -> None:
    """SQLite lays a mail's bytes before its state, and to come to the one reads the other: each look of a watcher, all of it."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lays long bytes elsewhere")
    with CaptureQueriesContext(connection) as asked:
        status()
    assert len(asked) == 10
    with connection.cursor() as cursor:
        for sql in (one["sql"] for one in asked.captured_queries):
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [
                row[3] for row in cursor.fetchall() if "intake_envelope" in row[3] or "delivery" in row[3]
            ]
            assert all(" INDEX " in step for step in steps), (sql, steps)


def test_that_no_backup_is_made_any_more_is_found_before_one_is_needed(settings: Any, tmp_path: Path) -> None:
    settings.GENSVAR_HOME, settings.GENSVAR_DEMO = tmp_path, False
    (never,) = health._backup()
    assert (never.state, "every night" in never.advice) == ("unsure", True)
    writing._remember(clock.now())
    with clock.moved(dt.timedelta(days=1, hours=12)):
        (one_night,) = health._backup()
    with clock.moved(dt.timedelta(days=2, hours=1)):
        (two_nights,) = health._backup()
    assert (one_night.state, two_nights.state) == ("well", "unsure")


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_folder_that_takes_no_backup_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(click.ClickException, match=r"/file/backups cannot be used: .*may write to\."):
        keeping.backup.callback.__wrapped__(tmp_path / "file" / "backups")  # type: ignore[union-attr]


@pytest.mark.django_db
@pytest.mark.one_database
def test_of_what_no_other_folder_helps_none_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "back_up", Mock(side_effect=OSError("unexpected end of data")))
    with pytest.raises(click.ClickException, match=r"^No backup was made\. unexpected end of data$"):
        keeping.backup.callback.__wrapped__(None)  # type: ignore[union-attr]


def test_what_a_disk_says_that_takes_nothing_is_said_with_what_to_do(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GENSVAR_HOME = tmp_path
    lock = OSError(errno.EROFS, "Read-only file system", str(tmp_path / "run" / "prepare.lock"))
    assert plainly(lock).startswith(f"{tmp_path}/run/prepare.lock cannot be written: Read-only file system.")
    assert plainly(OSError(errno.EROFS, "Read-only file system", "/elsewhere")) == ""
    (tmp_path / "secret-key").touch()
    monkeypatch.setattr(os, "access", lambda path, how: how != os.R_OK)  # root may read everything
    shut = PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "secret-key"))
    assert plainly(shut).startswith(f"{tmp_path}/secret-key cannot be read: Permission denied.")

    for free, said in ((0, "The disk is full."), (1 << 30, "The database does not answer")):
        monkeypatch.setattr(shutil, "disk_usage", lambda place, free=free: SimpleNamespace(free=free))
        assert plainly(OperationalError("disk I/O error")).startswith(said)

    monkeypatch.setattr(shutil, "disk_usage", Mock(side_effect=FileNotFoundError))  # the disk itself is gone
    assert plainly(OperationalError("disk I/O error")).startswith("The database does not answer")

    for number, advised in (
        (errno.ENOSPC, "Make room"),
        (errno.EACCES, "right to write"),
        (errno.EROFS, "mounted"),
    ):
        monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=OSError(number, "no")))
        assert advised in health._files().advice
