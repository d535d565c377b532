"""Screens of several forms in a real browser: a button sends one of them, and what was typed in the others stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.publishing.models import PublicText

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Opener = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_SAVED = "Det här hade du skrivit förut. Det är inte sparat än."


@pytest.fixture
def gate(town: Town, desk: Opener) -> Page:
    """The screen before the gate, with a question and an answer that wait for their yes."""
    asked = question(town.mailbox)
    robin = logged_in(town.robin)
    at = f"/desk/inkorg/{asked.number}/"
    robin.post(f"{at}skriv/", {"kind": "answer", "text": "Vi plogar i kväll.", "act": "send"})
    robin.post(f"{at}publicera/", {"action": "prepare"})
    page = desk(town.robin)
    page.goto(f"{at}publicera/")
    return page


def test_what_was_typed_in_the_other_forms_stays_and_is_said_not_to_be_saved(gate: Page) -> None:
    headline, ours = gate.get_by_label("Rubrik, utan personuppgifter"), gate.locator("textarea").nth(1)
    how = gate.get_by_label("Den som skrev har sagt ja på annat sätt: hur och när?")
    how.fill(" ")
    headline.fill("När plogas det?")
    gate.get_by_role("button", name="Notera jaet").click()
    expect(gate.locator(".messages .error")).to_be_visible()
    expect(how).to_have_value(" ")  # what was refused stays too
    expect(headline).to_have_value("När plogas det?")
    how.fill("")
    ours.fill("Vi plogar före klockan sju.")
    posts: list[str] = []
    gate.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    gate.get_by_role("button", name="Spara och godkänn").first.dblclick()
    expect(gate.get_by_text("godkänt", exact=True)).to_have_count(1)
    expect(headline).to_have_value("När plogas det?")
    expect(ours).to_have_value("Vi plogar före klockan sju.")
    expect(gate.get_by_text(NOT_SAVED)).to_have_count(2)
    assert len(posts) == 1, "a second click sends nothing"
    gate.get_by_role("button", name="Spara rubriken").click()
    expect(gate.get_by_text(NOT_SAVED)).to_have_count(1)
    expect(ours).to_have_value("Vi plogar före klockan sju.")
    gate.get_by_role("button", name="Publicera", exact=True).click()
    expect(gate).to_have_url(re.compile("#main$"))
    expect(gate.locator(".messages .error")).to_be_in_viewport()
    expect(ours).to_have_value("Vi plogar före klockan sju.")
    approve_the_answer(gate)
    assert set(PublicText.objects.values_list("text", "approved")) >= {("Vi plogar före klockan sju.", True)}
    expect(headline).to_have_value("När plogas det?")


def approve_the_answer(gate: Page) -> None:
    """One goes on reading at the word that was approved, and nothing that was typed is left to meet another screen."""
    gate.get_by_role("button", name="Spara och godkänn").last.click()
    heading = gate.get_by_role("heading", name="Vi svarade")
    expect(heading).to_contain_text("godkänt")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(gate.get_by_text(NOT_SAVED)).to_have_count(0)
    gate.wait_for_function("sessionStorage.getItem('desk-still-typed') === null")


def test_a_form_that_comes_back_stands_at_what_has_to_be_mended(town: Town, desk: Opener) -> None:
    page = desk(town.by_role[Role.ADMINISTRATOR], viewport={"width": 360, "height": 640})
    page.goto(f"/desk/personer/{town.kim.pk}/")
    page.get_by_role("button", name="Ge funktionen").click()
    expect(page.locator("[role=alert]").first).to_be_in_viewport()
    field = page.locator("#tenure_function")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Det här fältet är obligatoriskt")
