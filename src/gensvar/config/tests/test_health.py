"""What a check finds without a process of its own."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gensvar.config import health
from gensvar.config.status import status
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
