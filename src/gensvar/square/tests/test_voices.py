"""How many voices speak, in public: by function, nobody named, of whole quarters, never one person's figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock, freshness
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person
from gensvar.routing.tests.scene import fresh, word_comes
from gensvar.square import voices
from gensvar.voices import sums
from gensvar.voices.models import SaidDay, SaidMonth

pytestmark = pytest.mark.django_db


def said(function: Function, *messages: int, day: dt.date | None = None) -> list[Person]:
    """New persons of the function said so much, on the last day of the last whole quarter unless told."""
    day = day or voices.last_quarter(clock.today()).ends
    place = make_contact_point(function, address=f"{function.slug}@norrvik.example")
    people = [make_person(f"Person {function.slug} {number}", function) for number in range(len(messages))]
    for person, count in zip(people, messages, strict=True):
        SaidDay.objects.create(
            day=day,
            person=person,
            function=function,
            contact_point=place,
            channel="email",
            messages=count,
            words=count * 10,
        )
    sums.write_all_months()
    return people


def test_functions_are_shown_by_name_and_the_small_ones_together(client: Client) -> None:
    said(make_function("Skola"), 20, 20, 20)
    said(make_function("Gata & park"), 10, 10, 10)
    said(make_function("Badhuset"), 4)
    said(make_function("Biblioteket"), 3, 3)
    page = client.get("/roster").content.decode()
    assert page.index("Gata &amp; park") < page.index("Skola"), "by name, not by size"
    assert '<th scope="row">Gata &amp; park</th><td>30</td><td>30\N{NO-BREAK SPACE}%</td>' in page
    assert "2 övriga funktioner tillsammans</th><td>10</td>" in page
    for hidden in ("Badhuset", "Biblioteket", "Person "):
        assert hidden not in page
    assert "minst 2,2 funktioner" in page  # 100² / (60² + 30² + 10²)
    assert "9 personer" in page
    assert "33%" not in client.get("/en/roster").content.decode()
    assert 'dir="rtl"' in client.get("/ar/roster").content.decode()


def test_too_few_are_not_told_of(client: Client) -> None:
    said(make_function("Badhuset"), 40, 2)
    page = client.get("/roster").content.decode()
    assert "Badhuset" not in page
    assert "<table" not in page
    assert "pekar ut någon" in page


def asked(function: Function, *hours: float | None) -> None:
    """That many questions came in the last whole quarter, answered after so many hours or never (None)."""
    place = make_contact_point(function, address=f"fraga-{function.slug}@norrvik.example")
    for wait in hours:
        word = word_comes(place)
        found = fresh(word.conversation)
        ends = voices.last_quarter(clock.today()).ends
        opened = found.opened_at - (clock.today() - ends) - dt.timedelta(days=1)
        answered = None if wait is None else opened + dt.timedelta(hours=wait)
        Conversation.objects.filter(pk=found.pk).update(opened_at=opened, answered_at=answered)
        Message.objects.filter(pk=word.pk).update(at=opened)


def test_how_much_is_unanswered_and_how_long_it_takes_stand_beside_each_function(client: Client) -> None:
    schools, streets, baths, library, museum = (
        make_function(name) for name in ("Skola", "Gata & park", "Badhuset", "Biblioteket", "Museet")
    )
    said(schools, 20, 20, 20)
    said(streets, 10, 10, 10)
    said(baths, 4)
    said(library, 3, 3)
    asked(schools, 72, 72, 96, 96, 120, None)  # five were answered
    asked(streets, 2, 2, 2, 2, None)  # four
    asked(baths, 1, None)
    asked(library, None)
    asked(museum, None, None, None)  # has not spoken
    page = client.get("/roster").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert ">Skola</th><td>60</td><td>60 %</td><td>17 %</td><td>4 dygn</td>" in page
    assert ">Gata &amp; park</th><td>30</td><td>30 %</td><td>20 %</td><td>–</td>" in page
    assert "2 övriga funktioner tillsammans</th><td>10</td><td>10 %</td><td>–</td><td>–</td>" in page
    assert "Av 17 frågor som ställdes under de här månaderna är 41 % obesvarade i dag" in page
    assert "Hälften får svar inom 4 dygn" in page, "with the seven who wait: of all seventeen the ninth"
    assert "Museet" not in page


def test_a_function_of_which_few_asked_is_not_told_by_leaving_it_out_of_the_total(client: Client) -> None:
    schools, streets = make_function("Skola"), make_function("Gata & park")
    said(schools, 20, 20, 20)
    said(streets, 10, 10, 10)
    asked(schools, *[None] * 9)
    asked(streets, None)
    page = client.get("/roster").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Av 10 frågor" in page
    assert "Färre än hälften har fått svar hittills" in page
    assert ">Skola</th><td>60</td><td>67 %</td><td>–</td><td>–</td>" in page


def test_only_whole_quarters_count_and_no_two_share_a_day(client: Client) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    quarters = dict.fromkeys(voices.last_quarter(day) for day in days)
    assert [(str(one.starts), str(one.ends)) for one in quarters] == [
        ("2025-10-01", "2025-12-31"),
        ("2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-06-30"),
        ("2026-07-01", "2026-09-30"),
        ("2026-10-01", "2026-12-31"),
    ]
    said(make_function("Skola"), 20, 20, 20, day=clock.today())
    assert "Skola" not in client.get("/roster").content.decode()


@pytest.mark.parametrize("functions", [1, 9])
def test_it_costs_the_same_however_many_speak(
    client: Client, functions: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(functions):
        said(make_function(f"Kontor {number}"), 3, 3, 3)
    client.get("/roster")
    with django_assert_num_queries(8):
        client.get("/roster")


@pytest.mark.parametrize("model", [SaidDay, SaidMonth])
def test_an_answer_that_is_counted_makes_no_public_page_anew_but_one_that_is_taken_away_does(
    model: type[SaidDay | SaidMonth],
) -> None:
    with freshness.unseen():
        said(make_function("Skola"), 3)
    row, before = model._default_manager.get(), freshness.signature()
    model._default_manager.update(messages=4)
    row.pk, row.channel = None, "web"
    row.save()
    assert freshness.signature() == before
    model._default_manager.all().delete()
    assert freshness.signature() != before
