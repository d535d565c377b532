"""What a resident does around comments in a real browser, by keyboard alone and without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from gensvar.answers.models import Delivery
from gensvar.core import clock
from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Appeal, Comment
from gensvar.publishing.newsletters.models import Subscriber
from gensvar.square.tests import comments_scene as stage

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens pages of the running square."""

    def visitor(**options: Any) -> Page:
        return open_page(**{"base_url": live_server.url} | options)

    return visitor


def go_to(page: Page, target: Locator) -> None:
    """By the Tab key alone, from wherever the focus is; what the keyboard does not reach is not there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not come to {target} at {page.url}")


def press(page: Page, name: str, heading: str) -> None:
    """The button of that name, which leads to a page of that heading."""
    go_to(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=heading).wait_for()


def comments(page: Page, commented: stage.Commented) -> Comment:
    """From the answer to a kept comment, with a slip on the way that loses no word; then confirmed by the mailed link."""
    page.goto(commented.page)
    go_to(page, page.get_by_role("link", name="Skriv en kommentar"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Skriv en kommentar").wait_for()
    go_to(page, page.get_by_label("Din kommentar"))
    page.keyboard.type("Skrivet med tangenterna")
    page.keyboard.press("Tab")
    page.keyboard.type("Bea")
    page.keyboard.press("Tab")
    page.keyboard.type("fel adress")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Inte skickat än").wait_for()
    expect(page.get_by_label("Din kommentar")).to_have_value("Skrivet med tangenterna")
    go_to(page, page.locator("#errors a"))
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(stage.BEA)
    press(page, "Skicka", "Vi har fått din kommentar")
    stage.work()
    comment = Comment.objects.get()
    page.goto(stage.link_in(stage.mails(comment)[0], "bekrafta"))
    press(page, "Ja, kommentaren är min", "Tack. Din kommentar är bekräftad.")
    return comment


def appeals(page: Page, commented: stage.Commented, comment: Comment) -> None:
    """From the link in the notice."""
    moderation.remove(comment, stage.ground("annat-amne"), "", by=commented.town.staff)
    page.goto(stage.link_in(stage.mails(comment)[-1], "overklaga"))
    go_to(page, page.get_by_label("Varför ska den visas?"))
    page.keyboard.type("Den hör dit.")
    press(page, "Skicka", "Tack. En annan person tittar på det.")


def asks_about(page: Page, commented: stage.Commented) -> None:
    """From the answer to a conversation of one's own."""
    page.goto(commented.page)
    go_to(page, page.get_by_role("link", name="Fråga om det här"))
    page.keyboard.press("Enter")
    go_to(page, page.get_by_label("Vad vill du säga eller fråga?"))
    page.keyboard.type("Gäller det Åvägen också?")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # from e-mail to the private link
    press(page, "Skicka", "Tack. Vi har fått det du skrev.")


def follows(page: Page) -> None:
    """From the page of feeds to letters that come each day, confirmed by the mailed link."""
    page.goto("/folj")
    go_to(page, page.get_by_role("link", name="Följ med mejl").first)
    page.keyboard.press("Enter")
    go_to(page, page.get_by_label("Din mejladress"))
    page.keyboard.type(stage.BEA)
    go_to(page, page.get_by_role("checkbox", name="Gata & park"))
    page.keyboard.press("Space")
    go_to(page, page.get_by_role("radio", checked=True))
    page.keyboard.press("ArrowUp")  # from each week to each day
    press(page, "Skicka länken", "Titta i din inkorg")
    link = re.search(r"/folj/brev/bekrafta/\S+", Delivery.objects.latest("pk").text)
    assert link is not None
    page.goto(link[0])
    press(page, "Ja, skicka dem", "Det du följer")


def test_a_resident_comments_appeals_asks_and_follows_by_keyboard_alone_and_without_javascript(
    visit: Callable[..., Page],
) -> None:
    commented = stage.make()
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 740})
    comment = comments(page, commented)
    appeals(page, commented, comment)
    asks_about(page, commented)
    follows(page)
    assert page.context.cookies() == []
    for minutes in (0, 5):  # what was read before it had its place is looked at again
        with clock.moved(dt.timedelta(minutes=minutes)):
            stage.work()
    assert comment.message.text == "Skrivet med tangenterna"
    assert Appeal.objects.get().message.text == "Den hör dit."
    about = WordAbout.objects.get()
    assert (about.message.text, about.on_key) == ("Gäller det Åvägen också?", commented.exchange.number)
    subscriber = Subscriber.objects.get(confirmed_at__isnull=False)
    assert (subscriber.address, subscriber.pace) == (stage.BEA, Subscriber.Pace.DAILY)
