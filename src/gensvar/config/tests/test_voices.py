"""`gensvar voices`: the numbers of a period, for machines and people."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click
import pytest
from click.testing import CliRunner

from gensvar.config.commands import gensvar
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person
from gensvar.routing.tests.scene import word_comes
from gensvar.voices import sums
from gensvar.voices.models import LastAnswer, SaidDay, SaidWord

pytestmark = pytest.mark.django_db


def said(*words: str) -> Any:
    found = CliRunner().invoke(gensvar, ["voices", *words])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout) if "--json" in words else found.stdout


@pytest.fixture
def podium() -> list[str]:
    """Kim says six of ten messages at one place about two topics, Sam and Ann two each; the ids of the days."""
    function = make_function("Gata & park")
    place = make_contact_point(function, address="gata@norrvik.example")
    topic = Topic.objects.create(slug="sno", name="Snö")
    today = clock.today()
    for name, amount, about in (("Kim Ek", 6, f",{topic.pk},"), ("Sam Åberg", 2, ""), ("Ann Alm", 2, "")):
        person = make_person(name, function)
        keys = {"person": person, "contact_point": place, "topics": about, "day": today}
        SaidDay.objects.create(**keys, function=function, channel="email", messages=amount, words=amount * 10)
        LastAnswer.objects.create(**keys)
    sums.write_all_months()
    return [today.isoformat(), (today - dt.timedelta(days=1)).isoformat()]


def test_for_machines_by_hand(podium: list[str]) -> None:
    today, yesterday = podium
    found = said("--from", today, "--to", today, "--json")
    for unit, total in (("messages", 10), ("words", 100)):
        one = found[unit]
        assert (one["total"], one["voices"], one["top_share"]) == (total, 3, 0.6)
        assert one["hhi"] == pytest.approx(0.44)
        assert one["n"] == pytest.approx(1 / 0.44)
        shares = [(share["name"], share["amount"] / total, share["share"]) for share in one["shares"]]
        assert shares == [("Ann Alm", 0.2, 0.2), ("Kim Ek", 0.6, 0.6), ("Sam Åberg", 0.2, 0.2)]
        assert [(share["amount"], share["share"]) for share in one["functions"]] == [(total, 1.0)]
        assert one["n_before"] is None
    assert found["coverage_cells"] == 2
    truck = found["truck_factor"]
    assert (truck["exact"], truck["lower"], truck["upper"]) == (3, 3, 3)
    assert truck["greedy"] == 3
    for who in ("people", "greedy_people"):
        assert {one["name"] for one in truck[who]} == {"Ann Alm", "Kim Ek", "Sam Åberg"}
    assert (found["asked"], found["unanswered_share"]) == (0, None)
    word_comes(ContactPoint.objects.get())
    found = said("--from", today, "--to", today, "--json")
    assert (found["asked"], found["unanswered"], found["unanswered_share"]) == (1, 1, 1.0)
    before = said("--from", yesterday, "--to", yesterday, "--json")
    assert (before["messages"]["total"], before["messages"]["n"], before["messages"]["shares"]) == (
        0,
        None,
        [],
    )


def test_recipients_that_nobody_knows_of_are_null_and_not_0(podium: list[str]) -> None:
    kim, streets = Person.objects.get(name="Kim Ek"), Function.objects.get()
    keys = {"person": kim, "function": streets, "day": clock.today(), "channel": "post"}
    SaidWord.objects.create(**keys, source="post", source_id=9, words=30)
    found = said("--json")["recipients"]
    assert (found["total"], found["shares"], found["functions"], found["top_share"]) == (None, [], [], None)
    assert (found["known_words"], found["words"], found["known_share_of_words"]) == (0, 30, 0)
    assert (found["known_messages"], found["messages"]) == (0, 1)
    assert [one["name"] for one in found["unknown"]] == ["Kim Ek"]


def test_for_people_in_a_table(podium: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    page = said("--from", podium[0], "--to", podium[0])
    assert "6 (60%)" in page
    assert page.index("Ann Alm") < page.index("Kim Ek") < page.index("Sam Åberg")
    monkeypatch.setenv("GENSVAR_LANGUAGE", "sv")
    assert "6 (60\N{NO-BREAK SPACE}%)" in said("--from", podium[0], "--to", podium[0])


def test_where_nothing_was_said_nothing_is_made_up() -> None:
    found = said("--json")
    assert (found["messages"]["n"], found["truck_factor"], found["coverage_cells"]) == (None, None, 0)
    assert said()


def test_counting_anew_brings_the_sums_to_what_the_words_say(podium: list[str]) -> None:
    found = said("--rebuild", "--json")
    assert found["messages"]["total"] == 0  # the fixture's sums have no words behind them
    assert not SaidDay.objects.exists()


def test_days_the_wrong_way_round_are_refused(podium: list[str]) -> None:
    found = CliRunner().invoke(gensvar, ["voices", "--from", podium[0], "--to", podium[1]])
    assert found.exit_code == 2


@pytest.mark.parametrize("missing", [True, False])
def test_an_upgrade_counts_what_went_out_before_there_was_a_counting(
    monkeypatch: pytest.MonkeyPatch, missing: bool
) -> None:
    nothing = click.Command("check", callback=lambda **options: None)
    monkeypatch.setattr("gensvar.config.preparing.prepare", lambda say: None)
    monkeypatch.setattr("gensvar.config.commands.looking.check", nothing)
    monkeypatch.setattr("gensvar.conversations.reindexing.is_stale", lambda: False)
    monkeypatch.setattr("gensvar.voices.rebuilding.is_missing", lambda: missing)
    found = CliRunner().invoke(gensvar, ["upgrade", "--no-backup"])
    assert found.exit_code == 0, found.output
    assert ("words of ours are counted" in found.output) == missing
