"""The pages of the second factor: in Swedish, in our own shell, for everyone, from setting it up to switching it off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from gensvar.desk.tests.scene import make_town
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENGLISH = ("Authenticat", "Two-Factor", "Recovery Code", "Activate", "Deactivate", "Generate", "Sign In")


def code(secret: str, step: int) -> str:
    """The code of this half minute, or of the one so many steps from it; a code is taken once."""
    counters = sorted(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[step])))


class Walk:
    """One person's way through the pages, each of them judged once; the first is among all screens (screens.py)."""

    def __init__(self, page: Page, axe: Callable[[Page], list[Violation]]) -> None:
        self.page, self.axe = page, axe
        self.codes: list[str] = []

    def good(self) -> None:
        expect(self.page.locator("main")).not_to_contain_text(re.compile("|".join(ENGLISH)))
        no_wider_than(self.page, 360)
        assert self.axe(self.page) == []

    def follow(self, link: str) -> None:
        """Go on by a link, to its page or to the one that asks for a proof first."""
        before = self.page.url
        self.page.get_by_role("link", name=link).click()
        self.page.wait_for_url(lambda url: url != before)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def log_in(self) -> None:
        self.page.goto("/konto/login/?next=/konto/tva-steg/")
        self.page.locator("[name=login]").fill("kim@norrvik.example")
        self.page.locator("[name=password]").fill("secret")
        self.press("Logga in")

    def prove(self) -> None:
        """Who changes a log-in shows once more that it is theirs."""
        if "reauthenticate" not in self.page.url:
            return
        self.good()
        if "tva-steg" in self.page.url.partition("?")[0]:
            self.page.locator("[name=code]").fill(self.codes.pop())
        else:
            self.page.locator("[name=password]").fill("secret")
        self.press("Fortsätt")
        self.page.wait_for_url(re.compile("^(?!.*reauthenticate)"))

    def set_up(self) -> None:
        self.page.wait_for_url("**/konto/tva-steg/")
        self.follow("Ställ in tvåstegsinloggning")
        self.prove()
        self.page.locator(".desk-secret").wait_for()
        self.good()
        self.page.locator("[name=code]").fill("000000")
        self.press("Slå på")
        self.page.get_by_text("Koden stämmer inte").wait_for()
        secret = self.page.locator(".desk-secret").inner_text()
        self.page.locator("[name=code]").fill(code(secret, 0))
        self.press("Slå på")
        self.page.get_by_text("Tvåstegsinloggningen är på.").wait_for()
        self.good()

    def take_new_codes(self) -> None:
        self.page.goto("/konto/tva-steg/")
        self.follow("Gör nya koder")
        self.prove()
        self.page.get_by_role("button", name="Gör nya koder").wait_for()
        self.good()
        self.press("Gör nya koder")
        self.page.get_by_text("Nya reservkoder är gjorda.").wait_for()
        self.codes += self.page.locator(".desk-codes code").all_inner_texts()


def test_it_is_set_up_used_and_switched_off(
    open_page: Callable[..., Page],
    live_server: LiveServer,
    axe: Callable[[Page], list[Violation]],
) -> None:
    make_town()
    page = open_page(base_url=live_server.url, viewport={"width": 360, "height": 740}, locale="sv")
    walk = Walk(page, axe)
    walk.log_in()
    walk.set_up()
    walk.take_new_codes()
    page.goto("/konto/logout/")
    walk.press("Logga ut")
    page.locator("[name=login]").wait_for()
    walk.log_in()
    page.get_by_role("heading", name="Andra steget").wait_for()
    walk.good()
    page.locator("[name=code]").fill(walk.codes.pop())
    walk.press("Logga in")
    page.wait_for_url("**/konto/tva-steg/")
    page.goto("/konto/tva-steg/totp/deactivate/")
    walk.prove()
    page.get_by_role("button", name="Slå av").wait_for()
    walk.good()
    walk.press("Slå av")
    page.get_by_text("Tvåstegsinloggningen är av.").wait_for()
