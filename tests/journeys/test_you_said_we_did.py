"""From a conversation to what came of it, with a real mail server: an editor writes an outcome in the desk, who wrote gets a
mail and replies into the same conversation, and the front page shows it at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.answers.tests.sink import Sink, Taken
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.routing.tests.scene import word_comes
from tests.journeys.steps import sent_to
from tests.journeys.test_a_word_in_an_answer_out import ANNA, answer_to

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
TITLE, SAID = "Plogen börjar vid skolorna", "Trottoarerna förbi skolorna plogas för sent."
DONE, LATER = "Rundan är ändrad: skolorna plogas först.", "Vi har mätt: klart före sju nio dagar av tio."


def is_written_from_the_conversation(rut: Page, number: str, axe: Callable[[Page], list[Violation]]) -> None:
    """By keyboard and mouse as an editor would; nothing is public by it."""
    rut.goto(f"/desk/inkorg/{number}/")
    rut.get_by_role("link", name="Nytt resultat").click()
    expect(rut.get_by_text(f"Det knyts till {number}.")).to_be_visible()
    assert axe(rut) == []
    rut.get_by_label("Rubrik").fill(TITLE)
    rut.get_by_label("Vad ni sade, med våra ord").fill(SAID)
    rut.get_by_role("button", name="Fortsätt").click()
    expect(rut.get_by_role("heading", name=TITLE)).to_be_visible()
    write_step(rut, "Planerat", DONE)
    expect(rut.get_by_text("1 person har skrivit till oss om det: 1 får det som mejl.")).to_be_visible()
    expect(rut.get_by_text("Inget av det här är offentligt.")).to_be_visible()
    assert axe(rut) == []


def write_step(rut: Page, status: str, words: str) -> None:
    rut.get_by_label("Hur långt det har kommit").select_option(label=status.lower())
    rut.get_by_label("Vad vi gjorde, eller varför inte").fill(words)
    rut.get_by_role("button", name="Spara steget").click()
    expect(rut.get_by_text("Steget är sparat. Ingen utanför ser det ännu.")).to_be_visible()


def is_told(sink: Sink, place: int, words: str) -> Taken:
    """Anna's mail: in the name of a person and a function, with the words, and with nothing that she wrote."""
    mail = sent_to(sink, ANNA, place)
    assert words in mail.text
    assert SAID in mail.text
    assert "Rut Östlund" in mail.text
    assert "/samtal/" in mail.text
    assert "Storgatan" not in mail.text + str(mail.mail["Subject"])
    return mail


def test_an_outcome_is_written_shown_at_once_told_by_mail_and_answered(
    mailed: Sink,
    enter: Callable[..., Page],
    open_page: Callable[..., Page],
    live_server: LiveServer,
    complaints: list[str],
    axe: Callable[[Page], list[Violation]],
) -> None:
    """The reader's pages are judged where all public ones are: `square/tests/test_valid_html.py`; that what is withdrawn is gone
    at once from all of them: `config/pages/tests/test_outcomes_follow.py`."""
    streets, office = make_function("Gata & park"), make_function("Informationsenheten", coordinates=True)
    host = make_person("Rut Östlund", office, roles=(Role.COORDINATOR,))
    place = make_contact_point(streets, address="gata@norrvik.example", owner=make_person("Kim Ek", streets))
    make_contact_point(office, address="kommun@norrvik.example", owner=host)
    asked = word_comes(place, sender=f"Anna Lindqvist <{ANNA}>", text="När plogas Storgatan?")
    sent_to(mailed, ANNA)
    reader = open_page(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    rut = enter(user_of(host))
    is_written_from_the_conversation(rut, asked.conversation.number, axe)
    reader.goto("/")  # kept from now on
    expect(reader.get_by_text(TITLE)).to_have_count(0)

    rut.get_by_role("button", name="Publicera", exact=True).click()
    expect(rut.get_by_text("Publicerat. Alla kan läsa det nu.")).to_be_visible()
    reader.goto("/")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", name="Vi planerar")).to_be_visible()
    expect(reader.get_by_text(DONE)).to_be_visible()
    expect(reader.get_by_text("Ett samtal med oss, som inte visas.")).to_be_visible()

    reply, to = answer_to(is_told(mailed, 1, DONE), "Tack, i dag var det plogat klockan sju.")
    word_comes(place, to=to, raw=reply.as_bytes())
    rut.goto("/desk/inkorg/?queue=all")
    rut.get_by_text("Tack, i dag var det plogat").first.click()
    expect(rut.get_by_text("Tack, i dag var det plogat klockan sju.").last).to_be_visible()
    expect(rut.get_by_text(re.compile("Skickat till " + re.escape(ANNA))).first).to_be_visible()

    rut.locator(".desk-beside").get_by_role("link", name=TITLE).click()
    write_step(rut, "Klart", LATER)
    rut.get_by_role("button", name="Publicera steget").click()
    expect(rut.get_by_text("Publicerat. Alla kan läsa det nu.")).to_be_visible()
    reader.goto("/ni-sade-vi-gjorde")
    expect(reader.get_by_text(LATER)).to_be_visible()
    is_told(mailed, 2, LATER)
    assert complaints == []
