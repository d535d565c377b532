"""The inbox in a real browser: alive without a reload, at 360 pixels, without JavaScript; and the log-in, for everyone (axe-core).

Each kind of thing is done on as few loadings as it takes: a new visitor's first page of the desk costs more than all that is done on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gensvar.answers.models import Delivery, Draft
from gensvar.desk.tests.scene import Town, question
from gensvar.routing.tests.scene import word_comes
from tests.browser import no_wider_than, not_covered

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}
Opener = Callable[..., "Page"]


def open_first(page: Page) -> None:
    page.locator(".desk-row a").first.click()
    page.locator(".desk-thread").wait_for()


def test_new_words_come_without_a_reload_and_disturb_nobody_who_writes(desk: Opener, town: Town) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim)
    page.goto("/desk/inkorg/?queue=functions")
    open_first(page)
    field = page.locator("#desk-text")
    field.fill("Hej Anna,")
    field.press("End")
    newer = question(town.mailbox, "Hål i vägen", sender="Bo Ek <bo@example.org>")
    expect(page.locator(f"#row-{newer.number}")).to_contain_text("Hål i vägen")
    expect(field).to_have_value("Hej Anna,")
    expect(field).to_be_focused()
    page.get_by_text("Något nytt i listan.").wait_for(state="attached")
    expect(page.locator("#queue-functions .desk-count")).to_have_text("2")
    token = asked.participants.get().token
    word_comes(town.mailbox, to=town.mailbox.address.replace("@", f"+{token}@"), text="Hallå?")
    page.get_by_text("Det har kommit något nytt här.").wait_for()
    page.locator("[data-newer] a").evaluate("a => (a.click(), document.execCommand('insertText', 0, ' nu'))")
    page.locator(".desk-words").get_by_text("Hallå?").wait_for()
    expect(page.locator("#desk-text")).to_have_value("Hej Anna, nu")


def test_an_answer_is_not_sent_empty_is_saved_can_be_undone_and_takes_a_file(
    desk: Opener, town: Town, settings: Any
) -> None:
    settings.GENSVAR_UNDO_SECONDS = 60
    asked = question(town.mailbox)
    page = desk(town.kim)
    page.goto(f"/desk/inkorg/{asked.number}/?write=answer")
    page.get_by_role("button", name="Skicka svaret").click()
    field = page.locator("#desk-text")
    expect(field).to_be_focused()  # what stops an answer is told of the field that one lands in
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Inget skickades"))
    with page.expect_response(re.compile("/skriv/")):
        field.fill("Vi kommer i morgon.")
    page.get_by_text(re.compile(r"Sparat \d\d:\d\d")).wait_for()
    assert Draft.objects.get(conversation=asked).text == "Vi kommer i morgon."
    page.set_viewport_size({"width": 1200, "height": 640})  # so that the field must be scrolled to
    page.get_by_role("button", name="Skicka svaret").press("Enter")
    expect(page.get_by_role("article", name="Vårt svar")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ångra")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("Ångrat. Inget skickades").wait_for()
    expect(page.locator("#desk-text")).to_have_value("Vi kommer i morgon.")
    expect(page.get_by_text("Ångrat. Inget skickades")).to_be_in_viewport()
    page.wait_for_load_state()
    not_covered(page.locator("#desk-text"))  # by the head of the conversation
    assert not Delivery.objects.filter(kind="answer", state="waiting").exists()
    page.locator("input[type=file]").set_input_files(
        {"name": "karta.txt", "mimeType": "text/plain", "buffer": b"hej"}
    )
    page.get_by_text("karta.txt").wait_for()
    assert Draft.objects.get(conversation=asked).files.get().filename == "karta.txt"
    page.get_by_role("link", name="Intern anteckning").click()
    page.get_by_role("button", name="Spara anteckningen").wait_for()
    page.locator("#desk-text").press_sequentially("Hej @sa")
    offered = page.get_by_role("listbox", name="Kollegor vars namn börjar så")
    offered.get_by_role("option", name="Sam Åberg").wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#desk-text")).to_have_value("Hej @Sam Åberg ")


def test_on_a_phone_one_column_at_a_time_and_the_way_back_in_one_place(desk: Opener, town: Town) -> None:
    question(town.mailbox)
    page = desk(town.kim, viewport=PHONE)
    page.goto("/desk/inkorg/?queue=functions")
    places = []
    for column, back in (("list", "Köer"), ("conversation", "Listan")):
        if column == "conversation":
            open_first(page)
        link = page.get_by_role("link", name=back)
        link.wait_for()
        box = link.bounding_box()
        assert box is not None
        places.append(box["y"] < 200)
        for other in {"list", "conversation", "queues"} - {column}:
            expect(page.locator(f".desk-{other}")).to_be_hidden()
        no_wider_than(page, PHONE["width"])
    assert places == [True, True]
    page.get_by_role("link", name="Intern anteckning").click()
    page.get_by_role("button", name="Spara anteckningen").wait_for()
    page.locator("#desk-text").fill("Se efter i morgon.")
    page.get_by_role("button", name="Spara utkastet").click()
    page.locator(".messages .success").wait_for()
    button = page.locator(".sidebar-nav-toggle").bounding_box()
    message = page.locator(".messages").bounding_box()
    assert button is not None
    assert message is not None
    assert button["y"] + button["height"] <= message["y"] + message["height"]  # it lies over no words
    page.get_by_role("link", name="Listan").click()
    page.locator(".desk-row").first.wait_for()
    page.get_by_role("link", name="Köer").click()
    page.locator("#queue-mine").wait_for()


@pytest.mark.parametrize("with_script", [True, False])
def test_long_words_and_words_from_right_to_left_fit_on_a_phone(
    desk: Opener, town: Town, with_script: bool
) -> None:
    town.streets.name = "Gata, park, skog och samhällets fritidsanläggningar"
    town.streets.save()
    long = question(town.mailbox, "Upprustningsplan" * 12, sender=f"{'Lång' * 20} <l@example.org>")
    question(town.mailbox, "متى تأتون؟", text="مرحباً\n\nhttps://example.org/" + "a" * 200)
    page = desk(town.kim, viewport=PHONE, java_script_enabled=with_script)
    page.goto(f"/desk/inkorg/{long.number}/?queue=functions")
    no_wider_than(page, PHONE["width"])
    page.goto("/desk/inkorg/?queue=functions")
    no_wider_than(page, PHONE["width"])
    line = page.locator(".desk-row-owner")
    expect(line).to_contain_text(["svar senast"] * 2)
    cut_off = line.evaluate_all("lines => lines.filter(one => one.scrollWidth > one.clientWidth).length")
    assert not cut_off
    open_first(page)
    no_wider_than(page, PHONE["width"])
    words = page.locator(".desk-word .desk-text")
    expect(words).to_have_css("direction", "rtl")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="print")
    paper = page.locator(
        ".content-wrapper"
    )  # what hides or clips what is longer than a window leaves one sheet of it
    expect(paper).to_have_css("overflow", "visible")


@pytest.mark.parametrize("with_script", [True, False])
def test_a_view_is_saved_opened_renamed_and_removed(desk: Opener, town: Town, with_script: bool) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim, viewport=PHONE, java_script_enabled=with_script)
    page.goto("/desk/inkorg/?queue=functions")
    page.locator("#desk-q").fill("plogad")
    page.locator("#desk-q").press("Enter")
    expect(page).to_have_url(re.compile("q=plogad"))
    page.locator(f"#row-{asked.number}").wait_for()
    page.locator(".desk-save-view summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Vyns namn").fill("Plogning")
    page.get_by_label("Vem som ser den").select_option(label="alla i Gata & park")
    page.wait_for_load_state()
    no_wider_than(page, PHONE["width"])
    page.get_by_label("Vyns namn").press("Enter")
    page.get_by_role("heading", name="Plogning").wait_for()
    page.goto("/desk/inkorg/?view=queues")
    page.get_by_role("link", name="Plogning").click()
    page.locator(f"#row-{asked.number}").wait_for()
    page.goto("/desk/inkorg/?view=queues")
    page.get_by_role("link", name="Ändra vyerna").click()
    page.wait_for_load_state()
    no_wider_than(page, PHONE["width"])
    page.get_by_label("Vyns namn").fill("Plogat")
    page.get_by_role("button", name="Spara Plogning").click()
    page.get_by_role("button", name="Ta bort Plogat").click()
    page.get_by_text("Du har inte sparat någon vy än").wait_for()


def test_everyone_can_log_in(
    open_page: Opener, live_server: LiveServer, axe: Callable[[Page], list[Violation]]
) -> None:
    page = open_page(base_url=live_server.url, viewport=PHONE)
    for address in (
        "/konto/password/reset/",
        "/konto/password/reset/done/",
        "/konto/password/reset/key/x-y/",
        "/konto/login/",
    ):
        page.goto(address)
        assert axe(page) == []
    page.locator("input[name=login]").fill("kim@norrvik.example")
    page.locator("input[name=password]").fill("fel lösenord")
    page.keyboard.press("Enter")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("lösenord")
    expect(told).to_be_focused()
