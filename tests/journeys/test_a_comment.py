"""A comment's whole life, with a real mail server: kept, confirmed, read, shown, answered, replied to, taken away with a ground,
told, appealed and shown again; and the desk's pages of it judged by axe-core.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from playwright.sync_api import expect

from gensvar.answers.tests.scene import send_waiting
from gensvar.answers.tests.sink import Sink
from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Comment
from gensvar.square.tests import comments_scene
from gensvar.square.tests.comments_scene import BEA, Commented
from tests.journeys.steps import sent_to

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from gensvar.core.models import User
    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

CIA = "cia@post.example"
WORDS, REPLY = "Bra, men glöm inte gångvägen.", "Gångvägen plogades i går."
PHONE = {"width": 360, "height": 740}


def finds_the_page(page: Page, commented: Commented) -> None:
    """From the list to the form below the answer."""
    page.goto("/fragor")
    page.locator(f"a[href='{commented.page}']").first.click()
    page.get_by_role("link", name="Skriv en kommentar").click()


def comments(page: Page, text: str, name: str, email: str) -> None:
    """Fills in the form under the page that is open; nothing of it is shown by that."""
    page.get_by_label("Din kommentar").fill(text)
    page.get_by_label("Ditt namn, så som det visas").fill(name)
    page.get_by_label("Din mejladress").fill(email)
    page.get_by_role("button", name="Skicka").click()
    page.get_by_role("heading", name="Vi har fått din kommentar").wait_for()


def confirms(page: Page, sink: Sink, email: str) -> None:
    """Opens the mailed link and presses the button."""
    mail = sent_to(sink, email)
    link = re.search(r"http://[^/\s]+(/kommentar/bekrafta/\S+)", mail.text)
    assert link is not None
    for word in (WORDS, REPLY, comments_scene.scene.filled()["text"], "/samtal/"):
        assert word not in mail.text
    page.goto(link[1])
    page.get_by_role("button", name="Ja, kommentaren är min").click()
    page.get_by_role("heading", name="Tack. Din kommentar är bekräftad.").wait_for()


def opens_in_desk(page: Page, queue: str, text: str) -> None:
    """The comment's own screen, from that queue."""
    page.goto(f"/desk/kommentarer/?queue={queue}")
    page.locator("li.desk-table-row", has_text=text).get_by_role("link", name=re.compile("Titta")).click()
    page.locator("#comment-words").wait_for()


def is_let_through(rut: Page) -> None:
    """A moderator reads it and lets everybody read it."""
    rut.get_by_role("button", name="Visa den", exact=True).click()
    rut.get_by_text("Kommentaren visas. Alla kan läsa den nu.").wait_for()


def is_answered_below(kim: Page, sink: Sink, rut: Page) -> None:
    """The function that answers for the page answers Bea by mail; then the answer may stand below her comment."""
    number = rut.locator("h1").inner_text().split()[-1]
    kim.goto(f"/desk/inkorg/{number}/?write=answer")
    kim.locator("#desk-text").fill("Hej Bea,\n\ngångvägen tar vi på torsdag.")
    kim.locator("button[name=act][value=send]").click()
    kim.locator(".desk-word-out", has_text="gångvägen tar vi på torsdag").wait_for()
    kim.goto("about:blank")  # an open inbox asks for news every few seconds
    assert "tar vi på torsdag" in sent_to(sink, BEA, 1).text
    rut.reload()
    rut.get_by_role("button", name="Visa det under kommentaren").click()
    rut.get_by_text("Svaret står under kommentaren.").wait_for()


