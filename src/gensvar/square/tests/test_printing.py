"""A public page on paper: an address stands there once, and what can only be pressed does not stand there at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gensvar.publishing.tests.scene import stage

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITTEN_AFTER = "links => links.map(one => getComputedStyle(one, '::after').content)"


def on_paper(page: Page, address: str) -> None:
    page.goto(address)
    page.emulate_media(media="print")


def test_an_address_in_an_answer_is_printed_once(open_page: Callable[..., Page], live_server: Any) -> None:
    exchange = stage(answer="Se kartan: https://norrvik.example/plogkarta").publish()
    page = open_page(base_url=live_server.url)
    on_paper(page, f"/fragor/{exchange.number}-{exchange.slug}")
    links = page.locator(".words a")
    expect(links).to_have_text(["https://norrvik.example/plogkarta"])
    after = links.evaluate_all(WRITTEN_AFTER)
    assert after == ["none"]


def test_the_addresses_of_feeds_are_printed_once(open_page: Callable[..., Page], live_server: Any) -> None:
    page = open_page(base_url=live_server.url)
    on_paper(page, "/folj")
    after = page.locator(".feeds a").evaluate_all(WRITTEN_AFTER)
    assert set(after) == {"none"}


def test_a_link_whose_words_say_something_else_has_its_address_after_it(
    open_page: Callable[..., Page], live_server: Any
) -> None:
    page = open_page(base_url=live_server.url)
    on_paper(page, "/folj")
    page.locator("main").evaluate(
        "main => { main.innerHTML = '<a href=\"https://norrvik.example/\">Se</a>' }"
    )
    (after,) = page.locator("main a").evaluate_all(WRITTEN_AFTER)
    assert "https://norrvik.example/" in after or "attr(href)" in after  # as browsers compute it


def test_no_button_is_printed(open_page: Callable[..., Page], live_server: Any) -> None:
    exchange = stage().publish()
    page = open_page(base_url=live_server.url)
    on_paper(page, f"/fragor/{exchange.number}-{exchange.slug}")
    button = page.locator("a.ds-button", has_text="Skriv en kommentar")
    expect(button).to_have_count(1)
    expect(button).to_be_hidden()
