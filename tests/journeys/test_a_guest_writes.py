"""A guest writes with us, against the real process tree and a real mail server: invited by mail, without account or script.

The editor changes something, the guest says yes to every word, another reviews, and everybody reads it under the guest's name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from gensvar.answers.tests.sink import Sink, Taken
from gensvar.core import clock
from tests.faults.town import Town
from tests.journeys.steps import log_in, mail_to

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ANNA = "anna@example.org"
PHONE = {"width": 360, "height": 740}
TITLE, LEAD = "Bron vi går över", "Om gångbron vid kvarnen."


def link_in(mail: Taken) -> str:
    found = re.search(r"http://\S+/gast/[a-z2-7]{36}", mail.text)
    assert found is not None, mail.text
    return found[0]


def is_invited(rut: Page, axe: Callable[[Page], list[Violation]]) -> None:
    from playwright.sync_api import expect

    rut.goto("/desk/gaster/")
    rut.get_by_role("link", name="Bjud in en gäst").click()
    rut.get_by_label("Namn").fill("Anna Lind")
    rut.get_by_label("E-postadress").fill(ANNA)
    rut.get_by_label("Skriver som").select_option(label="för en förening")
    rut.get_by_label("Förening", exact=True).fill("Kvarnens vänner")
    rut.get_by_label("Vad det handlar om").fill("Bron vid kvarnen")
    rut.get_by_label("Sista dag att lämna in").fill((clock.today() + dt.timedelta(days=20)).isoformat())
    assert axe(rut) == []
    rut.get_by_role("button", name="Skicka inbjudan").click()
    expect(rut.get_by_text("Inbjudan är på väg till Anna Lind.")).to_be_visible()


def writes(anna: Page, link: str) -> None:
    from playwright.sync_api import expect

    anna.goto(link)
    expect(anna.get_by_role("heading", name="Det är din tur")).to_be_visible()
    anna.get_by_label("Rubrik").fill(TITLE)
    anna.get_by_label("Texten").fill("Varje dag går jag över bron.")
    anna.get_by_role("button", name="Spara", exact=True).click()
    expect(anna.get_by_text("Det är sparat.")).to_be_visible()


def is_remarked_on(rut: Page) -> None:
    from playwright.sync_api import expect

    rut.goto("/desk/gaster/?queue=theirs")
    rut.get_by_role("link", name="Anna Lind, Kvarnens vänner").click()
    expect(rut.get_by_label("Text", exact=True)).to_have_value("Varje dag går jag över bron.")
    rut.get_by_label("Ord till gästen").fill("Vad händer med isen?")
    rut.get_by_role("button", name="Skicka anmärkningen").click()
    expect(rut.get_by_text("Anmärkningen står på gästens sida")).to_be_visible()


def hands_in(anna: Page, link: str) -> None:
    from playwright.sync_api import expect

    anna.goto(link)
    expect(anna.get_by_text("Vad händer med isen?")).to_be_visible()
    anna.get_by_label("Vad handlar det om, i två eller tre meningar?").fill(LEAD)
    anna.get_by_label("Texten").fill("Varje dag går jag över bron.\n\nPå vintern är den hal.")
    anna.get_by_role("button", name="Spara och lämna in").click()
    expect(anna.get_by_text("Vi läser den och ber om ditt ja")).to_be_visible()


def is_changed_and_asked_about(rut: Page) -> None:
    """In Wagtail's own editor; publishing is refused there as long as there is no yes."""
    from playwright.sync_api import expect

    rut.goto("/desk/gaster/")
    rut.get_by_role("link", name="Anna Lind, Kvarnens vänner").click()
    guest = rut.url
    rut.get_by_role("link", name="Redigera och granska inlägget").click()
    rut.locator("#id_lead").fill("Om gångbron vid kvarnen, sommar och vinter.")
    rut.get_by_role("button", name="Spara utkast").first.click()
    rut.wait_for_load_state()
    rut.goto(guest)
    expect(rut.get_by_text("Om gångbron vid kvarnen, sommar och vinter.")).to_be_visible()
    rut.get_by_role("button", name="Be gästen om ett ja").click()
    expect(rut.get_by_text("Gästen tillfrågas om ett ja")).to_be_visible()


def says_yes(anna: Page, link: str) -> None:
    from playwright.sync_api import expect

    anna.goto(link)
    expect(anna.get_by_text("Om gångbron vid kvarnen, sommar och vinter.")).to_be_visible()
    anna.get_by_role("button", name="Ja, publicera exakt det här i mitt namn").click()
    expect(anna.get_by_text("Du får ett mejl när den är publicerad.")).to_be_visible()


def is_handed_to_review(rut: Page) -> str:
    """By the ordinary review of posts; gives the address of the editor."""
    rut.goto("/desk/gaster/")
    rut.get_by_role("link", name="Anna Lind, Kvarnens vänner").click()
    rut.get_by_role("link", name="Redigera och granska inlägget").click()
    rut.wait_for_load_state()
    editor = rut.url
    rut.get_by_role("button", name="Fler åtgärder").click()
    rut.get_by_role("button", name="Lämna in till Granskning").click()
    rut.wait_for_url(lambda url: not url.endswith("/edit/"))
    return editor


def is_approved(siv: Page, editor: str) -> None:
    siv.goto(editor)
    siv.get_by_role("button", name="Fler åtgärder").click()
    siv.get_by_role("button", name="Godkänn och Publicera").first.click()
    siv.wait_for_url(lambda url: not url.endswith("/edit/"))


def test_a_guest_writes_says_yes_and_is_read_under_their_own_name(
    town: Town, sink: Sink, visit: Callable[..., Page], axe: Callable[[Page], list[Violation]]
) -> None:
    from playwright.sync_api import expect

    rut = log_in(visit(), "rut@norrvik.example")
    is_invited(rut, axe)
    mail = mail_to(sink, ANNA)
    assert "Rut Östlund" in str(mail.mail["From"]) + mail.text
    link = link_in(mail)

    anna = visit(java_script_enabled=False, viewport=PHONE)
    writes(anna, link)
    is_remarked_on(rut)
    assert link == link_in(mail_to(sink, ANNA, 1))
    hands_in(anna, link)
    assert "har lämnat in" in str(mail_to(sink, "rut@norrvik.example").mail["Subject"])
    is_changed_and_asked_about(rut)
    assert link == link_in(mail_to(sink, ANNA, 2))
    says_yes(anna, link)
    editor = is_handed_to_review(rut)
    is_approved(log_in(visit(), "siv@norrvik.example"), editor)

    reader = visit(java_script_enabled=False)
    reader.goto("/nytt")
    expect(reader.locator(".card__facts").first).to_contain_text("Gäst: Anna Lind, Kvarnens vänner")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_text("På vintern är den hal.")).to_be_visible()
    expect(
        reader.get_by_text("En gäst skriver här i eget namn, inbjuden av Informationsenheten.")
    ).to_be_visible()
    told = mail_to(sink, ANNA, 3)
    assert reader.url.partition("/nytt")[2] in told.text
    assert not anna.context.cookies()
