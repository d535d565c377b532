"""The main job, from a resident's first word to the public answer, against the real process tree and a real mail server."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.answers.tests.sink import Sink, Taken
from gensvar.desk.tests.scene import photograph
from tests.faults.town import Town
from tests.journeys import cast
from tests.journeys.steps import log_in, mail_to

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ANNA = "anna@post.example"
STREET = re.compile("Storgatan")


def write_by_form(visit: Callable[..., Page]) -> Page:
    """Anna writes on a phone, without JavaScript, with a picture; returns her page with the private link."""
    page = visit(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page.goto("/")
    page.get_by_label("Det du vill skriva").fill("När plogas Storgatan? Hälsar Anna Lindqvist")
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_label("Din mejladress").fill(ANNA)
    page.get_by_text("Lägg till bilder eller filer").click()
    page.get_by_label("Välj bilder eller filer").set_input_files(
        {"name": "gatan.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    page.get_by_text("Berätta vem du är").click()
    page.locator("#id_name").fill("Anna Lindqvist")
    page.get_by_text("Låt andra läsa").click()
    page.locator("#id_may_publish").check()
    page.get_by_role("button", name="Skicka").click()
    page.get_by_role("heading", name="Tack. Vi har fått det du skrev.").wait_for()
    return page


def send_mail(town: Town, mail: EmailMessage, to: str) -> None:
    with smtplib.SMTP("127.0.0.1", town.smtp_port, timeout=60) as server:
        server.send_message(mail, ANNA, [to])


def write_by_mail(town: Town) -> None:
    mail = EmailMessage()
    mail["From"] = f"Anna Lindqvist <{ANNA}>"
    mail["To"] = cast.STREETS
    mail["Subject"] = "Snö på Storgatan"
    mail["Message-ID"] = "<forsta@post.example>"
    mail.set_content("När plogas Storgatan?\n\nHälsar Anna Lindqvist\n")
    send_mail(town, mail, cast.STREETS)


def answer_to(taken: Taken, text: str) -> tuple[EmailMessage, str]:
    """A reply as Anna's mail program makes it, and where it goes."""
    reply = EmailMessage()
    to = str(taken.mail["Reply-To"] or taken.mail["From"])
    reply["From"] = f"Anna Lindqvist <{ANNA}>"
    reply["To"] = to
    reply["Subject"] = f"Sv: {taken.mail['Subject']}"
    reply["In-Reply-To"] = f"<{taken.message_id}>"
    reply["Message-ID"] = "<andra@post.example>"
    quoted = "\n".join(f"> {line}" for line in taken.text.splitlines())
    reply.set_content(f"{text}\n\nDen 23 november 2026 skrev Gata & park:\n{quoted}\n")
    return reply, re.findall(r"[^\s<>]+@[^\s<>]+", to)[-1]


@pytest.fixture
def manners() -> dict[str, str]:
    """Nothing that a town has not by itself: two processes of the web answer."""
    return {}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What Anna learns when her word has come: a number that opens nothing, and a link that does."""

    number: str
    private: str


def comes_in(channel: str, town: Town, visit: Callable[..., Page], rut: Page) -> str:
    """A word comes and stands in the open inbox without a reload; returns the form's private link, if any."""
    rut.goto("/desk/inkorg/?queue=all")
    rut.evaluate("window.still = true")
    private = ""
    if channel == "web":
        private = write_by_form(visit).locator(".keep__link a").get_attribute("href") or ""
    else:
        write_by_mail(town)
    rut.get_by_role("link", name=STREET).first.wait_for()
    still = rut.evaluate("window.still")
    assert still, "the page was loaded anew"
    return private


def is_acknowledged(sink: Sink) -> Receipt:
    """The receipt holds number, promise and private link, and none of her words."""
    receipt = mail_to(sink, ANNA)
    assert receipt.mail["Auto-Submitted"]
    assert "senast" in receipt.text
    assert "Storgatan" not in receipt.text + str(receipt.mail["Subject"])
    number = re.search(r"20\d\d-\d{6}", receipt.text)
    links = re.findall(r"http\S+/samtal/\S+", receipt.text)
    assert number is not None
    assert links
    return Receipt(number[0], links[0])


