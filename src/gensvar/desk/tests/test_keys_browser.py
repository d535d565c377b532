"""The keys of the inbox in a real browser: they do what buttons do, to the conversation that one stands at, however slow the line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect
from wagtail.users.models import UserProfile

from gensvar.conversations.states import State
from gensvar.desk.tests.scene import Town, make_town, question
from gensvar.people.tests.factories import user_of
from gensvar.routing.tests.scene import fresh
from tests.browser import not_covered

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opener = Callable[..., "Page"]
AT: Final = """document.body.dispatchEvent(new KeyboardEvent("keydown", {
    key: "@", ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true }))"""  # AltGr and 2 on Windows
TWO_ON_THEIR_WAY: Final = """async () => {
    const target = document.getElementById("desk-conversation");
    const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
    const [older, newer] = [0, 0].map(() => ({ target, xhr: new XMLHttpRequest() }));
    tell("htmx:beforeRequest", older);
    tell("htmx:beforeRequest", newer);
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
    tell("htmx:afterSettle", older);
    await new Promise((then) => setTimeout(then, 50));
    if (document.activeElement.id === "desk-q") throw new Error("it was for what came last");
    newer.xhr.dispatchEvent(new ProgressEvent("loadend")); // it failed
}"""
KEYS_WORK: Final = """() => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
    return document.activeElement.id === "desk-q";
}"""


@pytest.fixture
def town() -> Town:
    return make_town()


def faster_than_the_line(route: Route) -> None:
    """A note that would do much if its letters were keys: they are pressed while the conversation is on its way."""
    route.request.frame.page.keyboard.type("Se hit ")
    route.request.frame.page.evaluate(AT)
    route.continue_()


def test_keys_do_what_buttons_do_until_they_are_turned_off(desk: Opener, town: Town) -> None:
    first, second = question(town.mailbox, "Först"), question(town.mailbox, "Sedan")
    page = desk(town.kim)
    page.goto("/desk/inkorg/?queue=functions")
    page.locator(".desk-row").nth(1).wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(f'.desk-thread[data-number="{first.number}"]').wait_for()
    expect(page).to_have_url(re.compile(rf"/desk/inkorg/{first.number}/\?queue=functions$"))
    page.set_viewport_size({"width": 1200, "height": 640})  # so that the field must be scrolled to
    page.keyboard.press("n")
    page.locator(".desk-composer-note textarea:focus").wait_for()
    page.keyboard.type("jjj e")  # letters, while one writes
    expect(page.locator(".desk-composer-note textarea")).to_have_value("jjj e")
    page.get_by_text(re.compile(r"Sparat \d\d:\d\d")).wait_for()  # and whatever scrolls has come to rest
    not_covered(page.locator("#desk-text"))
    expect(page.get_by_role("heading", name="Inkorg")).to_be_in_viewport(ratio=1)  # only the pane moved
    expect(page).to_have_title(re.compile("Först"))
    page.locator("#desk-subject").click()
    page.keyboard.press("r")
    page.locator(".desk-composer-answer textarea:focus").wait_for()
    page.locator("#desk-subject").click()
    page.route(re.compile(rf"/inkorg/{second.number}/"), faster_than_the_line, times=1)
    page.keyboard.press("k")
    page.keyboard.press("n")  # at the other row: that one is opened first
    expect(
        page.locator(f'.desk-thread[data-number="{second.number}"] .desk-composer-note textarea')
    ).to_have_value("Se hit @")
    assert fresh(first).state == fresh(second).state == State.OPEN
    page.keyboard.press("Escape")
    page.locator(f"#open-{first.number}").click()
    page.locator(f'.desk-thread[data-number="{first.number}"]').wait_for()
    page.keyboard.press("a")
    page.get_by_text("Nu är det ditt.").wait_for()
    assert fresh(first).assignee == town.kim
    page.locator("#desk-subject").click()
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.locator(f"#row-{second.number}").wait_for(state="detached")
    expect(page).to_have_title("Mina - Gensvar")
    page.locator(f"#row-{first.number}").wait_for()
    page.keyboard.press("?")
    page.get_by_text("Nästa och föregående samtal").wait_for()
    UserProfile.objects.update_or_create(user=user_of(town.kim), defaults={"keyboard_shortcuts": False})
    page.goto("/desk/inkorg/?queue=functions")
    page.locator(".desk-row").first.wait_for()
    page.keyboard.press("j")
    expect(page.locator("body")).to_be_focused()


def test_keys_wait_for_what_was_asked_last_and_no_longer_than_it_is_on_its_way(
    desk: Opener, town: Town
) -> None:
    first, second = question(town.mailbox, "Först"), question(town.mailbox, "Sedan")
    page = desk(town.kim)
    page.goto(f"/desk/inkorg/{first.number}/?queue=functions")
    page.locator(f"#open-{second.number}").wait_for()
    page.locator("#desk-subject").click()
    page.evaluate(TWO_ON_THEIR_WAY)
    page.wait_for_function(KEYS_WORK, timeout=5000)

    def gone_from_the_list(route: Route) -> None:
        route.request.frame.page.evaluate(f"document.querySelector('#row-{second.number}').remove()")
        route.continue_()

    page.locator("#desk-text").fill("Ord som ska sparas först.")
    page.route(re.compile(rf"/inkorg/{first.number}/(?!\?)"), gone_from_the_list, times=1)
    page.locator(f"#open-{second.number}").click()
    page.wait_for_function(KEYS_WORK, timeout=5000)
