"""Where we are: what each place says, how long an answer usually takes, and the same list in other forms."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Contact, Conversation, Message
from gensvar.core import clock
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.square import directory
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 9, 14, 9, tzinfo=dt.UTC)


def answered(point: ContactPoint, days: int, *, first: str = "in", **changes: Any) -> Conversation:
    """A conversation that was answered that many days after Monday the fourteenth of September 2026.

    `first`: whose the first word was, theirs or ours.
    """
    number = Conversation.objects.count() + 1
    at = MONDAY + dt.timedelta(days=days)
    fields = {"opened_at": MONDAY, "last_at": at, "answered_at": at, "function": point.function}
    found = Conversation.objects.create(
        number=f"2026-{number:06d}",
        subject="En fråga",
        channel=point.channel,
        contact_point=point,
        **fields | changes,
    )
    for direction, said_at in ((first, found.opened_at), ("in", found.last_at)):
        Message.objects.create(
            conversation=found, direction=direction, author="resident", channel=point.channel, at=said_at
        )
    return found


@pytest.fixture
def form() -> ContactPoint:
    """The form of a town, on the Monday after the one that was asked on."""
    return scene.town().form


def usual(point: ContactPoint) -> int | None:
    """What is measured for it a week later."""
    with clock.moved(MONDAY + dt.timedelta(days=10) - clock.now()):
        return directory.usual_times().get(point.pk)


def test_the_usual_time_is_the_median_of_working_days(form: ContactPoint) -> None:
    for days in (0, 1, 1, 7, 8):  # 7 days on is five working days on
        answered(form, days)
    assert usual(form) == 1
    for days in (7, 7, 8):
        answered(form, days)
    assert usual(form) == 5
    for _one in range(6):
        answered(form, 0, answered_at=None)  # ten days ago: as slow as the slowest at least
    assert usual(form) == 6
    for _one in range(3):
        answered(form, 0, answered_at=None)
    assert usual(form) is None
    with clock.moved(MONDAY + dt.timedelta(days=10) - clock.now()):
        assert directory.usual_times() == {form.pk: None}


def test_whoever_wrote_within_what_is_promised_makes_no_place_slow(form: ContactPoint) -> None:
    for _one in range(5):
        answered(form, 0, answered_at=None)
    for days, found in ((7, {}), (8, {form.pk: None})):  # five working days are promised
        with clock.moved(MONDAY + dt.timedelta(days=days) - clock.now()):
            assert directory.usual_times() == found


def test_four_answers_say_nothing(form: ContactPoint) -> None:
    for _ in range(4):
        answered(form, 1)
    hidden = Contact.objects.create(name="", protected=True, created_at=MONDAY)
    answered(form, 1, contact=hidden)
    answered(form, 1, imported=True)
    answered(form, 1, first="out")
    answered(form, 1, state="spam")
    answered(form, 1, opened_at=MONDAY - dt.timedelta(days=200), answered_at=MONDAY - dt.timedelta(days=100))
    assert usual(form) is None
    answered(form, 1)
    assert usual(form) == 1


def test_the_page_says_how_long_it_usually_takes_and_whose_links_are_ours(client: Client) -> None:
    town = scene.town()
    ContactPoint.objects.create(
        channel="feed",
        address="https://social.example/@norrvik",
        name="Norrvik i fediversum",
        function=town.function,
        state="live",
        place="feed",
    )
    now = clock.now()
    for _ in range(5):
        answered(town.form, 0, opened_at=now, last_at=now, answered_at=now)
    short = short_links.make(ShortLink.Kind.PLACE, str(town.form.pk), by=None)
    page = client.get("/har-finns-vi").content.decode()
    assert f'/k/{short.code}"' in page
    assert "Oftast svar samma dag" in page
    assert 'href="https://social.example/@norrvik" rel="me"' in page
    assert page.count('rel="me"') == 1
    assert f'id="plats-{town.form.pk}"' in page
    assert "usually an answer the same day" in client.get("/en/har-finns-vi/utskrift").content.decode()


def test_the_same_list_is_there_for_machines_and_spreadsheets(client: Client) -> None:
    town = scene.town()
    ContactPoint.objects.filter(pk=town.form.pk).update(purpose='=HYPERLINK("x")', notice="Rad ett\nrad två")
    ContactPoint.objects.create(
        channel="phone",
        address="+46 999 10 00 00",
        name="Växeln",
        function=town.function,
        state="closed",
        opened_on=dt.date(2020, 1, 1),
        closed_on=dt.date(2026, 1, 31),
        archiving="E-arkivet, serie F4",
    )
    ContactPoint.objects.create(
        channel="email", address="hemlig@norrvik.example", name="Kommande", function=town.function
    )
    found = json.loads(client.get("/har-finns-vi.json").content)["places"]
    assert [(one["group"], one["name"]) for one in found] == [("talk", "Skriv här"), ("closed", "Växeln")]
    assert found[0]["link"].startswith("http")
    assert found[0]["function"] == "Gata & park"
    assert found[1]["closed"] == "2026-01-31"
    assert found[1]["archive"] == "E-arkivet, serie F4"
    response = client.get("/har-finns-vi.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0]["purpose"].startswith("'=")
    assert rows[0]["notice"] == "Rad ett\nrad två"
    assert rows[1]["address"] == "+46 999 10 00 00"


@pytest.mark.parametrize("path", ["/har-finns-vi", "/har-finns-vi/utskrift"])
def test_the_directory_costs_the_same_however_many_places_there_are(
    client: Client, path: str, django_assert_num_queries: Callable[[int], Any]
) -> None:
    town = scene.town()
    client.get(path)
    for number in range(7):
        ContactPoint.objects.create(
            channel="email",
            address=f"plats{number}@norrvik.example",
            name=f"Plats {number}",
            function=town.function,
            owner=town.person,
            state="live",
        )
    with django_assert_num_queries(4):  # the places, the times, the short links; what stands round every page
        assert client.get(path).content.decode().count("plats6@") >= 1
