"""The tutorial's podium, mended step by step against the real process tree: another answers, another is deputy, another is heard.

docs/tutorial/a-podium-mended.md tells the same steps; who changes one changes the other.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.answers.tests.sink import Sink
from tests.browser import no_wider_than
from tests.faults.town import Town, wait_until
from tests.journeys import podium
from tests.journeys.steps import log_in
from tests.journeys.test_a_word_in_an_answer_out import ANNA, is_acknowledged, send_mail

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PHONE = {"width": 360, "height": 740}
MONTH = "/desk/roster/?from={0}&to={1}"


def looks_well(page: Page, axe: Callable[[Page], list[Violation]], pictures: Path, name: str) -> None:
    no_wider_than(page, PHONE["width"])
    assert axe(page) == [], name
    page.screenshot(path=pictures / f"{name}.png", full_page=True)


def writes_to_nils(town: Town, sink: Sink) -> str:
    """A resident's question lies with him; returns its number."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, podium.MAILBOX, "Bänkarna"
    mail["Message-ID"] = "<torget@post.example>"
    mail.set_content("När kommer bänkarna tillbaka till torget?\n")
    send_mail(town, mail, podium.MAILBOX)
    return is_acknowledged(sink).number


def finding(page: Page, address: str) -> str:
    """The first sentence of the page of voices."""
    page.goto(address)
    return page.locator(".desk-finding").inner_text()


def passes_the_pen(rut: Page, look: Callable[[str], None]) -> None:
    """From what waits with him to who knows, with a word of thanks."""
    from playwright.sync_api import expect

    rut.goto("/desk/roster/")
    rut.get_by_role("link", name="Om de slutar?").click()
    rut.get_by_label("Nils Berggård").check()
    rut.get_by_role("button", name="Se vad som faller").click()
    expect(rut.get_by_text("1 öppet samtal.")).to_be_visible()
    look("leaving")
    rut.get_by_role("link", name="Bänkarna").click()
    rut.get_by_text("Lämna pennan till Kim Ek").click()
    look("who-knows")
    rut.get_by_role("textbox", name="Ett tack").fill("Du har ritat torget. Tack.")
    rut.get_by_role("button", name="Lämna pennan", exact=True).click()
    expect(rut.get_by_text("Gata & park · Kim Ek").first).to_be_visible()


def answers(kim: Page, sink: Sink, number: str) -> None:
    """Whom the pen was passed to answers in their own name."""
    from playwright.sync_api import expect

    kim.goto("/desk/inkorg/")
    kim.get_by_role("link", name="Bänkarna").click()
    expect(kim.get_by_text("Du har ritat torget. Tack.")).to_be_visible()
    kim.locator("#desk-text").fill("Hej Anna,\n\nbänkarna kommer i april.")
    kim.get_by_role("button", name="Skicka svaret").click()
    wait_until(
        lambda: any("bänkarna kommer i april" in taken.text for taken in sink.taken), f"{number} is answered"
    )


def gets_a_deputy(rut: Page) -> None:
    """The place that had none."""
    from playwright.sync_api import expect

    rut.goto("/desk/platser/")
    expect(rut.locator("li", has_text="Torget").get_by_text("saknar ersättare")).to_be_visible()
    rut.get_by_role("link", name="Torget").click()
    rut.get_by_label("Ersättare").select_option(label="Kim Ek")
    rut.get_by_role("button", name="Spara").click()
    expect(rut.locator("li", has_text="Torget").get_by_text("saknar ersättare")).to_have_count(0)


def notes_an_interview(rut: Page) -> None:
    """What Samira said last month, and nobody had noted."""
    from playwright.sync_api import expect

    rut.goto("/desk/framtradanden/")
    rut.get_by_label("Vem som talade").select_option(label="Samira Holm")
    rut.get_by_label("För vilken funktion").select_option(label="Gata & park")
    rut.get_by_label("Dag").fill(podium.last_month()[1].isoformat())
    rut.get_by_label("Var eller med vem").fill("Radio Älvdal, om snön")
    rut.get_by_role("button", name="Lägg till och visa").click()
    expect(rut.get_by_text("Radio Älvdal, om snön")).to_be_visible()


def test_the_share_of_who_says_most_falls_when_others_are_heard(
    town: Town,
    sink: Sink,
    visit: Callable[..., Page],
    axe: Callable[[Page], list[Violation]],
    tmp_path: Path,
) -> None:
    from playwright.sync_api import expect

    environment = town.environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    subprocess.run([sys.executable, "-m", "tests.journeys.podium"], env=environment, check=True)
    number = writes_to_nils(town, sink)
    rut = log_in(visit(viewport=PHONE), "rut@norrvik.example")
    month = MONTH.format(*podium.last_month())
    wait_until(lambda: "60 %" in finding(rut, month).replace("\xa0", " "), "Nils said 60 % of last month")
    looks_well(rut, axe, tmp_path, "voices")

    passes_the_pen(rut, lambda name: looks_well(rut, axe, tmp_path, name))
    answers(log_in(visit(), "kim@norrvik.example"), sink, number)
    gets_a_deputy(rut)
    notes_an_interview(rut)

    wait_until(
        lambda: "55 %" in finding(rut, month).replace("\xa0", " "), "one interview of another is heard"
    )
    expect(rut.locator("tr", has_text="Samira Holm")).to_contain_text("27 %")
    rut.goto("/desk/roster/om-de-slutar/")
    rut.get_by_label("Nils Berggård").check()
    rut.get_by_role("button", name="Se vad som faller").click()
    expect(rut.get_by_text("0 öppna samtal.")).to_be_visible()
