"""An owner falls ill on a Friday: she says so on her phone, and what waits and what comes is the deputy's, in light and dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock, runner
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import make_town
from gensvar.people.tests.factories import user_of
from gensvar.routing.tests.scene import word_comes
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


def is_in_hand(page: Page, subject: str) -> bool:
    page.goto("/desk/inkorg/?queue=mine")
    return page.get_by_text(subject).count() > 0


def test_what_waits_and_what_comes_is_the_deputys_and_the_thread_says_why(
    enter: Callable[..., Page], axe: Callable[[Page], list[Violation]]
) -> None:
    town = make_town()
    ContactPoint.objects.filter(pk=town.mailbox.pk).update(owner=town.kim, deputy=town.robin)
    conversation = word_comes(town.mailbox, subject="Halkan").conversation
    kim = enter(user_of(town.kim), viewport=PHONE)
    assert is_in_hand(kim, "Halkan"), "the owner has it"

    kim.goto("/desk/franvaro/")
    kim.locator("#absence_starts").fill(clock.today().isoformat())
    kim.locator("#absence_ends").fill((clock.today() + dt.timedelta(days=3)).isoformat())
    kim.get_by_role("button", name="Jag är borta").click()
    expect(kim.get_by_text("Noterat.")).to_be_visible()
    no_wider_than(kim, PHONE["width"])
    assert axe(kim) == []

    runner.run_waiting(network=False)
    robin = enter(user_of(town.robin), at=kim)
    assert is_in_hand(robin, "Halkan"), "the deputy has what waited"
    robin.goto(f"/desk/inkorg/{conversation.number}/")
    expect(robin.get_by_text("eftersom Kim Ek är borta till")).to_be_visible()
    word_comes(town.mailbox, subject="Plogen")
    assert is_in_hand(robin, "Plogen"), "the deputy has what came since"

    rut = enter(town.user(Role.COORDINATOR), at=robin)
    rut.goto("/desk/franvaro/vilka/")
    expect(rut.get_by_role("link", name="Kim Ek")).to_be_visible()
    no_wider_than(rut, PHONE["width"])
    assert axe(rut) == []
    kim = enter(user_of(town.kim), at=rut)
    assert not is_in_hand(kim, "Halkan")
    kim.goto("/desk/franvaro/")
    kim.get_by_role("button", name="Ta tillbaka").first.click()
    expect(kim.get_by_text("Återtaget.")).to_be_visible()
    runner.run_waiting(network=False)
    assert is_in_hand(enter(user_of(town.robin), at=kim), "Halkan"), "nothing jumps back"
