"""The inbox in a real browser whose scripts are off: every form and link of a conversation does what it says by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.conversations.models import Message
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, question

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_conversation_is_noted_answered_given_closed_opened_and_passed_on(
    desk: Callable[..., Page], town: Town
) -> None:
    asked = question(town.mailbox)
    before = asked.function
    page = desk(town.by_role[Role.COORDINATOR], java_script_enabled=False)

    def press(name: str, *, under: str = "") -> None:
        if under:
            page.locator(".desk-acts summary", has_text=under).click()
        page.get_by_role("button", name=name, exact=True).first.click()

    page.goto(f"/desk/inkorg/{asked.number}/")
    page.get_by_role("link", name="Intern anteckning").click()
    page.locator("#desk-text").fill("Vem vet när plogen går?")
    press("Spara anteckningen")
    expect(page.locator(".desk-text", has_text="Vem vet när plogen går?")).to_be_visible()
    page.get_by_role("link", name="Svara", exact=True).click()
    page.locator("#desk-text").fill("Vi plogar i kväll.")
    press("Skicka svaret")
    expect(page.locator(".desk-text", has_text="Vi plogar i kväll.")).to_be_visible()
    assert Message.objects.filter(conversation=asked, text="Vi plogar i kväll.").count() == 1
    page.locator(".desk-acts summary", has_text="Tilldela").click()
    page.get_by_label("Vem tar hand om det").select_option(label="Robin Öst")
    page.locator(".desk-popup").get_by_role("button", name="Tilldela", exact=True).click()
    expect(page.locator(".messages", has_text="Robin Öst")).to_be_visible()
    press("Stäng")
    press("Öppna igen")
    press("Det är skräp", under="Mer")
    press("Inte skräp")
    expect(page.get_by_role("button", name="Stäng", exact=True)).to_be_visible()
    page.locator(".desk-acts summary", has_text="Lämna över").click()
    page.locator(".desk-popup").get_by_role("button", name="Lämna över").click()
    expect(page.locator(".messages .success")).to_be_visible()
    expect(page.locator(".messages > ul")).to_have_css("opacity", "1")
    asked.refresh_from_db()
    assert asked.function != before
