"""The writer's other address in a real browser, by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.desk.tests.scene import make_town, question
from gensvar.routing.tests.scene import word_comes
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}
LONG = "anna.maria.lindqvist-soderstrom.fornamn@avdelningen.for.utbildning.arbetet.example"


def test_it_is_said_and_taken_back_by_keyboard_on_a_phone_and_pleases_axe(
    desk: Callable[..., Page], axe: Callable[..., list[Violation]]
) -> None:
    town = make_town()
    asked = question(town.mailbox)
    (part,) = asked.participants.all()
    word_comes(town.mailbox, to=f"gata+{part.token}@norrvik.example", sender=LONG, text="Jag igen.")
    page = desk(town.kim, viewport=PHONE)
    page.goto(f"/desk/inkorg/{asked.number}/")
    fold = page.get_by_text("Skriver också från …")
    fold.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Den andra adressen")).to_be_focused()
    page.keyboard.type(LONG)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Hur vet vi det?")).to_be_focused()
    no_wider_than(page, PHONE["width"])
    page.keyboard.type("Hon skrev det själv.")
    page.keyboard.press("Enter")
    back = page.get_by_role("button", name=f"Ta tillbaka {LONG}")
    expect(back).to_be_visible()
    fold.click()  # both forms are judged at once
    expect(page.get_by_label("Den andra adressen")).to_be_visible()
    no_wider_than(page, PHONE["width"])
    assert axe(page) == []
    back.focus()
    page.keyboard.press("Enter")
    expect(back).to_have_count(0)
    expect(page.get_by_text(f"tog tillbaka att {LONG} är samma persons")).to_be_visible()
