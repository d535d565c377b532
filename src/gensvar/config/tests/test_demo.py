"""The script of the made-up municipality: enough is said over enough weeks, by and to many, that every screen has work to show."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from gensvar.config.demo.script import scenes, town

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Gensvar


def test_the_script_tells_of_weeks_with_many_people_functions_and_languages() -> None:
    told, content = scenes(), town()
    assert len(told) >= 150
    days = {int(scene.days_ago) for scene in told}
    assert max(days) - min(days) >= 14
    assert len({day // 7 for day in days}) >= 3
    assert len({scene.address or scene.name for scene in told}) >= 50
    assert {scene.language for scene in told} >= {"sv", "en", "fi", "ar"}
    assert len({scene.door for scene in told}) == 2
    functions = {point["address"]: point["function"] for point in content["point"]}
    assert len({functions[scene.to] for scene in told}) >= 4
    answering = {step.by for scene in told for step in scene.steps if step.kind == "answer"}
    assert len(answering) >= 3
    assert answering <= {person["key"] for person in content["person"]}


@pytest.mark.processes
def test_the_demo_goes_into_an_empty_database_alone_and_says_who_can_log_in(
    fresh_database: FreshDatabase, gensvar: Gensvar
) -> None:
    told = gensvar(fresh_database.environment, "demo").stdout.decode()
    assert "rut.ostlund@norrvik.example" in told
    rows = fresh_database.rows
    ((many, first, last),) = rows(
        "SELECT count(*), min(opened_at), max(opened_at) FROM conversations_conversation"
    )
    assert many >= 150
    assert dt.datetime.fromisoformat(str(last)) - dt.datetime.fromisoformat(str(first)) >= dt.timedelta(
        weeks=2
    )
    ((functions, answering),) = rows(
        "SELECT count(DISTINCT function_id), count(DISTINCT person_id) FROM conversations_message"
        " WHERE direction = 'out' AND author = 'staff'"
    )
    assert functions >= 4
    assert answering >= 3
    spoken = {text for (text,) in rows("SELECT text FROM conversations_message WHERE direction = 'in'")}
    for first_words in {scene.language: scene.text.strip()[:20] for scene in scenes()}.values():
        assert any(first_words in text for text in spoken), first_words
    refused = gensvar(fresh_database.environment, "demo", code=1).stderr.decode()
    assert "There are data in this database already" in refused
    assert rows("SELECT count(*) FROM conversations_conversation") == [(many,)]