def is_taken_away(rut: Page, sink: Sink) -> str:
    """With a ground and a word to Bea; gives the link of her appeal."""
    rut.locator("select[name=ground]").select_option(label="Hör inte till ämnet")
    rut.locator("textarea[name=words]").fill("Skriv gärna om gångvägen för sig.")
    rut.get_by_role("button", name="Visa den inte").click()
    rut.get_by_text("Kommentaren visas inte. Den som skrev får veta varför").wait_for()
    notice = sent_to(sink, BEA, 2)
    assert "Hör inte till ämnet" in notice.text
    assert "Skriv gärna om gångvägen för sig." in notice.text
    assert "Rut Öst" in notice.text
    assert WORDS not in notice.text
    link = re.search(r"http://[^/\s]+(/kommentar/overklaga/\S+)", notice.text)
    assert link is not None
    return link[1]


def appeals(public: Page, link: str) -> None:
    """Bea says why; the workers bring it to the desk."""
    public.goto(link)
    public.get_by_label("Varför ska den visas?").fill("Gångvägen är en del av gatan.")
    public.get_by_role("button", name="Skicka").click()
    public.get_by_role("heading", name="Tack. En annan person tittar på det.").wait_for()
    send_waiting()


def is_not_judged_by_who_decided(client: Client, rut: User, page: str) -> None:
    """Who took it away reads the appeal, and has no button."""
    client.force_login(rut)
    seen = client.get(page).content.decode()
    assert "Gångvägen är en del av gatan." in seen
    assert "Visa den igen" not in seen


def is_restored(siv: Page, sink: Sink, axe: Callable[[Page], list[Violation]]) -> None:
    """Another coordinator judges the appeal."""
    opens_in_desk(siv, "appeals", WORDS)
    assert axe(siv) == []
    siv.get_by_text("Gångvägen är en del av gatan.").wait_for()
    siv.locator("section:has(#comment-appeal) textarea").fill("Du har rätt, den hör dit.")
    siv.get_by_role("button", name="Visa den igen").click()
    siv.get_by_text("Omprövningen är avgjord").wait_for()
    assert "visas igen" in sent_to(sink, BEA, 3).text


def test_a_comment_is_confirmed_read_shown_answered_replied_to_taken_away_appealed_and_shown_again(
    enter: Callable[..., Page],
    open_page: Callable[..., Page],
    live_server: LiveServer,
    client: Client,
    mailed: Sink,
    complaints: list[str],
    axe: Callable[[Page], list[Violation]],
) -> None:
    commented = comments_scene.make()
    rut = enter(commented.rut)
    public = open_page(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    main = public.locator("main")
    finds_the_page(public, commented)
    comments(public, WORDS, "Bea", BEA)
    public.goto(commented.page)
    expect(main, "not before it is confirmed").not_to_contain_text(WORDS)
    confirms(public, mailed, BEA)
    opens_in_desk(rut, "waiting", WORDS)
    public.goto(commented.page)
    expect(main, "not before it is read").not_to_contain_text(WORDS)
    is_let_through(rut)
    public.reload()
    expect(main).to_contain_text(WORDS)
    is_answered_below(kim := enter(commented.town.staff), mailed, rut)
    public.reload()
    expect(main).to_contain_text("tar vi på torsdag")
    expect(main).not_to_contain_text("Hej Bea")

    public.get_by_role("link", name="Svara till Bea").click()
    comments(public, REPLY, "", CIA)
    confirms(public, mailed, CIA)
    moderation.show(Comment.objects.latest("pk"), by=commented.siv)
    public.goto(commented.page)
    expect(
        public.locator(".comments__replies", has_text=REPLY).get_by_text("Någon i kommunen")
    ).to_have_count(1)

    appeal = is_taken_away(rut, mailed)
    public.reload()
    expect(main).not_to_contain_text(WORDS)
    for words in (REPLY, "Orsaken: Hör inte till ämnet"):
        expect(main).to_contain_text(words)
    appeals(public, appeal)
    is_not_judged_by_who_decided(client, commented.rut, rut.url)
    is_restored(siv := enter(commented.siv, at=kim), mailed, axe)
    public.goto(commented.page)
    expect(main).to_contain_text(WORDS)
    assert axe(siv) == []
    assert complaints == []
