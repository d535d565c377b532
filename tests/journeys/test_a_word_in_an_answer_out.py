"""The main job, from a resident's first word to the public answer, against the real process tree and a real mail server."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, TypeVar

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

T = TypeVar("T")
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


def comes_in(write: Callable[[], T], desk: Page) -> T:
    """A word comes and stands in the open inbox without a reload; returns what writing it gave."""
    desk.goto("/desk/inkorg/?queue=all")
    desk.evaluate("window.still = true")
    given = write()
    desk.get_by_role("link", name=STREET).first.wait_for()
    still = desk.evaluate("window.still")
    assert still, "the page was loaded anew"
    return given


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
    return kim, writes_an_answer(kim, sink)


def writes_an_answer(kim: Page, sink: Sink) -> Taken:
    """In the conversation that is open; returns the mail to Anna."""
    kim.locator("#desk-text").fill("Hej Anna,\n\nplogen kommer i kväll före klockan 20.")
    expect(kim.locator(".desk-sentence").first).to_contain_text(ANNA)
    kim.locator("button[name=act][value=send]").click()
    kim.get_by_text("plogen kommer i kväll").first.wait_for()
    answer = mail_to(sink, ANNA, 1)
    assert "Kim Ek" in str(answer.mail["From"])
    assert "Gata & park" in str(answer.mail["From"]) + answer.text
    assert "plogen kommer i kväll" in answer.text
    return answer


def comes_back_by_mail(number: str, answer: Taken, town: Town, kim: Page) -> None:
    """Her reply comes into the same conversation, and stands in the open one without a reload."""
    reply, to = answer_to(answer, "Tack för svaret, det räcker så.")
    kim.goto(f"/desk/inkorg/{number}/")
    send_mail(town, reply, to)
    kim.locator("[data-newer] a").click()
    kim.locator(".desk-word", has_text="Tack för svaret, det räcker så.").wait_for()


def comes_back_at_the_link(page: Page, kim: Page) -> None:
    """Her private link, without JavaScript: she reads the answer and writes on."""
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


def test_a_word_comes_in_is_answered_comes_back_and_may_be_read_by_all(
    town: Town, sink: Sink, visit: Callable[..., Page]
) -> None:
    rut = log_in(visit(), "rut@norrvik.example")
    anna = comes_in(lambda: write_by_form(visit), rut)
    shown = anna.locator(".keep__link a").get_attribute("href") or ""
    receipt = is_acknowledged(sink)
    assert shown != receipt.private, "who typed an address is shown another link than is mailed to it"
    kim, answer = is_answered(receipt.number, sink, visit, rut)
    comes_back_by_mail(receipt.number, answer, town, kim)
    for private in (shown, receipt.private):
        anna.goto(private)
        expect(anna.get_by_text(receipt.number).first).to_be_visible()
    comes_back_at_the_link(anna, kim)
    goes_public(receipt.number, rut, with_picture=True)

    anna.goto("/fragor")
    anna.get_by_role("link", name=STREET).first.click()
    expect(anna.get_by_role("heading", name=STREET)).to_be_visible()
    seen = anna.content()
    assert "plogen kommer i kväll" in seen
    assert "Kim Ek" in seen
    for private_word in ("Lindqvist", ANNA, "skolan också", "det räcker så", "HemligKamera"):
        assert private_word not in seen
    source = anna.locator("article img").first.get_attribute("src")
    assert source is not None
    picture = anna.request.get(source)
    assert picture.ok
    assert b"HemligKamera" not in picture.body()


def test_a_mail_is_answered_and_the_reply_to_that_comes_back(
    town: Town, sink: Sink, at_desk: Callable[..., Page]
) -> None:
    """In the inbox of whose mailbox it is. What comes before and after it is the same for a word of any channel."""
    kim = at_desk("kim@norrvik.example")
    comes_in(lambda: write_by_mail(town), kim)
    receipt = is_acknowledged(sink)
    kim.goto(f"/desk/inkorg/{receipt.number}/?write=answer")
    answer = writes_an_answer(kim, sink)
    comes_back_by_mail(receipt.number, answer, town, kim)
