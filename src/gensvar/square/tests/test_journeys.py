"""A resident's way through the square in a real browser, without JavaScript; and every page judged by axe-core."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gensvar.core import clock
from gensvar.intake.models import Envelope
from gensvar.publishing.tests.scene import stage
from gensvar.square.tests import scene
from gensvar.square.tests.judging import judge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens pages of the running square, as a visitor without JavaScript unless told otherwise."""

    def visitor(**options: Any) -> Page:
        return open_page(**{"java_script_enabled": False, "base_url": live_server.url} | options)

    return visitor


def test_a_slip_loses_no_word_and_the_summary_leads_to_the_field(visit: Callable[..., Page]) -> None:
    """Begun on the front page of a phone; the address is asked for only where it is wanted. By keyboard, with a picture, and
    what follows at the private link: `test_by_keyboard.py`."""
    scene.town()
    page = visit(viewport={"width": 360, "height": 740})
    page.goto("/")
    page.get_by_label("Det du vill skriva").fill("Mina egna ord")
    page.get_by_role("button", name="Fortsätt").click()
    expect(page.get_by_label("Vad vill du säga eller fråga?")).to_have_value("Mina egna ord")
    expect(page.get_by_label("Din mejladress")).to_be_visible()
    page.get_by_label("Bara här, på en egen länk").check()
    expect(page.get_by_label("Din mejladress")).to_be_hidden()
    page.locator("[name=answer_by]").first.check()
    expect(page.get_by_label("Din mejladress")).to_be_visible()
    page.get_by_text("Låt andra läsa").click()
    page.get_by_label("Min fråga och ert svar får visas för andra").check()
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Inte skickat än")).to_be_visible()
    expect(page.get_by_label("Vad vill du säga eller fråga?")).to_have_value("Mina egna ord")
    expect(page.get_by_label("Min fråga och ert svar får visas för andra")).to_be_checked()
    page.get_by_role("link", name="Skriv mejladressen vi får svara till").click()
    page.keyboard.type("anna@post.example")
    expect(page.get_by_label("Din mejladress")).to_have_value("anna@post.example")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Tack. Vi har fått det du skrev.")).to_be_visible()


def test_a_public_answer_is_suggested_while_writing_and_nothing_typed_is_lost(
    visit: Callable[..., Page],
) -> None:
    scene.town()
    stage().publish()
    page = visit(java_script_enabled=True, viewport={"width": 320, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "liknande" in request.url else None)
    page.clock.install()
    page.goto("/skriv")
    page.clock.pause_at(clock.now() + dt.timedelta(hours=1))
    text = page.get_by_label("Vad vill du säga eller fråga?")
    text.press_sequentially("När plogas Storgatan? Snön ligger kvar")
    assert asked == []
    page.clock.resume()
    region = page.get_by_role("status")
    region.get_by_text("Kanske finns svaret redan").wait_for()
    assert [url.endswith("/skriv/liknande") for url in asked] == [True]  # after a pause, not at each key
    assert judge(page) == []
    text.focus()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(re.compile("^\\s*Snö på Storgatan"))
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.get_by_text("I kväll.").wait_for()
    opened.value.close()
    expect(text).to_have_value("När plogas Storgatan? Snön ligger kvar")
    with page.expect_response("**/skriv/liknande"):
        text.fill("Min hund är borta")
    region.get_by_text("Kanske finns svaret redan").wait_for(state="detached")
    page.get_by_label("Bara här, på en egen länk").check()
    page.get_by_role("button", name="Skicka").click()
    page.get_by_role("heading", name="Tack. Vi har fått det du skrev.").wait_for()
    kept = Envelope.objects.get().read_raw()
    assert b'name="shown"' not in kept


def test_a_page_is_passed_on_without_a_script(visit: Callable[..., Page]) -> None:
    """To the fediverse, and what a script adds: `test_by_keyboard.py`."""
    exchange = stage().publish()
    page = visit()
    page.goto(f"/fragor/{exchange.number}-{exchange.slug}")
    short = page.get_by_label("Kort adress till den här sidan").input_value()
    expect(page.get_by_text("Kopiera")).to_be_hidden()
    page.goto(short[short.index("/k/") :])
    expect(page.get_by_role("heading", name="Snö på Storgatan")).to_be_visible()
