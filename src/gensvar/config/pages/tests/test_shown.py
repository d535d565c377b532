"""Pages made of what the municipality says of itself are kept: every table that they read is watched."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from gensvar.config.pages.shown import SHOWN, STEADY
from gensvar.square.tests import scene
from gensvar.square.tests.test_telling import counter, say_who

PAGES = (
    "/",
    "/amne",
    "/folj",
    "/har-finns-vi",
    "/ni-sade-vi-gjorde",
    "/vi-star-for",
    "/vi-svarar",
    "/kontakt",
    "/om",
    "/personuppgifter",
    "/tillganglighet",
    "/tillganglighet/version/1",
    "/fragor",
    "/nytt",
    "/roster",
    "/skriv",
)


@pytest.mark.django_db
def test_every_table_that_these_pages_are_made_of_is_watched(client: Client) -> None:
    town = scene.town()
    counter(town.function)
    say_who(town.staff)
    seen: set[str] = set()

    def see(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.update(table.lower() for table in re.findall(r'\b(?:FROM|JOIN)\s+"?(\w+)', sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        for path in PAGES:
            assert client.get(path).status_code == 200
    assert {"contactpoints_office", "publishing_statementversion"} <= seen
    assert seen - SHOWN.keys() - STEADY == set(), "a page made of these is not kept"
