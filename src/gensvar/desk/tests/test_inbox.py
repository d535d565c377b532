"""The inbox as plain pages: what each person sees, how a row reads, and how many questions it costs the database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation
from gensvar.conversations.queries import QueueName
from gensvar.core.roles import Role
from gensvar.desk import inbox
from gensvar.desk.tests.scene import Town, envelope_that_failed, logged_in, question
from gensvar.people.tests.factories import make_function, make_person, user_of

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def test_a_stranger_is_asked_to_log_in() -> None:
    answer = Client().get("/desk/inkorg/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/login/?next=/desk/inkorg/")


def test_the_inbox_is_what_one_lands_on(town: Town) -> None:
    assert logged_in(town.kim).get("/desk/")["Location"] == "/desk/inkorg/"


def test_a_row_says_who_about_what_by_which_form_and_whose_turn(town: Town) -> None:
    found = question(town.mailbox)
    page = logged_in(town.kim).get("/desk/inkorg/?queue=functions").content.decode()
    assert found.number in page
    for words in ("Anna Lind", "Snöröjning på Storgatan", "väntar på oss", "ingens än"):
        assert words in page


def test_nobody_sees_what_belongs_to_another_function(town: Town) -> None:
    found = question(town.school_mailbox, "Läxhjälp")
    client = logged_in(town.kim)
    assert "Läxhjälp" not in client.get("/desk/inkorg/?queue=all").content.decode()
    assert client.get(f"/desk/inkorg/{found.number}/").status_code == 404
    assert logged_in(town.sam).get(f"/desk/inkorg/{found.number}/").status_code == 200
    assert logged_in(town.by_role[Role.REGISTRAR]).get(f"/desk/inkorg/{found.number}/").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_it_can_be_passed_on_however_it_was_opened_and_what_was_done_is_said_where_one_looks(
    town: Town, headers: dict[str, str]
) -> None:
    found, kim = question(town.mailbox), logged_in(town.kim)
    page = kim.get(f"/desk/inkorg/{found.number}/", headers=headers).content.decode()
    stood, came = re.search(r"Så stod det (\S+) \S+\.", page), re.search(r'data-on-paper="(\S+) ', page)
    assert stood is not None
    assert came is not None
    assert stood[1] == came[1]  # on a paper "today" would be no day
    offered = page.partition("/lamna-over/")[2].partition("</select>")[0]
    assert f'value="{town.school_mailbox.function.slug}"' in offered
    assert f'value="{town.mailbox.function.slug}"' not in offered
    done = kim.post(f"/desk/inkorg/{found.number}/stang/", headers=headers, follow=True).content.decode()
    stays_in_view = done.partition("desk-thread-head")[2].partition("</header>")[0]
    assert ("Stängt." in stays_in_view) == bool(headers)  # of a whole page Wagtail says it above all


def test_a_list_costs_the_same_however_long_it_is(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(town.robin)
    for number in range(30):
        question(town.mailbox, f"Fråga {number}")
    client.get("/desk/inkorg/?queue=functions")  # Wagtail and Django remember what they look up once
    with django_assert_max_num_queries(24) as taken:
        page = client.get("/desk/inkorg/?queue=functions").content.decode()
    cost = len(taken)
    assert page.count('class="desk-row ') == 25
    for number in range(30):
        question(town.school_mailbox, f"Läxa {number}")
    with django_assert_max_num_queries(cost):
        client.get("/desk/inkorg/?queue=functions")


def test_the_poll_costs_little_when_nothing_changed(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(town.kim)
    question(town.mailbox)
    version = client.get("/desk/inkorg/nytt/").json()["version"]
    with django_assert_max_num_queries(7):
        assert client.get(f"/desk/inkorg/nytt/?version={version}").status_code == 204


def test_a_thread_costs_the_same_however_long_it_is(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    asked = question(town.mailbox)
    client = logged_in(town.kim)
    address = f"/desk/inkorg/{asked.number}/"
    client.get(address)
    with django_assert_max_num_queries(57) as taken:
        client.get(address)
    cost = len(taken) + 1  # whether those whom notes name can read them
    client.post(f"{address}skriv/", {"kind": "note", "text": "@Robin Öst", "act": "send"})
    with django_assert_max_num_queries(cost):
        client.get(address)
    for number in range(5):
        client.post(f"{address}skriv/", {"kind": "note", "text": f"@Robin Öst, {number}", "act": "send"})
    with django_assert_max_num_queries(cost):
        client.get(address)


def test_twenty_five_rows_at_a_time_each_once(town: Town) -> None:
    numbers = {question(town.mailbox, f"Fråga {number}").number for number in range(30)}
    client = logged_in(town.kim)
    first = client.get("/desk/inkorg/?queue=functions").content.decode()
    more = re.search(r'id="desk-more"><a href="([^"]+)"', first)
    assert more is not None
    second = client.get(more[1].replace("&amp;", "&")).content.decode()
    shown = re.findall(r'id="row-(2[\d-]+)"', first), re.findall(r'id="row-(2[\d-]+)"', second)
    assert [len(rows) for rows in shown] == [25, 5]
    assert set(shown[0]) | set(shown[1]) == numbers


def test_search_and_filters_live_in_the_address(town: Town) -> None:
    snow = question(town.mailbox, "Snöröjningen", text="Ingen har plogat här")
    lamp = question(town.school_mailbox, "Lampan", text="Det är mörkt")
    client = logged_in(town.robin)
    page = client.get("/desk/inkorg/?q=snöröjning").content.decode()
    assert snow.number in page
    assert lamp.number not in page
    page = client.get(f"/desk/inkorg/?queue=functions&function={town.schools.slug}").content.decode()
    assert lamp.number in page
    assert snow.number not in page
    page = client.get("/desk/inkorg/?queue=functions&channel=web").content.decode()
    assert "Inget hittades" in page
    conversations.mark_spam(snow, by=user_of(town.robin))
    assert snow.number not in client.get("/desk/inkorg/?queue=mine&q=snöröjning").content.decode()
    page = client.get("/desk/inkorg/?queue=spam&q=snöröjning").content.decode()
    assert snow.number in page
    assert "Sökning i skräp: snöröjning" in page
    assert lamp.number not in client.get("/desk/inkorg/?queue=spam&q=lampan").content.decode()


@pytest.mark.parametrize("said", ["{}", " ({}) ", "{y}-{n}", "{y} – {n}", "{y} {n:06}", "{y}{n:06}"])
def test_the_number_that_somebody_says_on_the_phone_is_found(town: Town, said: str) -> None:
    asked, closed = (
        question(town.mailbox),
        question(town.mailbox, "Lampan", text="Som i 2026-000001, sade ni."),
    )
    hidden = question(town.school_mailbox, sender="Cia Alm <cia@example.org>")
    kim = logged_in(town.kim)

    def rows(one: Conversation) -> list[str]:
        year, number = one.number.split("-")
        words = said.format(one.number, y=year, n=int(number))
        page = kim.get("/desk/inkorg/", {"q": words}).content.decode()
        return re.findall(r'id="row-(2[\d-]+)"', page)

    assert rows(asked)[0] == asked.number
    assert rows(hidden) == []
    conversations.close(asked, by=user_of(town.robin))
    assert rows(asked)[0] == asked.number
    conversations.merge(asked, closed, by=user_of(town.robin))
    assert rows(asked) == [closed.number]


@pytest.mark.parametrize(
    "query", ["queue=nothing", "queue=function:none", "before=x", "queue=mine&before=9999999-1", "q=%00"]
)
def test_an_address_that_makes_no_sense_still_opens(town: Town, query: str) -> None:
    assert logged_in(town.kim).get(f"/desk/inkorg/?{query}").status_code == 200
    assert logged_in(town.kim).get(f"/desk/inkorg/nytt/?{query}").status_code == 200


def test_who_reads_all_and_holds_no_function_is_not_told_that_all_are_theirs(town: Town) -> None:
    client = logged_in(town.by_role[Role.REGISTRAR])
    assert "<title>Alla " in " ".join(
        client.get("/desk/inkorg/").content.decode().split()
    )  # what came, first
    registrar = client.get("/desk/inkorg/?queue=functions").content.decode()
    assert "Mina funktioner" not in registrar
    assert registrar.count("Alla funktioner") >= 2  # in the column and above the list
    assert "Mina funktioner" in logged_in(town.kim).get("/desk/inkorg/").content.decode()


def test_an_empty_queue_is_a_pleasant_sight(town: Town) -> None:
    assert "Inget väntar på dig" in logged_in(town.kim).get("/desk/inkorg/").content.decode()


@pytest.mark.parametrize(
    "address", ["/desk/utkorg/", "/desk/kuvert/", "/desk/personer/", "/desk/funktioner/", "/desk/platser/"]
)
def test_the_other_lists_cost_the_same_however_long(
    town: Town, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = logged_in(town.by_role[Role.ADMINISTRATOR])
    question(town.mailbox)
    envelope_that_failed(town.mailbox)
    client.get(address)
    with django_assert_max_num_queries(16) as taken:
        client.get(address)
    cost = len(taken)
    for number in range(5):
        question(town.mailbox, f"Fråga {number}")
        make_person(f"Person {number}", make_function(f"Funktion {number}"))
    with django_assert_max_num_queries(cost):
        assert client.get(address).status_code == 200


def test_every_queue_has_its_name_for_people() -> None:
    assert list(inbox.QUEUES) == list(QueueName)


def test_what_comes_while_a_page_is_made_is_new_to_that_page(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = logged_in(town.kim)
    made = inbox.list_context
    came: list[str] = []

    def and_then_a_word_comes(*args: Any) -> dict[str, Any]:
        context = made(*args)
        came.append(question(town.mailbox).number)
        return context

    monkeypatch.setattr(inbox, "list_context", and_then_a_word_comes)
    page = client.get("/desk/inkorg/?queue=functions").content.decode()
    monkeypatch.undo()
    assert came[0] not in page
    version = re.search(r'data-version="(\d+)"', page)
    assert version is not None
    assert came[0] in client.get(f"/desk/inkorg/nytt/?queue=functions&version={version[1]}").json()["rows"]


def test_a_conversation_with_two_answers_is_one_of_the_similar_ones(town: Town) -> None:
    kim = logged_in(town.kim)
    old = question(town.mailbox, "Snöröjning på Storgatan")
    for text in ("I kväll plogar vi.", "I morgon också."):
        kim.post(f"/desk/inkorg/{old.number}/skriv/", {"kind": "answer", "text": text, "act": "send"})
    new = question(town.mailbox, "Snöröjning på Lillgatan", sender="Bo Ek <bo@example.org>")
    page = kim.get(f"/desk/inkorg/{new.number}/").content.decode()
    assert page.count('<summary dir="auto">Snöröjning på Storgatan') == 1
    assert "I morgon också." in page
    assert "I kväll plogar vi." not in page
