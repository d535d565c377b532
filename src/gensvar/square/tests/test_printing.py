"""A public page on paper: an address stands there once, and what can only be pressed does not stand there at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect

from gensvar.core import clock
from gensvar.publishing.tests.scene import stage
from gensvar.square.tests import comments_scene, scene
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A4: Final[Any] = {"width": 680, "height": 960}  # what is left of it between a printer's margins
WRITTEN_AFTER = "links => links.map(one => getComputedStyle(one, '::after').content)"


def on_paper(page: Page, address: str) -> None:
    page.goto(address)
    page.emulate_media(media="print")


def test_an_address_in_an_answer_is_printed_once(open_page: Callable[..., Page], live_server: Any) -> None:
    exchange = stage(answer="Se kartan: https://norrvik.example/plogkarta").publish()
    page = open_page(base_url=live_server.url)
    on_paper(page, f"/fragor/{exchange.number}-{exchange.slug}")
    year = page.locator("article time [data-on-paper]").first
    printed = year.evaluate_all(WRITTEN_AFTER)
    page.emulate_media(media="screen")
    shown = year.evaluate_all(WRITTEN_AFTER)
    page.emulate_media(media="print")
    assert (printed, shown) == ([f'" {clock.today().year}"'], ["none"])
    links = page.locator(".words a")
    expect(links).to_have_text(["https://norrvik.example/plogkarta"])
    after = links.evaluate_all(WRITTEN_AFTER)
    assert after == ["none"]


def test_the_addresses_of_feeds_are_printed_once_and_one_that_words_hide_after_them(
    open_page: Callable[..., Page], live_server: Any
) -> None:
    page = open_page(base_url=live_server.url)
    on_paper(page, "/folj")
    feeds = page.locator(".feeds a").evaluate_all(WRITTEN_AFTER)
    assert set(feeds) == {"none"}
    page.locator("main").evaluate(
        "main => { main.innerHTML = '<a href=\"https://norrvik.example/\">Se</a>' }"
    )
    (after,) = page.locator("main a").evaluate_all(WRITTEN_AFTER)
    assert "https://norrvik.example/" in after or "attr(href)" in after  # as browsers compute it


def test_what_is_pressed_stays_off_the_paper_and_its_short_address_stands_there(
    open_page: Callable[..., Page], live_server: Any
) -> None:
    commented = comments_scene.make()
    comments_scene.shown(commented)
    page = open_page(base_url=live_server.url, viewport=A4)
    on_paper(page, commented.page)
    for name in ("Skriv en kommentar", "Svara till Bea", "Som mejl", "Kopiera", "Frågor och svar"):
        pressed = page.locator("nav, .comments, .share").get_by_text(name).first
        expect(pressed).to_be_attached()
        expect(pressed).to_be_hidden()
    short = page.get_by_label("Kort adress till den här sidan")
    expect(short).to_be_visible()
    expect(short).to_have_css("border-top-width", "0px")
    no_wider_than(page, A4["width"])


def test_the_sheet_of_places_says_where_the_form_is_and_a_fold_is_open_on_paper(
    open_page: Callable[..., Page], live_server: Any, settings: LazySettings
) -> None:
    scene.town()
    page = open_page(base_url=live_server.url, viewport=A4)
    on_paper(page, "/har-finns-vi/utskrift")
    expect(page.get_by_text(f"{settings.GENSVAR_URL}/skriv")).to_be_visible()
    for head in ("header", "footer"):
        expect(page.locator(f"body > {head}")).to_be_hidden()
    on_paper(page, "/om")
    expect(page.locator("details:not([open])").get_by_text("Hets mot folkgrupp")).to_be_visible()
