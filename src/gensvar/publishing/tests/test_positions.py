"""Positions: history never changes, one wording holds at any past instant, and nothing is shown before its time."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, Event, Topic
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.people.models import Person, Tenure
from gensvar.publishing import entries
from gensvar.publishing import services as publishing
from gensvar.publishing.positions import clockwork, gate, services, telling
from gensvar.publishing.positions.causes import Led, read
from gensvar.publishing.positions.held import decided_in_advance
from gensvar.publishing.positions.models import AlreadyPublic, Cause, Position, Wording
from gensvar.publishing.positions.values import PublishedPosition, PublishedWording
from gensvar.publishing.posts import services as posts
from gensvar.publishing.services import NotPublishable
from gensvar.publishing.tests.positions_scene import TEXT, TITLE, change, stand, withdraw, written
from gensvar.publishing.tests.posts_scene import Paper, draft, home
from gensvar.publishing.tests.scene import member, stage

pytestmark = pytest.mark.django_db
TICK = TimeCame("publishing.keep_times_of_positions", 10)
DAY = dt.timedelta(days=1)


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def kept(position: Position) -> list[dict[str, Any]]:
    """Every row that the public has read, whole."""
    rows = Wording.objects.filter(position=position, decided_at__isnull=False, holds_from__lte=clock.now())
    return list(rows.order_by("holds_from").values())


def held_at(page: PublishedPosition, at: dt.datetime) -> PublishedWording:
    """The one wording that the page says was held then, without what may come to be known of it later."""
    [held] = [one for one in page.wordings if one.holds_from <= at and (one.until is None or at < one.until)]
    return dataclasses.replace(held, until=None, causes=())


class TestHistory(TestCase):
    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(
        st.lists(
            st.sampled_from(["change", "coming", "withdraw", "take back", "wait"]), min_size=2, max_size=7
        )
    )
    def test_whatever_is_done_the_past_stays_and_one_wording_holds_at_any_instant_of_it(
        self, deeds: list[str]
    ) -> None:
        paper, hours = Paper.make(), 0
        position = stand(paper)
        begun = clock.now()
        said: dict[dt.datetime, Any] = {}
        for number, deed in enumerate(deeds):
            hours += 13
            with clock.moved(dt.timedelta(hours=hours)):
                before = kept(position)
                try:
                    if deed == "change":
                        change(paper, position, text=f"Lydelse {number}.")
                    elif deed == "coming":
                        change(paper, position, text=f"Lydelse {number}.", on=clock.today() + DAY)
                    elif deed == "withdraw":
                        withdraw(paper, position)
                    elif deed == "take back" and (coming := services.waiting(position)) is not None:
                        services.discard(services.take_back(coming, by=paper.editor), by=paper.editor)
                except NotPublishable:
                    if (draft := services.draft_of(position)) is not None:
                        services.discard(draft, by=paper.editor)
                clockwork.keep_times(TICK)
                after = kept(position)
                for one in (*before, *after):
                    one.pop("told_at")
                assert after[: len(before)] == before
                page = gate.find(position.slug)
                assert page is not None
                for at, wording in said.items():
                    assert held_at(page, at) == wording
                for at in (begun, clock.now() - dt.timedelta(hours=6), clock.now()):
                    said[at] = held_at(page, at)


def test_nobody_decides_for_a_day_on_which_who_stands_behind_it_may_not_speak(paper: Paper) -> None:
    day = clock.today() + 3 * DAY
    Tenure.objects.filter(person=paper.person).update(ends=day - DAY)
    with pytest.raises(NotPublishable, match="Kim Ek"):
        stand(paper, on=day)
    stand(paper, on=day - DAY)
    assert decided_in_advance(paper.person, day - DAY) == []
    (said,) = decided_in_advance(paper.person, clock.today())  # whose last day is moved afterwards
    assert TITLE in said


def test_what_the_public_has_read_cannot_be_changed_or_taken_away_by_any_way(paper: Paper) -> None:
    position = stand(paper, causes=[Led(exchange_id=stage().publish().pk)])
    row = Wording.objects.get()
    row.text = "Något annat."
    for act in (
        row.save,
        row.delete,
        lambda: row.save(update_fields=["text"]),
        lambda: Wording.objects.filter(position=position).update(text="x"),
        lambda: Wording.objects.all().delete(),
        lambda: Wording.objects.bulk_update([row], ["text"]),
        lambda: Cause.objects.all().delete(),
        lambda: Cause.objects.get().delete(),
        lambda: Cause.objects.update(exchange=None),
        lambda: Cause.objects.create(wording=row, exchange=stage().publish()),
    ):
        with pytest.raises(AlreadyPublic), transaction.atomic():
            act()
    assert Wording.objects.get().text == TEXT
    assert Cause.objects.count() == 1


def test_two_wordings_never_hold_at_one_instant_nor_wait_two_drafts(paper: Paper) -> None:
    position = stand(paper)
    row = Wording.objects.get()
    services.write(position, written(paper, text="Ny."), by=paper.editor)
    for changes in (
        {"decided_at": row.decided_at, "decided_by": paper.editor, "holds_from": row.holds_from},
        {},
    ):
        twin = Wording(position=position, title="x", text="y", person=paper.person, function=paper.function)
        twin.written_at, twin.written_by = clock.now(), paper.editor
        for name, value in changes.items():
            setattr(twin, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


def test_a_draft_shows_nothing_and_a_decided_wording_waits_for_its_day(paper: Paper) -> None:
    draft = services.begin(written(paper), paper.function, [], by=paper.editor)
    assert not gate.public().exists()
    services.decide(draft, by=paper.editor, on=clock.today() + DAY)
    slug = Position.objects.get().slug
    assert gate.find(slug) is None
    assert gate.page().positions == ()
    assert not Event.objects.filter(fact="entry_changed").exists()
    with clock.moved(DAY):
        assert gate.find(slug) is not None, "by the clock, whether or not the worker ran"
        clockwork.keep_times(TICK)
        clockwork.keep_times(TICK)
        assert Event.objects.filter(fact="entry_changed").count() == 1
        assert [one.kind for one in entries.search("plogas").entries] == [entries.POSITION]
        with pytest.raises(NotPublishable, match="dag har kommit"):
            services.take_back(Wording.objects.get(), by=paper.editor)


def test_what_waits_for_its_day_is_taken_back_and_another_cannot_pass_it(paper: Paper) -> None:
    position = stand(paper)
    coming = change(paper, position, text="Sedan.", on=clock.today() + DAY)
    with pytest.raises(NotPublishable, match="väntar"):
        services.write(position, written(paper, text="Nu."), by=paper.editor)
    with pytest.raises(NotPublishable, match="väntar"):
        withdraw(paper, position)
    services.take_back(coming, by=paper.editor)
    with clock.moved(2 * DAY):
        assert gate.find(position.slug).newest.text == TEXT  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": "Ny lydelse.", "reason": " "}, "varför"),
        ({}, "gäller redan"),
        ({"text": "Ny.", "title_en": "Only a headline"}, "engelska"),
        ({"text": "Ring 19811218-9876 om snö."}, "19811218-9876"),
    ],
)
def test_a_change_needs_a_reason_new_words_and_nothing_of_a_person(
    paper: Paper, changes: dict[str, Any], why: str
) -> None:
    position = stand(paper)
    with pytest.raises(NotPublishable, match=why):
        change(paper, position, **changes)
    assert len(gate.find(position.slug).wordings) == 1  # type: ignore[union-attr]


def test_days_that_were_are_not_chosen_and_the_person_must_hold_the_function(paper: Paper) -> None:
    draft = services.begin(written(paper), paper.function, [], by=paper.editor)
    with pytest.raises(NotPublishable, match="efter i dag"):
        services.decide(draft, by=paper.editor, on=clock.today())
    Tenure.objects.filter(person=paper.person).update(ends=clock.today() - DAY)
    with pytest.raises(NotPublishable, match="Kim Ek"):
        services.decide(draft, by=paper.editor)


@pytest.mark.parametrize("role", [Role.ANSWERER, Role.EXTERNAL, Role.REGISTRAR, Role.ADMINISTRATOR])
def test_only_who_may_publish_does_anything(paper: Paper, role: Role) -> None:
    other, position = member("annan@norrvik.example", role), stand(paper)
    row = Wording.objects.get()
    for act in (
        lambda: services.begin(written(paper), paper.function, [], by=other),
        lambda: services.write(position, written(paper), by=other),
        lambda: services.decide(row, by=other),
        lambda: services.take_back(row, by=other),
        lambda: services.discard(row, by=other),
        lambda: services.describe(position, paper.function, [], by=other),
        lambda: services.withdraw(position, "x", person=paper.person, function=paper.function, by=other),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_withdrawn_position_keeps_its_page_and_may_stand_again(paper: Paper) -> None:
    position = stand(paper)
    withdraw(paper, position, "Vi tänkte fel.")
    shown = gate.find(position.slug)
    assert shown is not None
    assert (shown.stands, shown.newest.reason, shown.last_said.text) == (False, "Vi tänkte fel.", TEXT)
    with pytest.raises(NotPublishable):
        withdraw(paper, position)
    change(paper, position, reason="Vi tänkte om igen.")
    assert gate.find(position.slug).stands  # type: ignore[union-attr]
    assert AuditEntry.objects.filter(action="positions.withdrawn", user=paper.editor).count() == 1


def test_two_editors_on_one_draft_and_the_later_one_is_told(paper: Paper) -> None:
    draft = services.begin(written(paper), paper.function, [], by=paper.editor)
    seen = draft.written_at
    services.write(draft.position, written(paper, text="Första."), by=paper.editor, seen=seen)
    with pytest.raises(services.SavedElsewhere) as refusal:
        services.write(draft.position, written(paper, text="Andra."), by=paper.editor, seen=seen)
    assert refusal.value.draft.text == "Första."
    assert Wording.objects.get().text == "Första."


def test_a_person_who_did_not_agree_is_not_named_anywhere(paper: Paper) -> None:
    position = stand(paper)
    Person.objects.update(shown=False)
    shown = gate.find(position.slug)
    assert shown is not None
    assert shown.newest.name == shown.newest.person_title == ""
    assert gate.page(person=paper.person.pk).positions == ()
    assert list(gate.authors()) == []


def test_what_cannot_be_judged_stays_closed(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    position = stand(paper)
    monkeypatch.setattr(gate, "PublishedWording", lambda **_: 1 / 0)
    assert gate.find(position.slug) is None
    assert gate.page().positions == ()
    assert "could not be judged" in caplog.text


def test_causes_are_read_from_numbers_and_addresses_and_shown_while_they_are_public(paper: Paper) -> None:
    staged = stage()
    exchange = staged.publish()
    led, unknown = read(
        f"{exchange.number}\nhttps://x.example/fragor/{exchange.number}-snö?a=1\n1999-000001\nhej"
    )
    assert led == [Led(exchange_id=exchange.pk)]
    assert unknown == ["1999-000001", "hej"]
    position = stand(paper, causes=led)
    assert [one.exchange.number for one in gate.find(position.slug).newest.causes] == [exchange.number]  # type: ignore[union-attr]
    publishing.withdraw(exchange, "Fel", by=staged.editor)
    assert gate.find(position.slug).newest.causes == ()  # type: ignore[union-attr]
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    english = post.copy_for_translation(home("en").locale)
    posts.publish(english, by=paper.editor)
    for one in (post, english):
        led = [Led(post_id=one.pk)]
        assert read(f"https://x.example{one.url}") == (led, []), "a translation has the slug of its original"


def test_search_finds_every_wording_by_its_stems_and_nothing_that_is_not_public(paper: Paper) -> None:
    position = stand(paper, text="Traktorerna kör på natten.")
    change(paper, position, text="Hästarna drar plogen.")
    services.write(position, written(paper, text="Renarna drar."), by=paper.editor)
    for words, hits in (("traktor", 1), ("hästar plogen", 1), ("ren", 0), ("", 0), ('" OR 1=1', 0)):
        assert len(entries.search(words).entries) == hits, words
    assert telling.rebuild() == 1
    assert len(entries.search("traktor").entries) == 1


def test_a_change_is_told_as_a_new_entry_in_the_streams_of_topic_function_and_person(paper: Paper) -> None:
    topic = Topic.objects.create(slug="sno", name="Snö")
    position = stand(paper, topic)
    first = entries.page("sv").entries[0]
    change(paper, position, text="Ny lydelse.")
    for which in (
        entries.Narrowing(),
        entries.Narrowing(topic="sno"),
        entries.Narrowing(function=paper.function.slug),
        entries.Narrowing(person=paper.person.pk),
    ):
        (entry,) = entries.page("sv", which=which).entries
        assert entry.place != first.place
    assert entries.is_shown(entry.kind, entry.place)
    assert not entries.is_shown(first.kind, first.place)
    assert list(entries.topics()) == [topic]
    assert list(entries.authors()) == [paper.person]


def test_addresses_are_never_given_twice(paper: Paper) -> None:
    assert [stand(paper, title=title).slug for title in (TITLE, TITLE, "شتاء", "شتاء")] == [
        "hur-snabbt-plogar-vi",
        "hur-snabbt-plogar-vi-2",
        "standpunkt",
        "standpunkt-2",
    ]


@pytest.mark.parametrize("many", [1, 12])
def test_lists_and_one_position_cost_the_same_however_much_there_is(
    paper: Paper, many: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    topic = Topic.objects.create(slug="sno", name="Snö")
    for number in range(many):
        position = stand(paper, topic, title=f"Nummer {number}")
    for number in range(many):
        change(paper, position, text=f"Lydelse {number}.", causes=[Led(exchange_id=stage().publish().pk)])
    with django_assert_num_queries(3):
        assert gate.by_topic(6)[0].count == many
    with django_assert_num_queries(1):
        gate.page(size=20)
    with django_assert_num_queries(7):
        assert len(gate.find(position.slug).wordings) == many + 1  # type: ignore[union-attr]