def is_answered(number: str, sink: Sink, visit: Callable[..., Page], rut: Page) -> tuple[Page, Taken]:
    """The coordinator asks a colleague in a note, who answers; returns the colleague's page and the mail to Anna."""
    rut.goto(f"/desk/inkorg/{number}/?write=note")
    rut.locator("#desk-text").fill("@Kim Ek är det ni som plogar där?")
    rut.locator("button[name=act][value=send]").click()
    rut.get_by_text("är det ni som plogar där?").first.wait_for()
    notice = mail_to(sink, "kim@norrvik.example")
    assert "Storgatan" not in notice.text, "a notice carries no words of residents"

    kim = log_in(visit(), "kim@norrvik.example")
    kim.goto(f"/desk/inkorg/{number}/?write=answer")
    kim.get_by_text("är det ni som plogar där?").first.wait_for()
    kim.locator("#desk-text").fill("Hej Anna,\n\nplogen kommer i kväll före klockan 20.")
    expect(kim.locator(".desk-sentence").first).to_contain_text(ANNA)
    kim.locator("button[name=act][value=send]").click()
    kim.get_by_text("plogen kommer i kväll").first.wait_for()
    answer = mail_to(sink, ANNA, 1)
    assert "Kim Ek" in str(answer.mail["From"])
    assert "Gata & park" in str(answer.mail["From"]) + answer.text
    assert "plogen kommer i kväll" in answer.text
    return kim, answer


def comes_back(receipt: Receipt, answer: Taken, town: Town, visit: Callable[..., Page], kim: Page) -> None:
    """Her replies come into the same conversation: by mail, and at the private link without JavaScript."""
    reply, to = answer_to(answer, "Tack för svaret, det räcker så.")
    kim.goto(f"/desk/inkorg/{receipt.number}/")
    send_mail(town, reply, to)
    kim.locator("[data-newer] a").click()
    kim.locator(".desk-word", has_text="Tack för svaret, det räcker så.").wait_for()
    page = visit(java_script_enabled=False)
    page.goto(receipt.private)
    expect(page.get_by_text("plogen kommer i kväll").first).to_be_visible()
    expect(page.get_by_text("är det ni som plogar där?"), "a note reached the resident").to_have_count(0)
    page.get_by_label("Skriv mer").fill("En sak till: skolan också.")
    page.get_by_role("button", name="Skicka").first.click()
    page.get_by_text("Det du skrev står här nedanför").wait_for()
    kim.reload()
    kim.get_by_text("En sak till: skolan också.").first.wait_for()


def goes_public(number: str, rut: Page, *, with_picture: bool) -> None:
    """Staff open the gate: proposed, approved word by word, published."""
    rut.goto(f"/desk/inkorg/{number}/publicera/")
    rut.locator("button[value=prepare]").click()
    if with_picture:
        rut.locator("input[name=alternative]").first.fill("En gata med snö")
        rut.locator("button[value=picture]").first.click()
        rut.locator("button[value=picture-away]").wait_for()
    for place in (0, 1):
        rut.locator("button[value=approve]").nth(place).click()
        expect(rut.locator("button[value=unapprove]")).to_have_count(place + 1)
    rut.locator("button[value=publish]").click()
    rut.get_by_text("Det här är publicerat").wait_for()


@pytest.mark.parametrize("channel", ["web", "email"])
def test_a_word_comes_in_is_answered_comes_back_and_may_be_read_by_all(
    channel: str, town: Town, sink: Sink, visit: Callable[..., Page]
) -> None:
    rut = log_in(visit(), "rut@norrvik.example")
    private = comes_in(channel, town, visit, rut)
    receipt = is_acknowledged(sink)
    if private:  # the link that is shown to who typed an address is another than the one that is mailed to it
        page = visit(java_script_enabled=False)
        page.goto(private)
        expect(page.get_by_text(receipt.number).first).to_be_visible()
        assert private != receipt.private
    kim, answer = is_answered(receipt.number, sink, visit, rut)
    comes_back(receipt, answer, town, visit, kim)
    goes_public(receipt.number, rut, with_picture=channel == "web")

    public = visit(java_script_enabled=False)
    public.goto("/fragor")
    public.get_by_role("link", name=STREET).first.click()
    expect(public.get_by_role("heading", name=STREET)).to_be_visible()
    seen = public.content()
    assert "plogen kommer i kväll" in seen
    assert "Kim Ek" in seen
    for private_word in ("Lindqvist", ANNA, "skolan också", "det räcker så", "HemligKamera"):
        assert private_word not in seen
    if channel == "web":
        source = public.locator("article img").first.get_attribute("src")
        assert source is not None
        picture = public.request.get(source)
        assert picture.ok
        assert b"HemligKamera" not in picture.body()
