"""A comment's whole life, against the real process tree and a real mail server: kept, confirmed, read, shown, answered,
replied to, taken away with a ground, told, appealed and shown again; and its pages judged by axe-core.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.answers.tests.sink import Sink
from tests.faults.town import Town, wait_until
from tests.journeys.steps import log_in, mail_to
from tests.journeys.test_a_word_in_an_answer_out import (
    goes_public,
    is_acknowledged,
    is_answered,
    write_by_form,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

BEA, CIA = "bea@post.example", "cia@post.example"
WORDS, REPLY = "Bra, men glöm inte gångvägen.", "Gångvägen plogades i går."
PHONE = {"width": 360, "height": 740}


def stands_in_public(sink: Sink, visit: Callable[..., Page], rut: Page) -> None:
    """A question with its answer that everybody can read."""
    write_by_form(visit)
    receipt = is_acknowledged(sink)
    is_answered(receipt.number, sink, visit, rut)
    goes_public(receipt.number, rut, with_picture=False)


def finds_the_page(page: Page) -> str:
    """From the list to the form below the answer; gives the answer's address."""
    page.goto("/fragor")
    page.get_by_role("link", name=re.compile("Storgatan")).first.click()
    page.get_by_role("link", name="Skriv en kommentar").wait_for()
    address = page.url
    page.get_by_role("link", name="Skriv en kommentar").click()
    return address


def comments(page: Page, text: str, name: str, email: str) -> None:
    """Fills in the form under the page that is open; nothing of it is shown by that."""
    page.get_by_label("Din kommentar").fill(text)
    page.get_by_label("Ditt namn, så som det visas").fill(name)
    page.get_by_label("Din mejladress").fill(email)
    page.get_by_role("button", name="Skicka").click()
    page.get_by_role("heading", name="Vi har fått din kommentar").wait_for()


def confirms(page: Page, sink: Sink, email: str) -> None:
    """Opens the mailed link and presses the button."""
    mail = mail_to(sink, email)
    link = re.search(r"http\S+/kommentar/bekrafta/\S+", mail.text)
    assert link is not None
    for word in (WORDS, REPLY, "Storgatan", "/samtal/"):
        assert word not in mail.text
    page.goto(link[0])
    page.get_by_role("button", name="Ja, kommentaren är min").click()
    page.get_by_role("heading", name="Tack. Din kommentar är bekräftad.").wait_for()


def opens_in_desk(page: Page, queue: str, text: str) -> None:
    """The comment's own screen, once it stands in that queue."""

    def stands() -> bool:
        page.goto(f"/desk/kommentarer/?queue={queue}")
        return page.get_by_text(text).count() > 0

    wait_until(stands, f"the comment stands under {queue}")
    page.locator("li.desk-table-row", has_text=text).get_by_role("link", name=re.compile("Titta")).click()
    page.locator("#comment-words").wait_for()


def is_let_through(page: Page, text: str) -> None:
    """A moderator reads it and lets everybody read it."""
    opens_in_desk(page, "waiting", text)
    page.get_by_role("button", name="Visa den", exact=True).click()
    page.get_by_text("Kommentaren visas. Alla kan läsa den nu.").wait_for()


def is_answered_below(rut: Page, sink: Sink) -> None:
    """The function that answers for the page answers Bea by mail; then the answer may stand below her comment."""
    comment, number = rut.url, rut.locator("h1").inner_text().split()[-1]
    rut.goto(f"/desk/inkorg/{number}/?write=answer")
    rut.locator("#desk-text").fill("Hej Bea,\n\ngångvägen tar vi på torsdag.")
    rut.locator("button[name=act][value=send]").click()
    assert "tar vi på torsdag" in mail_to(sink, BEA, 1).text
    rut.goto(comment)
    rut.get_by_role("button", name="Visa det under kommentaren").click()
    rut.get_by_text("Svaret står under kommentaren.").wait_for()


