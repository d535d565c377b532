"""The inbox in a real browser whose scripts are off: every form and link of a conversation does what it says by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.conversations.models import Message
from gensvar.desk.tests.scene import Town, question
from gensvar.routing.tests.scene import fresh

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_conversation_is_noted_answered_taken_given_closed_opened_and_passed_on(
    desk: Callable[..., Page], town: Town
) -> None:
    asked = question(town.mailbox)
    before = asked.function
    page = desk(town.kim, java_script_enabled=False)

    def press(name: str, *, under: str = "") -> None:
        if under:
            page.locator(".desk-acts summary", has_text=under).click()
        page.get_by_role("button", name=name, exact=True).first.click()

    page.goto("/desk/")
    page.get_by_role("link", name="Mina funktioner").click()
    page.locator(".desk-row a").first.click()
    page.get_by_role("link", name="Intern anteckning").click()
    page.locator("#desk-text").fill("@Robin Öst vem vet när plogen går?")
    press("Spara anteckningen")
    expect(page.locator(".desk-text", has_text="vem vet när plogen går?")).to_be_visible()
    expect(page.get_by_text("Tillfrågade: Robin Öst")).to_be_visible()
    page.get_by_role("link", name="Svara", exact=True).click()
    page.locator("#desk-text").fill("Vi plogar i kväll.")
    press("Skicka svaret")
    page.get_by_text("Ditt svar är på väg").wait_for()
    press("Ångra")
    expect(page.locator("#desk-text")).to_have_value("Vi plogar i kväll.")
    press("Skicka svaret")
    expect(page.locator(".desk-text", has_text="Vi plogar i kväll.")).to_be_visible()
    assert Message.objects.filter(conversation=asked, text="Vi plogar i kväll.").count() == 1
    press("Ta det")
    page.get_by_text("Nu är det ditt.").wait_for()
    assert fresh(asked).assignee == town.kim
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
    assert fresh(asked).function != before
    page.get_by_role("link", name="Inkorg").first.click()
    expect(page).to_have_url(re.compile("/desk/inkorg/$"))
