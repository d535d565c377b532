"""Steps that several journeys take: logging in, and waiting for a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gensvar.answers.tests.sink import Sink, Taken
from tests.faults.town import wait_until
from tests.journeys import cast

if TYPE_CHECKING:
    from playwright.sync_api import Page


def log_in(page: Page, email: str, password: str = cast.PASSWORD) -> Page:
    """By address and password; what comes after them may be the desk or a second factor."""
    page.goto("/desk/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/konto/login" not in url)
    return page


def mail_to(sink: Sink, address: str, place: int = 0) -> Taken:
    """The mail of that place which reached the address."""

    def found() -> list[Taken]:
        return [taken for taken in sink.taken if address in taken.recipients]

    wait_until(lambda: len(found()) > place, f"mail {place + 1} reached {address}")
    return found()[place]


def is_saved(page: Page) -> None:
    """Wait until the editor has saved by itself what was written: what it saves after handing in is news to who approves.

    Wagtail then asks the approver first, in a dialog, whether to go on without it.
    """
    page.wait_for_function(
        """() => {
            const form = document.querySelector("[data-edit-form]")
            const of = (name) => wagtail.app.getControllerForElementAndIdentifier(form, name)
            const unsaved = of("w-unsaved")
            return unsaved.formData === unsaved.initialFormData && of("w-autosave").submitPromise === null
        }"""
    )
