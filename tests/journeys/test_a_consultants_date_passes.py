"""A consultant's date passes: a coordinator was told before it, his next click finds the door shut, and what waited at him is
the deputy's, with the reason; what he answered stays his. Against the real process tree.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from gensvar.answers.tests.sink import Sink
from tests.faults.town import Town, wait_until
from tests.journeys import cast, consultant
from tests.journeys.consultant import CONSULTANT, MAILBOX
from tests.journeys.steps import mail_to
from tests.journeys.test_a_word_in_an_answer_out import ANNA, is_acknowledged, send_mail

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def writes(town: Town, subject: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, MAILBOX, subject
    mail["Message-ID"] = f"<{subject.lower()}@post.example>"
    mail.set_content(f"{subject}?\n")
    send_mail(town, mail, MAILBOX)


def is_in_hand(page: Page, subject: str) -> bool:
    page.goto("/desk/inkorg/?queue=mine")
    return page.get_by_text(subject).count() > 0


def test_the_door_is_shut_and_nobodys_words_wait_behind_it(
    town: Town,
    sink: Sink,
    at_desk: Callable[..., Page],
    in_town: Callable[[], AbstractContextManager[None]],
) -> None:
    """Who is away, and what needs somebody today, is judged where one is: `test_an_owner_falls_ill`."""
    from playwright.sync_api import expect

    with in_town():
        consultant.comes()
    writes(town, "Bron")
    number = is_acknowledged(sink).number
    axel = at_desk(CONSULTANT)
    wait_until(lambda: is_in_hand(axel, "Bron"), "the consultant has it")
    axel.get_by_text("Bron").first.click()
    axel.locator("#desk-text").fill("Bron öppnar i maj.")
    axel.get_by_role("button", name="Skicka svaret").click()
    expect(axel.get_by_text("Ditt svar är på väg.")).to_be_visible()
    assert "Axel Brodin" in str(mail_to(sink, "anna@post.example", 1).mail["From"])
    writes(town, "Stolpen")
    wait_until(lambda: is_in_hand(axel, "Stolpen"), "the next word is his as well")

    assert "Axel Brodin" in mail_to(sink, "rut@norrvik.example").text
    rut = at_desk("rut@norrvik.example")
    rut.goto("/desk/franvaro/vilka/")
    expect(rut.get_by_text("Axel Brodin").first).to_be_visible()

    with in_town():
        consultant.date_passes()
    axel.goto("/desk/inkorg/?queue=mine")
    expect(axel.locator("input[name=login]")).to_be_visible()
    axel.locator("input[name=login]").fill(CONSULTANT)
    axel.locator("input[name=password]").fill(cast.PASSWORD)
    axel.keyboard.press("Enter")
    expect(axel.locator(".desk-row")).to_have_count(0)
    axel.goto(f"/desk/inkorg/{number}/")
    expect(axel.get_by_text("Bron öppnar i maj.")).to_have_count(0)

    samira = at_desk("samira@norrvik.example", at=rut)
    wait_until(lambda: is_in_hand(samira, "Stolpen"), "the deputy has what waited")
    samira.get_by_text("Stolpen").first.click()
    expect(samira.get_by_text("eftersom Axel Brodin")).to_be_visible()
    samira.goto(f"/desk/inkorg/{number}/")
    expect(samira.get_by_text("Axel Brodin, Gata & park").first).to_be_visible()
    writes(town, "Ljuset")
    wait_until(lambda: is_in_hand(samira, "Ljuset"), "what comes afterwards is the deputy's at once")
