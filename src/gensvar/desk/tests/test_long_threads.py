"""A conversation of hundreds of words: the newest part first, the others by address, each at the same small cost."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.queries import thread_part
from gensvar.desk.tests.scene import Town, logged_in, make_town, question
from gensvar.people.tests.factories import user_of

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


def lengthen(conversation: Conversation, count: int) -> None:
    """Let a conversation go on for so many words more, a minute between them."""
    first = conversation.messages.order_by("at", "pk")[0]
    last = conversation.messages.order_by("-at", "-pk")[0]
    more = []
    for number in range(1, count + 1):
        word = copy.copy(first)
        word.pk, word.envelope_id = None, None
        word.message_id, word.text = f"<{number}-{last.pk}@long.example>", f"Ord nummer {number} här"
        word.at = last.at + dt.timedelta(minutes=number)
        more.append(word)
    Message.objects.bulk_create(more)


def shown(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<li id="word-(\d+)"', page)]


def link(page: str, pattern: str) -> str:
    found = re.search(rf'href="([^"]*{pattern}[^"]*)"', page)
    assert found is not None, pattern
    return found[1].replace("&amp;", "&")


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def asked(town: Town) -> Conversation:
    return question(town.mailbox)


@pytest.fixture
def kim(town: Town) -> Client:
    return logged_in(town.kim)


def at(conversation: Conversation) -> str:
    return f"/desk/inkorg/{conversation.number}/"


def test_ten_words_and_five_hundred_cost_the_same(kim: Client, asked: Conversation) -> None:
    lengthen(asked, 9)
    kim.get(at(asked))
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(shown(kim.get(at(asked)).content.decode())) == 10
    lengthen(asked, 490)
    with CaptureQueriesContext(connection) as many:
        assert len(shown(kim.get(at(asked)).content.decode())) == 50
    assert len(many) == len(few) <= 57


def test_every_word_is_reached_backwards_by_addresses_alone(kim: Client, asked: Conversation) -> None:
    lengthen(asked, 120)
    page = kim.get(f"{at(asked)}?queue=functions").content.decode()
    parts = [shown(page)]
    while "until=" in page:
        page = kim.get(link(page, "until=")).content.decode()
        assert "queue=functions" in page
        parts.append(shown(page))
    assert [len(part) for part in parts] == [50, 50, 21]
    everything = [pk for part in reversed(parts) for pk in part]
    assert everything == list(asked.messages.order_by("at", "pk").values_list("pk", flat=True))


def test_one_answers_under_the_newest_word_and_is_led_there(kim: Client, asked: Conversation) -> None:
    lengthen(asked, 120)
    first = asked.messages.order_by("at")[0]
    page = kim.get(f"{at(asked)}?word={first.pk}").content.decode()
    assert first.pk in shown(page)
    assert 'id="desk-composer"' not in page
    assert "Till det nyaste" in page
    later = kim.get(link(page, r"word=\d+#word-")).content.decode()
    assert shown(page)[-1] in shown(later)
    assert shown(later)[-1] > shown(page)[-1]
    assert 'id="desk-composer"' in kim.get(at(asked)).content.decode()


def test_a_word_among_the_newest_opens_the_newest(kim: Client, asked: Conversation) -> None:
    lengthen(asked, 120)
    newest = asked.messages.order_by("-at")[3]
    page = kim.get(f"{at(asked)}?word={newest.pk}").content.decode()
    assert newest.pk in shown(page)
    assert 'id="desk-composer"' in page


def test_a_hit_leads_to_the_word_that_was_found(kim: Client, asked: Conversation) -> None:
    lengthen(asked, 120)
    first = asked.messages.order_by("at")[0]
    rows = kim.get("/desk/inkorg/?q=snöröjning").content.decode()
    address = link(rows, f"word={first.pk}#word-{first.pk}")
    assert first.pk in shown(kim.get(address).content.decode())


@pytest.mark.parametrize(
    "query", ["word=x", "word=0", "until=99999999999999999999", "until=-1", "word=1&until=2"]
)
def test_an_address_that_names_no_word_shows_the_newest(kim: Client, asked: Conversation, query: str) -> None:
    assert len(shown(kim.get(f"{at(asked)}?{query}").content.decode())) == 1


def test_a_word_of_another_conversation_names_nothing(asked: Conversation, town: Town) -> None:
    other = question(town.school_mailbox, "Läxor").messages.get()
    assert thread_part(asked, around=other.pk).newest
    assert thread_part(asked, until=other.pk).newest


def test_words_of_the_same_moment_stand_once_each(asked: Conversation) -> None:
    lengthen(asked, 30)
    asked.messages.update(at=asked.messages.first().at)  # type: ignore[union-attr]
    newest = thread_part(asked, size=10)
    before = thread_part(asked, until=newest.words[0].pk, size=10)
    assert newest.earlier
    assert not {word.pk for word in newest.words} & {word.pk for word in before.words}
    assert before.words[-1].pk < newest.words[0].pk


def test_what_is_typed_is_sent_though_a_word_with_an_old_date_came_in(
    kim: Client, asked: Conversation
) -> None:
    lengthen(asked, 60)
    late = asked.messages.order_by("-pk")[0]
    Message.objects.filter(pk=late.pk).update(at=late.at - dt.timedelta(days=9))
    page = kim.get(at(asked)).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    form = {"kind": "answer", "text": "Vi kommer.", "act": "send", "seen": seen[1]}
    assert "på väg" in kim.post(f"{at(asked)}skriv/", form, follow=True).content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_earlier_words_are_laid_above_and_a_link_to_an_old_word_finds_it(
    open_page: Callable[..., Page], live_server: LiveServer
) -> None:
    town = make_town()
    asked = question(town.mailbox)
    lengthen(asked, 120)
    first = asked.messages.order_by("at")[0]
    client = Client()
    client.force_login(user_of(town.kim))
    page = open_page(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page.goto(at(asked))
    page.locator("#desk-text").fill("Jag läser först.")
    page.get_by_role("link", name="Visa tidigare").click()
    page.locator(".desk-word-list > li[id^=word-]").nth(99).wait_for()
    page.get_by_role("link", name="Visa tidigare").click()
    page.locator(f"#word-{first.pk}").wait_for()
    expect(page.locator(".desk-word-list > li")).to_have_count(121)
    expect(page.locator("#desk-text")).to_have_value("Jag läser först.")
    page.goto("/desk/inkorg/?q=snöröjning")
    page.locator(".desk-row a").first.click()
    page.locator(f"#word-{first.pk}").wait_for()
    expect(page).to_have_url(re.compile(f"#word-{first.pk}$"))
    page.goto(f"{at(asked)}#word-{first.pk}")
    page.locator(f"#word-{first.pk}").wait_for()
    expect(page.locator(f"#word-{first.pk}")).to_be_in_viewport()
