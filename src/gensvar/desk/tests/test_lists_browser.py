"""Wagtail's lists in a real browser on a phone: whole words, a line for the title, nothing over anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.core import clock
from gensvar.desk.tests.scene import Town, make_town
from gensvar.publishing.posts.models import Source
from gensvar.publishing.tests.posts_scene import Paper, draft
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}
TITLES = ("Badhuset håller öppet i mellandagarna", "Kommunfullmäktigesammanträdets protokoll är klart")


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.mark.parametrize("address", ["/desk/inlagg/", "/desk/kallor/"])
def test_titles_have_a_line_of_their_own_on_a_phone(
    desk: Callable[..., Page], town: Town, address: str
) -> None:
    paper = Paper.make()
    for title in TITLES:
        draft(paper, title)
        Source.objects.create(title=title, medium="Norrviksbladet", date=clock.today())
    page = desk(town.robin, viewport=PHONE)
    page.goto(address)
    cells = page.locator("td.title")
    expect(cells).to_have_count(len(TITLES))
    widths = cells.evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert min(widths) > 250
    head, first = page.locator(".listing thead").bounding_box(), cells.first.bounding_box()
    assert head is not None
    assert first is not None
    assert head["y"] + head["height"] <= first["y"]
    for heading in page.locator(".listing thead th").all():
        stands = heading.bounding_box()
        assert stands is not None
        assert stands["y"] + stands["height"] <= head["y"] + head["height"] + 1
    no_wider_than(page, PHONE["width"])
