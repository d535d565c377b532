"""The script of the made-up municipality: enough is said over enough weeks, by and to many, that every screen has work to show."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from gensvar.config.demo import comments, guests, posts, surveys, workshop
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


def test_many_write_posts_that_answer_letters_go_on_in_a_series_and_are_translated() -> None:
    paper, content = posts.read(dt.date(2026, 12, 1)), town()
    assert len(paper.written) >= 10
    persons = {person["key"]: person["functions"] for person in content["person"]}
    signed = [byline for row in paper.written for byline in row["by"]]
    assert len({person for person, _function in signed}) >= 8
    assert all(function in persons[person] for person, function in signed)
    assert {part["kind"] for row in paper.written for part in row["part"]} == {
        *("text", "picture", "quotation", "facts", "contact")
    }
    assert all(part["alternative"] for row in paper.written for part in row["part"] if "picture" in part)
    assert len([row for row in paper.written if row.get("series") == "vintern"]) == 3
    assert [row["key"] for row in paper.written if "english" in row] == ["varfor", "ny"]
    answered = next(row for row in paper.written if row["key"] == "bryggan")["answers"]
    assert paper.letters[paper.letters[answered]["answers"]]["kind"] == "editorial"
    assert [row["key"] for row in paper.letters.values() if row.get("answers_post") == "bryggan"]
    assert {topic for row in paper.written for topic in row["topics"]} <= {
        topic["slug"] for topic in content["topic"]
    }


def test_comments_are_replied_to_answered_taken_away_and_appealed() -> None:
    told = comments.read()
    known = {row["key"] for row in posts.read(dt.date(2026, 12, 1)).written} | {
        scene.subject for scene in scenes()
    }
    assert len(told) >= 12
    assert {one.under for one in told.values()} <= known
    assert {one.reply_to for one in told.values() if one.reply_to} <= set(told)
    assert {one.fate for one in told.values()} == {"shown", "waiting", "unconfirmed", "removed"}
    assert [one.key for one in told.values() if one.appeal]
    assert len([one for one in told.values() if one.answer]) >= 4


def test_something_is_tried_that_hangs_on_one_something_that_does_not_and_something_that_failed() -> None:
    told = workshop.read()
    assert {bool(row["others"]) for row in told} == {True, False}
    assert [line["kind"] for row in told for line in row["lines"] if line["kind"] != "learnt"] == ["failed"]
    assert {row["by"] for row in told} <= {person["key"] for person in town()["person"]}


def test_one_guest_is_published_one_still_writes_and_the_calendar_has_plans() -> None:
    told, content = guests.read(), town()
    assert [row["stage"] for row in told["guest"]] == ["published", "writing"]
    persons = {person["key"]: person for person in content["person"]}
    for row in (*told["plan"], *told["guest"]):
        assert row["function"] in persons[row["by"]]["functions"]
    assert all("editor" in persons[row["by"]]["roles"] for row in told["guest"])
    assert [row["goes_live"] for row in told["plan"] if "goes_live" in row]


def test_a_consultant_alone_holds_two_log_ins_outside() -> None:
    content = town()
    external = {person["key"] for person in content["person"] if person.get("kind") == "external"}
    alone = [row["name"] for row in content["login"] if set(row["known_by"]) <= external]
    assert len(alone) == 2
    known = {key for row in content["login"] for key in row["known_by"]}
    assert known | {row["person"] for row in content["absence"]} <= {row["key"] for row in content["person"]}


def test_a_leader_is_asked_about_in_two_years_and_another_now() -> None:
    told = surveys.read()
    ready = [row for row in told if row["published"]]
    assert len({row["leader"] for row in ready}) == 1
    assert all(5 <= len(row["given"]) <= len(row["asked"]) for row in ready)
    assert [len(row["given"]) for row in told if not row["published"]] == [3]
    assert {key for row in told for key in row["asked"]} <= {person["key"] for person in town()["person"]}


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
    assert_written_and_followed(fresh_database)
    refused = gensvar(fresh_database.environment, "demo", code=1).stderr.decode()
    assert "There are data in this database already" in refused
    assert rows("SELECT count(*) FROM conversations_conversation") == [(many,)]


def assert_written_and_followed(database: FreshDatabase) -> None:
    """Posts are live in two languages, comments stand under them as they were judged, short links were followed on many days."""
    written = len(posts.read(dt.date(2026, 12, 1)).written)
    live = database.rows(
        "SELECT live, count(*) FROM wagtailcore_page JOIN publishing_post ON page_ptr_id = id GROUP BY live ORDER BY live"
    )
    told = guests.read()
    shown = [row for row in told["guest"] if row["stage"] == "published"]
    assert [(bool(is_live), many) for is_live, many in live] == [
        (False, 1 + len(told["plan"])),
        (True, written - 1 + 2 + len(shown)),
    ]
    assert database.rows("SELECT count(*) FROM publishing_guestyes") == [(len(shown),)]
    assert database.rows("SELECT count(*) FROM publishing_source WHERE answers_post_id IS NOT NULL") == [(1,)]
    states = dict(database.rows("SELECT state, count(*) FROM publishing_comment GROUP BY state"))
    assert states["shown"] >= 9
    assert states["removed"] == 1
    assert database.rows("SELECT kind FROM publishing_commentdecision WHERE kind = 'restored'")
    assert database.rows("SELECT count(*) FROM publishing_commentanswer WHERE shown")[0][0] >= 3
    ((links, days),) = database.rows(
        "SELECT count(DISTINCT link_id), count(DISTINCT day) FROM publishing_shortlinkday WHERE count > 0"
    )
    assert links >= 5
    assert days >= 7
