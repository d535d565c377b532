"""A resident's way through the square in a real browser, without JavaScript; and every page judged by axe-core."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gensvar.conversations.models import Attachment, Message, Participant
from gensvar.core import clock, files
from gensvar.intake.models import Envelope
from gensvar.publishing.tests.scene import stage
from gensvar.publishing.tests.wordpress.exports import SAMPLES
from gensvar.publishing.wordpress import importing as wordpress
from gensvar.publishing.wordpress.making import Choices
from gensvar.square.tests import scene
from gensvar.square.tests.judging import judge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens pages of the running square, as a visitor without JavaScript unless told otherwise."""

    def visitor(**options: Any) -> Page:
        return open_page(**{"java_script_enabled": False, "base_url": live_server.url} | options)

    return visitor


def test_a_resident_writes_with_a_picture_and_goes_on_at_the_private_link(visit: Callable[..., Page]) -> None:
    town = scene.town()
    page = visit(viewport={"width": 360, "height": 740})
    page.goto("/")
    page.get_by_label("Det du vill skriva").fill("Lyktan vid Strandskolan är trasig")
    page.get_by_role("button", name="Fortsätt").click()
    expect(page.get_by_label("Vad vill du säga eller fråga?")).to_have_value(
        "Lyktan vid Strandskolan är trasig"
    )
    expect(page.get_by_label("Din mejladress")).to_be_visible()
    page.get_by_label("Bara här, på en egen länk").check()
    expect(page.get_by_label("Din mejladress")).to_be_hidden()
    page.get_by_text("Lägg till bilder eller filer").click()
    page.get_by_label("Välj bilder eller filer").set_input_files(
        {"name": "lyktan.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", name="Tack. Vi har fått det du skrev.")).to_be_visible()
    expect(page.get_by_role("link", name="lyktan.png")).to_be_visible()
    assert files.read(Attachment.objects.get().sha256) == PNG
    private = page.locator(".keep__link a").get_attribute("href")

    anna = Participant.objects.get()
    scene.answer(town, anna, "Vi byter den i morgon.")
    page = visit()
    page.goto(str(private))
    expect(page.get_by_role("heading", name="Senaste svaret")).to_be_visible()
    expect(page.get_by_text("Vi byter den i morgon.")).to_be_visible()
    page.get_by_label("Skriv mer").fill("Tack, och den vid hållplatsen?")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_text("Det du skrev står här nedanför")).to_be_visible()
    expect(page.get_by_role("listitem").get_by_text("Tack, och den vid hållplatsen?").first).to_be_visible()
    assert Message.objects.filter(conversation=anna.conversation).count() == 3

    with page.expect_download() as started:
        page.get_by_role("link", name="lyktan.png").click()
    assert started.value.path().read_bytes() == PNG


def test_a_slip_loses_no_word_and_the_summary_leads_to_the_field(visit: Callable[..., Page]) -> None:
    scene.town()
    page = visit()
    page.goto("/skriv")
    page.get_by_label("Vad vill du säga eller fråga?").fill("Mina egna ord")
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


def test_what_is_public_is_found_from_the_head_of_any_page(visit: Callable[..., Page]) -> None:
    scene.town()
    stage().publish()
    page = visit(viewport={"width": 320, "height": 800})
    page.goto("/har-finns-vi")
    page.get_by_role("banner").get_by_role("link", name="Sök").click()
    page.get_by_label("Sök bland allt som är offentligt").fill("plogningen")
    page.get_by_role("button", name="Sök").click()
    expect(page.get_by_role("heading", name="Ännu inget om ”plogningen”")).to_be_visible()
    page.get_by_label("Sök bland allt som är offentligt").fill("plogar")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Snö på Storgatan").click()
    expect(page.get_by_text("I kväll.")).to_be_visible()


def test_a_page_is_passed_on_with_a_script_and_without(visit: Callable[..., Page]) -> None:
    exchange = stage().publish()
    address = f"/fragor/{exchange.number}-{exchange.slug}"
    page = visit()
    page.goto(address)
    short = page.get_by_label("Kort adress till den här sidan").input_value()
    expect(page.get_by_text("Kopiera")).to_be_hidden()
    page.goto(short[short.index("/k/") :])
    expect(page.get_by_role("heading", name="Snö på Storgatan")).to_be_visible()
    page.get_by_role("link", name="I fediversum").click()
    page.get_by_label("Var har du ditt konto?").fill("@anna@social.example")
    page.keyboard.press("Enter")
    onward = page.get_by_role("link", name="Fortsätt till social.example").get_attribute("href")
    assert str(onward).startswith("https://social.example/share?text=")

    page = visit(java_script_enabled=True)
    page.goto(address)
    page.get_by_role("button", name="Kopiera").click()
    page.get_by_role("status").get_by_text("Adressen är kopierad.").wait_for()
    expect(page.get_by_role("button", name="Skriv ut")).to_be_visible()


def test_a_bookmark_of_the_old_blog_leads_to_its_post_with_picture_and_comments(
    visit: Callable[..., Page],
) -> None:
    town = scene.town()
    wordpress.bring_home([SAMPLES / "blogg.xml"], Choices(town.function, files=SAMPLES / "uploads"))
    page = visit(java_script_enabled=True, viewport={"width": 320, "height": 740})
    page.goto("/2014/03/sa-plogar-vi-varfor/")
    expect(page).to_have_url(re.compile("/nytt/2014/sa-plogar-vi-varfor$"))
    expect(page.get_by_role("heading", name="Så plogar vi & varför")).to_be_visible()
    expect(page.get_by_text("Maja Sund").first).to_be_visible()
    expect(page.get_by_role("img", name="En plog på Storgatan")).to_be_visible()
    expect(page.get_by_text("Plogar ni Åvägen?")).to_be_visible()
    page.goto("/?p=6")
    page.get_by_role("link", name="plogningen").click()
    expect(page.get_by_role("heading", name="Så plogar vi & varför")).to_be_visible()
