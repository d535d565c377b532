"""A chief executive leaves who alone holds a function, its mailbox, its open conversations and a page outside: in one reviewed
step all of it is a colleague's, with a real mail server, on a phone, in light and dark.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.models import ContactPoint
from gensvar.core.models import User
from gensvar.routing.tests.scene import word_comes
from tests.browser import no_wider_than
from tests.journeys import cast, chief
from tests.journeys.steps import sent_to
from tests.journeys.test_a_word_in_an_answer_out import ANNA

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


def a_word_waits_with_the_chief(sink: Sink) -> str:
    place = ContactPoint.objects.get(address=chief.MAILBOX)
    number = word_comes(
        place, sender=ANNA, subject="Badhuset", text="När öppnar badhuset?"
    ).conversation.number
    assert number in sent_to(sink, ANNA).text
    return number


def is_prepared(rut: Page, look: Callable[[Page], None]) -> None:
    """From the page that says what would fall; she alone cannot both prepare and review."""
    rut.goto("/desk/roster/om-de-slutar/")
    rut.get_by_label("Ulla Norr").check()
    rut.get_by_role("button", name="Se vad som faller").click()
    expect(rut.get_by_text("Ullas sida på social.example")).to_be_visible()
    rut.get_by_role("link", name="Lämna över vad Ulla Norr har").click()
    rut.get_by_label("Varför").fill("Ny tjänst")
    rut.get_by_role("button", name="Se vad som ska lämnas").click()
    rut.get_by_label("Allt till (funktioner)").select_option(label="Samira Holm")
    look(rut)
    rut.get_by_role("button", name="Spara och granska").click()
    expect(rut.get_by_text("Be en kollega öppna sidan")).to_be_visible()
    look(rut)


def test_all_that_a_chief_executive_held_is_a_colleagues_and_nothing_is_left(
    mailed: Sink,
    enter: Callable[..., Page],
    complaints: list[str],
    axe: Callable[[Page], list[Violation]],
) -> None:
    def looks_well(page: Page) -> None:
        no_wider_than(page, PHONE["width"])
        assert axe(page) == []

    def turn_of(name: str, **options: Any) -> Page:
        return enter(User.objects.get(email=f"{name}@norrvik.example"), **options)

    cast.move_in()
    chief.comes()
    number = a_word_waits_with_the_chief(mailed)
    rut = turn_of("rut", viewport=PHONE)
    is_prepared(rut, looks_well)

    siv = turn_of("siv", viewport=PHONE)
    siv.goto(rut.url)
    siv.get_by_role("button", name="Lämna över allt nu").click()
    expect(siv.get_by_text("Allt som Ulla Norr hade är överlämnat.")).to_be_visible()
    looks_well(siv)
    with siv.expect_download() as download:
        siv.get_by_role("link", name="Dokumentet (PDF)").click()
    text = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages[0].extract_text()
    for said in ("Överlämning från Ulla Norr", "Siv Berg", "Samira Holm", "Ny tjänst", number):
        assert said in text

    expect(siv.get_by_text("inte bytt än; Samira Holm kan den också")).to_be_visible()
    siv.get_by_label("Vittne").select_option(label="Rut Östlund")
    siv.get_by_role("button", name="Notera bytet").click()
    expect(siv.get_by_text("Noterat. Överlämningen är klar.")).to_be_visible()

    samira = turn_of("samira", at=siv)
    samira.goto(f"/desk/inkorg/{number}/")
    expect(samira.get_by_text("När öppnar badhuset?").last).to_be_visible()
    rut = turn_of("rut", at=samira)
    rut.goto("/desk/roster/om-de-slutar/")
    rut.get_by_label("Ulla Norr").check()
    rut.get_by_role("button", name="Se vad som faller").click()
    expect(rut.get_by_role("region", name="Vad som väntar hos dem")).to_contain_text("Inget.")
    expect(rut.get_by_text("Ingen som är noterad.")).to_be_visible()
    assert complaints == []
