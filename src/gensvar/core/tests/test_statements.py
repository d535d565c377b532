"""What every connection is told of the work ahead of it."""

from __future__ import annotations

import pytest
from django.db import connection


def jit(**options: str) -> str:
    """Whether a new connection with these options compiles what it is asked."""
    other = connection.copy()
    other.settings_dict["OPTIONS"] = other.settings_dict["OPTIONS"] | options
    try:
        with other.cursor() as cursor:
            cursor.execute("SHOW jit")
            return str(cursor.fetchone()[0])
    finally:
        other.close()


@pytest.mark.each_database
@pytest.mark.django_db
def test_postgresql_compiles_nothing_unless_its_address_says_so() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite compiles no statement to machine code.")
    assert (jit(), jit(options="-c jit=on")) == ("off", "on")
