"""The script of the made-up municipality: enough is said over enough weeks, by and to many, that every screen has work to show."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import check_password

from gensvar.config.demo import appearances, comments, guests, posts, surveys, workshop
from gensvar.config.demo.script import Scene, scenes, town
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May, Role, permissions_of
from gensvar.people.models import Function
from gensvar.people.tests.factories import make_user
from gensvar.square.voices import last_quarter
from gensvar.voices.measures import concentration
from gensvar.voices.told import told as told_of

if TYPE_CHECKING:
    from conftest import FreshDatabase
    from gensvar.config.tests.conftest import Said
    from tests.made import Made


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


def test_whoever_leads_the_municipality_sees_who_speaks_and_what_falls_if_somebody_leaves() -> None:
    (chief,) = (person for person in town()["person"] if person["title"] == "kommundirektör")
    assert May.SEE_VOICES in permissions_of(frozenset(map(Role, chief["roles"])))


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


def answered(scene: Scene) -> Iterator[tuple[dt.timedelta, str]]:
    """How long after the scene's first word each of its answers goes out, and by whom."""
    after = dt.timedelta()
    for step in scene.steps:
        after += dt.timedelta(hours=step.hours)
        if step.kind == "answer":
            yield after, step.by


class Script(NamedTuple):
    """All in which somebody of the town says something."""

    scenes: list[Scene]
    posts: list[dict[str, Any]]
    comments: list[comments.Told]
    appearances: list[dict[str, Any]]


@functools.cache
def script() -> Script:
    """Read once."""
    written = [row for row in posts.read(dt.date(2026, 1, 1)).written if not row.get("draft")]
    answered_to = [one for one in comments.read().values() if one.answer]
    return Script(scenes(), written, answered_to, appearances.read())


def said_in_the_last_whole_month(now: dt.datetime) -> Counter[str]:
    """Who says how much in it if the demo is loaded then, as the script has it."""
    month = (now.date().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    said: Counter[str] = Counter()

    def begun(days_ago: float, at: dt.time) -> dt.datetime:
        found = dt.datetime.combine(now.date() - dt.timedelta(days=days_ago), at)
        return found - dt.timedelta(days=1) if found > now else found

    def count(at: dt.datetime, *persons: str) -> None:
        if at < now and at.date().replace(day=1) == month:
            said.update(persons)

    told = script()
    for scene in told.scenes:
        for after, person in answered(scene):
            count(begun(scene.days_ago, scene.at) + after, person)
    for row in told.posts:
        signed = [person for person, _function in row["by"]]
        count(begun(row["days_ago"], dt.time.fromisoformat(row["at"])), *signed)
    for one in told.comments:
        count(begun(one.days_ago, one.at) + dt.timedelta(hours=9.2), one.answer["by"])
    for row in told.appearances:
        count(dt.datetime.combine(appearances.day_of(row, now.date()), dt.time()), row["by"])
    return said


@pytest.mark.parametrize("hour", [1, 13, 23])
def test_one_person_says_some_60_percent_of_the_last_whole_month_whatever_day_it_is(hour: int) -> None:
    for day in range(365):
        now = dt.datetime.combine(dt.date(2026, 1, 1) + dt.timedelta(days=day), dt.time(hour))
        said = said_in_the_last_whole_month(now)
        assert 0.55 <= said["nils"] / said.total() <= 0.65, (now, said)


def test_many_spoke_elsewhere_for_what_they_hold() -> None:
    told, persons = appearances.read(), {one["key"]: one["functions"] for one in town()["person"]}
    assert len(told) >= 12
    assert all(row["function"] in persons[row["by"]] for row in told)
    assert len({row["by"] for row in told}) >= 8
    assert {row["kind"] for row in told} == {"interview", "talk", "visit", "meeting"}


@pytest.mark.longest
@pytest.mark.processes
@pytest.mark.one_database  # it plays the services of real use, whose tests ask both: docs/why/decisions.md, 121
def test_the_demo_goes_into_an_empty_database_and_says_who_can_log_in(
    demo: Made, fresh_database: FreshDatabase, settings: Any
) -> None:
    demo.move_into(fresh_database.url, fresh_database.home)
    rows = fresh_database.rows
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # those of a town, slow by design
    known = dict(rows("SELECT email, password FROM core_user"))
    (password,) = set(re.findall(r"norrvik-\S+", demo.told))
    assert "rut.ostlund@norrvik.example" in demo.told
    assert check_password(password, known["rut.ostlund@norrvik.example"])
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
    assert_a_podium(fresh_database)
    assert_a_consultant_holds_two_keys(fresh_database)


@pytest.mark.django_db
@pytest.mark.one_database
def test_the_demo_goes_into_no_database_that_holds_anything(
    said: Said, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GENSVAR_HOME = tmp_path
    monkeypatch.setenv("GENSVAR_DEMO", "")
    make_user()
    assert "There are data in this database already" in said("demo", code=1).stderr
    assert (User.objects.count(), Function.objects.count()) == (1, 0)


def assert_a_podium(database: FreshDatabase) -> None:
    """In each month of the last whole quarter the chief executive says some 60 % of all, and the public page has figures."""
    rows = database.rows(
        "SELECT said.day, person.name, function.slug, said.messages FROM voices_saidday said"
        " JOIN people_person person ON person.id = said.person_id"
        " JOIN people_function function ON function.id = said.function_id"
    )
    chosen = last_quarter(clock.today())
    told: dict[str, dict[int, int]] = {}
    for month in chosen.months:
        said: Counter[str] = Counter()
        for day, name, function, messages in rows:
            spoken = day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day))
            if spoken.replace(day=1) == month:
                said[name] += messages
                of = told.setdefault(function, {})
                of[hash(name)] = of.get(hash(name), 0) + messages
        top = concentration(said.values()).top
        assert said.most_common(1)[0][0] == "Nils Berggård"
        assert top is not None
        assert 0.55 <= top <= 0.65, (month, said)
    shown = told_of(told)
    assert "ledning" in {share.voice for share in shown.functions}
    assert shown.rest > 0


def assert_a_consultant_holds_two_keys(database: FreshDatabase) -> None:
    """As it was loaded: two log-ins outside are in use that only one person knows, who is external."""
    known = database.rows(
        "SELECT login.name, person.name, (SELECT max(tenure.kind) FROM people_tenure tenure"
        " WHERE tenure.person_id = person.id AND tenure.ends IS NOT NULL) FROM contactpoints_outsidelogin login"
        " JOIN contactpoints_outsidelogin_known_by known ON known.outsidelogin_id = login.id"
        " JOIN people_person person ON person.id = known.person_id WHERE login.ended_on IS NULL"
    )
    many = Counter(login for login, _person, _kind in known)
    alone = {login: (person, kind) for login, person, kind in known if many[login] == 1}
    assert alone == dict.fromkeys(
        ("Norrviks sida på Torgprat", "Filmerna på Rörliga bilden"), ("Axel Brodin", "external")
    )


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
