"""What the desk's style sheet has to keep whole, measured in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, question

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Opener = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_row_says_until_when_an_answer_is_promised_however_long_the_names(desk: Opener, town: Town) -> None:
    town.streets.name = "Gata, park, skog och samhällets fritidsanläggningar"
    town.streets.save()
    question(town.mailbox)
    page = desk(town.kim, viewport={"width": 360, "height": 740})
    page.goto("/desk/inkorg/?queue=functions")
    line = page.locator(".desk-row-owner")
    expect(line).to_contain_text("svar senast")
    cut_off = line.evaluate_all("lines => lines.filter(one => one.scrollWidth > one.clientWidth).length")
    assert not cut_off
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="print")
    paper = page.locator(
        ".content-wrapper"
    )  # what hides or clips what is longer than a window leaves one sheet of it
    expect(paper).to_have_css("overflow", "visible")


def test_two_forms_below_each_other_do_not_touch(desk: Opener, town: Town) -> None:
    page = desk(town.by_role[Role.ADMINISTRATOR])
    page.goto(f"/desk/personer/{town.kim.pk}/")
    above = page.get_by_role("button", name="Ändra inloggningen").bounding_box()
    below = page.get_by_role("button", name="Skicka en länk").bounding_box()
    assert above is not None
    assert below is not None
    assert below["y"] - above["y"] - above["height"] > 10  # pixels
