"""A chief executive leaves who alone holds a function, its mailbox, its open conversations and a page outside: in one reviewed
step all of it is a colleague's, against the real process tree, on a phone, in light and dark.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from gensvar.answers.tests.sink import Sink
from tests.browser import no_wider_than
from tests.faults.town import Town
from tests.journeys import chief
from tests.journeys.steps import log_in
from tests.journeys.test_a_word_in_an_answer_out import ANNA, is_acknowledged, send_mail

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PHONE = {"width": 360, "height": 740}


def a_word_waits_with_the_chief(town: Town, sink: Sink) -> str:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, chief.MAILBOX, "Badhuset"
    mail["Message-ID"] = "<badhuset@post.example>"
    mail.set_content("När öppnar badhuset?\n")
    send_mail(town, mail, chief.MAILBOX)
    return is_acknowledged(sink).number


def looks_well(page: Page, axe: Callable[[Page], list[Violation]], pictures: Path, name: str) -> None:
    no_wider_than(page, PHONE["width"])
    assert axe(page) == [], name
    page.screenshot(path=pictures / f"{name}.png", full_page=True)


def is_prepared(rut: Page, look: Callable[[str], None]) -> None:
    """From the page that says what would fall; she alone cannot both prepare and review."""
    from playwright.sync_api import expect

    rut.goto("/desk/roster/om-de-slutar/")
    rut.get_by_label("Ulla Norr").check()
    rut.get_by_role("button", name="Se vad som faller").click()
    expect(rut.get_by_text("Ullas sida på social.example")).to_be_visible()
    rut.get_by_role("link", name="Lämna över vad Ulla Norr har").click()
    rut.get_by_label("Varför").fill("Ny tjänst")
    look("list")
    rut.get_by_role("button", name="Se vad som ska lämnas").click()
    rut.get_by_label("Allt till (funktioner)").select_option(label="Samira Holm")
    look("choose")
    rut.get_by_role("button", name="Spara och granska").click()
    expect(rut.get_by_text("Be en kollega öppna sidan")).to_be_visible()
    look("review")


def test_all_that_a_chief_executive_held_is_a_colleagues_and_nothing_is_left(
    town: Town,
    sink: Sink,
    visit: Callable[..., Page],
    axe: Callable[[Page], list[Violation]],
    tmp_path: Path,
) -> None:
    from playwright.sync_api import expect

    environment = town.environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    subprocess.run([sys.executable, "-m", "tests.journeys.chief"], env=environment, check=True)
    number = a_word_waits_with_the_chief(town, sink)
    rut = log_in(visit(viewport=PHONE), "rut@norrvik.example")
    is_prepared(rut, lambda name: looks_well(rut, axe, tmp_path, name))

    siv = log_in(visit(viewport=PHONE), "siv@norrvik.example")
    siv.goto(rut.url)
    siv.get_by_role("button", name="Lämna över allt nu").click()
    expect(siv.get_by_text("Allt som Ulla Norr hade är överlämnat.")).to_be_visible()
    looks_well(siv, axe, tmp_path, "done")
    with siv.expect_download() as download:
        siv.get_by_role("link", name="Dokumentet (PDF)").click()
    text = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages[0].extract_text()
    for said in ("Överlämning från Ulla Norr", "Siv Berg", "Samira Holm", "Ny tjänst", number):
        assert said in text

    expect(siv.get_by_text("inte bytt än; Samira Holm kan den också")).to_be_visible()
    siv.get_by_label("Vittne").select_option(label="Rut Östlund")
    siv.get_by_role("button", name="Notera bytet").click()
    expect(siv.get_by_text("Noterat. Överlämningen är klar.")).to_be_visible()

    samira = log_in(visit(), "samira@norrvik.example")
    samira.goto(f"/desk/inkorg/{number}/")
    expect(samira.get_by_text("När öppnar badhuset?").first).to_be_visible()
    rut.goto("/desk/roster/om-de-slutar/")
    rut.get_by_label("Ulla Norr").check()
    rut.get_by_role("button", name="Se vad som faller").click()
    expect(rut.get_by_role("region", name="Vad som väntar hos dem")).to_contain_text("Inget.")
    expect(rut.get_by_text("Ingen som är noterad.")).to_be_visible()