def is_taken_away(rut: Page, sink: Sink) -> str:
    """With a ground and a word to Bea; gives the link of her appeal."""
    rut.locator("select[name=ground]").select_option(label="Hör inte till ämnet")
    rut.locator("textarea[name=words]").fill("Skriv gärna om gångvägen för sig.")
    rut.get_by_role("button", name="Visa den inte").click()
    rut.get_by_text("Kommentaren visas inte. Den som skrev får veta varför").wait_for()
    notice = mail_to(sink, BEA, 2)
    assert "Hör inte till ämnet" in notice.text
    assert "Skriv gärna om gångvägen för sig." in notice.text
    assert "Rut Östlund" in notice.text
    assert WORDS not in notice.text
    link = re.search(r"http\S+/kommentar/overklaga/\S+", notice.text)
    assert link is not None
    return link[0]


def is_restored(siv: Page, sink: Sink) -> None:
    """Another coordinator judges the appeal."""
    opens_in_desk(siv, "appeals", WORDS)
    siv.get_by_text("Gångvägen är en del av gatan.").wait_for()
    siv.locator("section:has(#comment-appeal) textarea").fill("Du har rätt, den hör dit.")
    siv.get_by_role("button", name="Visa den igen").click()
    siv.get_by_text("Omprövningen är avgjord").wait_for()
    assert "visas igen" in mail_to(sink, BEA, 3).text


def test_a_comment_is_confirmed_read_shown_answered_replied_to_taken_away_appealed_and_shown_again(
    town: Town, sink: Sink, visit: Callable[..., Page], axe: Callable[[Page], list[Violation]]
) -> None:
    rut = log_in(visit(), "rut@norrvik.example")
    stands_in_public(sink, visit, rut)
    bea = visit(java_script_enabled=False, viewport=PHONE)
    address = finds_the_page(bea)
    comments(bea, WORDS, "Bea", BEA)
    public = visit()

    def seen() -> str:
        public.goto(address)
        public.get_by_role("link", name="Skriv en kommentar").wait_for()
        return public.content()

    assert WORDS not in seen(), "not before it is confirmed"
    confirms(bea, sink, BEA)
    opens_in_desk(rut, "waiting", WORDS)
    assert WORDS not in seen(), "not before it is read"
    is_let_through(rut, WORDS)
    wait_until(lambda: WORDS in seen(), "the kept page has the comment")
    is_answered_below(rut, sink)
    wait_until(lambda: "tar vi på torsdag" in seen(), "the kept page has the answer")
    expect(public.locator("main")).not_to_contain_text("Hej Bea")

    cia = visit(java_script_enabled=False)
    cia.goto(address)
    cia.get_by_role("link", name="Svara till Bea").click()
    comments(cia, REPLY, "", CIA)
    confirms(cia, sink, CIA)
    at_reply = log_in(visit(), "siv@norrvik.example")
    is_let_through(at_reply, REPLY)
    wait_until(lambda: REPLY in seen(), "the kept page has the reply")
    expect(public.locator(".comments__replies").get_by_text("Någon i kommunen")).to_have_count(1)
    assert axe(public) == []

    appeal = is_taken_away(rut, sink)
    wait_until(lambda: WORDS not in seen(), "the kept page has it no more")
    for words in (REPLY, "Orsaken: Hör inte till ämnet"):
        expect(public.locator("main")).to_contain_text(words)
    bea.goto(appeal)
    bea.get_by_label("Varför ska den visas?").fill("Gångvägen är en del av gatan.")
    bea.get_by_role("button", name="Skicka").click()
    bea.get_by_role("heading", name="Tack. En annan person tittar på det.").wait_for()
    opens_in_desk(rut, "appeals", WORDS)
    expect(rut.get_by_role("button", name="Visa den igen"), "not by who decided").to_have_count(0)
    is_restored(at_reply, sink)
    wait_until(lambda: WORDS in seen(), "the kept page has it again")
    for page in (rut, at_reply):
        assert axe(page) == []
