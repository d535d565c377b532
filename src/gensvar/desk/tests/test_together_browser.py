"""Who knows and who signs too, in a real browser on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.core import clock
from gensvar.desk.tests.scene import make_town, question
from gensvar.people.models import Person
from gensvar.voices.models import LastAnswer
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}


def test_who_knows_and_who_signs_too_fit_on_a_phone_and_please_axe(
    desk: Callable[..., Page], axe: Callable[..., list[Violation]]
) -> None:
    town = make_town()
    Person.objects.filter(pk=town.sam.pk).update(
        title="rektor med ansvar för skolskjutsar, matsalar och skolgårdar"
    )
    asked = question(town.mailbox)
    LastAnswer.objects.create(contact_point=town.mailbox, person=town.sam, topics="", day=clock.today())
    page = desk(town.kim, viewport=PHONE)
    page.goto(f"/desk/inkorg/{asked.number}/")
    for fold in ("Svara tillsammans med någon", "Lämna pennan till Sam Åberg"):
        page.get_by_text(fold, exact=True).click()
    expect(page.get_by_role("button", name="Spara och fråga")).to_be_visible()
    expect(page.get_by_label("Ett tack")).to_be_visible()
    no_wider_than(page, PHONE["width"])
    assert axe(page) == []
