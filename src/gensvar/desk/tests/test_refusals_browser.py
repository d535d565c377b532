"""What stops somebody, in a real browser: it is said where the focus is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.desk.tests.scene import Town, question

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_stops_an_answer_is_told_of_the_field_that_one_lands_in(
    desk: Callable[..., Page], town: Town
) -> None:
    asked = question(town.mailbox)
    page = desk(town.kim)
    page.goto(f"/desk/inkorg/{asked.number}/?write=answer")
    page.get_by_role("button", name="Skicka svaret").click()
    field = page.locator("#desk-text")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Inget skickades"))


def test_a_wrong_password_is_said_where_the_focus_is(desk: Callable[..., Page], town: Town) -> None:
    page = desk(town.kim)
    page.context.clear_cookies()
    page.goto("/konto/login/")
    page.locator("input[name=login]").fill("kim@norrvik.example")
    page.locator("input[name=password]").fill("fel lösenord")
    page.keyboard.press("Enter")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("lösenord")
    expect(told).to_be_focused()
