"""Pages made of what the municipality says of itself are kept: every table that they read is watched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from gensvar.config.pages.shown import SHOWN, STEADY
from gensvar.core import freshness, reads
from gensvar.square import pages, places, standing
from gensvar.square.tests import scene
from gensvar.square.tests.test_telling import counter, say_who
from tests.databases import ROOT

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
REMEMBERED: tuple[Callable[[], object], ...] = (pages._talk, places.around, standing.standing)


@pytest.mark.django_db
def test_every_table_that_these_pages_are_made_of_is_watched(client: Client) -> None:
    town = scene.town()
    counter(town.function)
    say_who(town.staff)
    with reads.seen() as seen:
        for path in PAGES:
            assert client.get(path).status_code == 200
    assert {"contactpoints_office", "publishing_statementversion"} <= seen
    assert seen - SHOWN.keys() - STEADY == set(), "a page made of these is not kept"


@pytest.mark.django_db(transaction=True)
def test_a_page_of_what_is_remembered_tells_all_the_tables_that_it_was_read_from(client: Client) -> None:
    scene.town()
    freshness.look(late=0)
    read: list[set[str]] = []
    for _time in range(2):
        with reads.seen() as seen:
            assert client.get("/").status_code == 200
        read.append(set(seen))
    assert {"publishing_publicexchange", "contactpoints_contactpoint"} <= read[0]
    assert read[1] == read[0]


def test_whatever_is_remembered_is_looked_at_here() -> None:
    files = (ROOT / "src/gensvar").rglob("*.py")
    there = [one for one in files if "tests" not in one.parts and "@while_unchanged\n" in one.read_text()]
    assert {one.stem for one in there} == {one.__module__.rpartition(".")[2] for one in REMEMBERED}
    assert sum(one.read_text().count("@while_unchanged\n") for one in there) == len(REMEMBERED)


@pytest.mark.django_db
@pytest.mark.parametrize("remembered", REMEMBERED, ids=lambda one: one.__qualname__)
def test_what_is_remembered_is_read_from_tables_whose_changes_are_watched(
    remembered: Callable[[], object],
) -> None:
    scene.town()
    with reads.seen() as seen:
        assert remembered() is not None
    assert seen
    assert seen - SHOWN.keys() - STEADY == set(), "a change there would leave it stale for a minute"
