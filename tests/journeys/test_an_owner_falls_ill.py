"""An owner falls ill on a Friday: she says so on her phone, and what waits and what comes is the deputy's, against the real
process tree, in light and dark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest

from gensvar.answers.tests.sink import Sink
from gensvar.core import clock
from tests.browser import no_wider_than
from tests.faults.town import Town, wait_until
from tests.journeys import cast
from tests.journeys.test_a_word_in_an_answer_out import ANNA, is_acknowledged, send_mail

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PHONE = {"width": 360, "height": 740}


def samira_is_deputy() -> None:
    from gensvar.contactpoints.models import ContactPoint
    from gensvar.people.models import Person

    places = ContactPoint.objects.filter(address=cast.STREETS)
    assert places.update(deputy=Person.objects.get(name="Samira Holm")) == 1


def writes(town: Town, subject: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, cast.STREETS, subject
    mail["Message-ID"] = f"<{subject.lower()}@post.example>"
    mail.set_content(f"{subject}?\n")
    send_mail(town, mail, cast.STREETS)


def is_in_hand(page: Page, subject: str) -> bool:
    page.goto("/desk/inkorg/?queue=mine")
    return page.get_by_text(subject).count() > 0


def test_what_waits_and_what_comes_is_the_deputys_and_the_thread_says_why(
    town: Town,
    sink: Sink,
    at_desk: Callable[..., Page],
    in_town: Callable[[], AbstractContextManager[None]],
    axe: Callable[[Page], list[Violation]],
) -> None:
    from playwright.sync_api import expect

    with in_town():
        samira_is_deputy()
    writes(town, "Halkan")
    number = is_acknowledged(sink).number
    kim = at_desk("kim@norrvik.example", viewport=PHONE)
    wait_until(lambda: is_in_hand(kim, "Halkan"), "the owner has it")

    kim.goto("/desk/franvaro/")
    until = clock.today() + dt.timedelta(days=3)
    kim.locator("#absence_starts").fill(clock.today().isoformat())
    kim.locator("#absence_ends").fill(until.isoformat())
    kim.get_by_role("button", name="Jag är borta").click()
    expect(kim.get_by_text("Noterat.")).to_be_visible()
    no_wider_than(kim, PHONE["width"])
    assert axe(kim) == []

    samira = at_desk("samira@norrvik.example")
    wait_until(lambda: is_in_hand(samira, "Halkan"), "the deputy has what waited")
    samira.goto(f"/desk/inkorg/{number}/")
    expect(samira.get_by_text("eftersom Kim Ek är borta till")).to_be_visible()
    assert not is_in_hand(kim, "Halkan")
    writes(town, "Plogen")
    wait_until(lambda: is_in_hand(samira, "Plogen"), "the deputy has what came since")

    rut = at_desk("rut@norrvik.example", viewport=PHONE)
    rut.goto("/desk/franvaro/vilka/")
    expect(rut.get_by_role("link", name="Kim Ek")).to_be_visible()
    no_wider_than(rut, PHONE["width"])
    assert axe(rut) == []
    kim.goto("/desk/franvaro/")
    kim.get_by_role("button", name="Ta tillbaka").first.click()
    expect(kim.get_by_text("Återtaget.")).to_be_visible()
    assert is_in_hand(samira, "Halkan"), "nothing jumps back"
