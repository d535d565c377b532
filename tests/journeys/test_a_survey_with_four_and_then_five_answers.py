"""Five are asked how they are led by a mail with a link each, four answer: nothing is shown. It goes on, the fifth answers, and
everybody reads what they said; with a real mail server, on a phone, answered without JavaScript.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from gensvar.answers.tests.scene import send_waiting
from gensvar.answers.tests.sink import Sink
from gensvar.learning.surveys.models import Survey
from gensvar.learning.surveys.sealing import Given
from gensvar.learning.tests.leading import House, answer
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_function
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

PHONE: Final = {"width": 360, "height": 740}
DIRECTION: Final = "Jag vet vart vi är på väg och varför."
KEEP: Final = "Vad ska den som leder oss fortsätta med?"
WHOLLY: Final = "Instämmer helt"
OTHERS: Final[tuple[Given, ...]] = (
    {"direction": 4, "keep": "Kafferasten i rum 4."},
    {"direction": 3},
    {"direction": 1},
)
PATHS: Final = re.compile(r"http://\S+(/ledarskap/[a-z2-7]{36})")


def day(ahead: int) -> str:
    return (dt.date.today() + dt.timedelta(days=ahead)).isoformat()  # noqa: DTZ011  (a day well ahead, in any zone)


def is_opened(rut: Page, house: House, look: Callable[[Page], None]) -> None:
    """From the menu to the mails; she sees who will be asked before anybody is, and leaves one out."""
    rut.goto("/desk/ledarskap/")
    rut.get_by_role("link", name="Ny enkät").click()
    rut.get_by_label("Vem som leder").select_option(label="Ulla Norr")
    rut.get_by_label("Funktion").select_option(label="Skolan")
    rut.get_by_label("Sista dag att svara").fill(day(5))
    look(rut)
    rut.get_by_role("button", name="Fortsätt").click()
    expect(rut.get_by_text("ingen är frågad än", exact=False).first).to_be_visible()
    for person in house.led:
        expect(rut.get_by_label(person.name)).to_be_checked()
    look(rut)
    rut.get_by_label(house.led[5].name).uncheck()
    rut.get_by_role("button", name="Öppna och skicka länkarna").click()
    expect(rut.get_by_text("5 personer får ett mejl")).to_be_visible()
    rut.get_by_role("button", name="Öppna och skicka länkarna").click()
    expect(rut.get_by_text("Den är öppen. Var och en får en egen länk med mejl.")).to_be_visible()


def link_in_the_mail_to(sink: Sink, person: Person) -> str:
    """The path of the link; the mail names nobody but the leader and who holds the survey together."""
    (mail,) = sink.to(person.email)
    assert "Rut Östlund" in str(mail.mail["From"])
    found = PATHS.search(mail.text)
    assert found is not None, mail.text
    return found[1]


def answers(somebody: Page, path: str, words: str = "") -> None:
    """By the link, without JavaScript, with a mistake at first."""
    somebody.goto(path)
    somebody.get_by_role("button", name="Lämna mitt svar").click()
    expect(somebody.get_by_text("Svara på minst en fråga.", exact=False)).to_be_visible()
    somebody.get_by_role("group", name=DIRECTION).get_by_label(WHOLLY).check()
    somebody.get_by_label(KEEP).fill(words)
    somebody.get_by_role("button", name="Lämna mitt svar").click()
    expect(somebody.get_by_role("heading", name="Ditt svar är lämnat")).to_be_visible()
    assert somebody.context.cookies() == []
    somebody.goto(path)
    expect(somebody.get_by_role("button", name="Lämna mitt svar")).to_have_count(0)


def shows_nothing_and_says_why(rut: Page, somebody: Page, unused: str) -> None:
    rut.get_by_role("button", name="Stäng den nu").click()
    expect(
        rut.get_by_text("Färre än 5 har svarat, så inget är öppnat och ingen kan läsa det.")
    ).to_be_visible()
    expect(rut.get_by_text("4 av 5 har svarat")).to_be_visible()
    expect(rut.get_by_text("Måndagsmötena")).to_have_count(0)
    expect(rut.get_by_role("button", name="Publicera")).to_have_count(0)
    somebody.goto(unused)
    expect(
        somebody.get_by_text("Färre än fem hade svarat när tiden var ute, så inget har öppnats.")
    ).to_be_visible()
    somebody.goto("/hur-vi-leder")
    expect(somebody.get_by_text("Det finns inget resultat än.")).to_be_visible()


def is_checked_and_published(rut: Page, look: Callable[[Page], None]) -> None:
    """One text has a name in it, which is masked; one is kept back."""
    expect(rut.get_by_text("Den är stängd, och svaren är öppnade.")).to_be_visible()
    look(rut)
    while (
        waiting := rut.locator("section[aria-labelledby^=text-]", has_text="Väntar på granskning")
    ).count():
        text = waiting.first
        if "Kafferasten" in text.inner_text():
            text.get_by_label("Varför den hålls inne").fill("Går att känna igen.")
            text.get_by_role("button", name="Håll inne den").click()
            expect(rut.get_by_text("Texten hålls inne.")).to_be_visible()
        else:
            seen = text.get_by_label("Precis det här kommer att synas")
            expect(seen).to_have_value(re.compile(r"^Måndagsmötena, som \[namn\]"))
            text.get_by_role("button", name="Släpp den så").click()
            expect(rut.get_by_text("Texten är släppt.")).to_be_visible()
    rut.get_by_role("button", name="Publicera").click()
    expect(rut.get_by_text("Publicerat. Alla kan läsa det nu.")).to_be_visible()


def is_read_by_all(reader: Page) -> None:
    reader.goto("/")
    reader.get_by_role("link", name="Hur vi leder").click()
    reader.get_by_role("link", name="Hur Ulla Norr leder").click()
    expect(reader.get_by_text("5 av de 5 som frågades svarade utan namn", exact=False)).to_be_visible()
    reader.get_by_text("Samma i siffror").first.click()
    row = reader.get_by_role("row", name=re.compile(WHOLLY))
    expect(row.get_by_role("cell").first).to_have_text("2")
    expect(reader.get_by_text("Måndagsmötena, som [namn] begynte med.")).to_be_visible()
    expect(reader.get_by_text("1 text hålls inne", exact=False)).to_be_visible()
    expect(reader.get_by_text("Kafferasten")).to_have_count(0)
    no_wider_than(reader, PHONE["width"])
    page = reader.url
    reader.goto(urlsplit(str(reader.get_by_role("link", name="/k/").get_attribute("href"))).path)
    expect(reader).to_have_url(page)


def test_four_answers_show_nothing_and_five_are_read_by_all(
    enter: Callable[..., Page],
    open_page: Callable[..., Page],
    live_server: LiveServer,
    mailed: Sink,
    complaints: list[str],
    axe: Callable[[Page], list[Violation]],
) -> None:
    def looks_well(page: Page) -> None:
        no_wider_than(page, PHONE["width"])
        assert axe(page) == []

    house = House(make_function("Skolan"))
    rut = enter(house.by, viewport=PHONE)
    is_opened(rut, house, looks_well)
    send_waiting()
    first, *others = house.led[:5]
    links = {link_in_the_mail_to(mailed, person) for person in house.led[:5]}
    assert len(links) == len(mailed.taken) == 5
    somebody = open_page(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    answers(somebody, link_in_the_mail_to(mailed, first), "Måndagsmötena, som Ali Berg begynte med.")
    survey = Survey.objects.get()
    for person, given in zip(others, OTHERS, strict=False):
        answer(survey, person, given)
    last = link_in_the_mail_to(mailed, others[-1])

    rut.reload()
    shows_nothing_and_says_why(rut, somebody, last)
    looks_well(rut)
    rut.get_by_label("Sista dag att svara").fill(day(9))
    rut.get_by_role("button", name="Låt den fortsätta").click()
    expect(rut.get_by_role("button", name="Stäng den nu")).to_be_visible()
    answers(somebody, last)

    rut.get_by_role("button", name="Stäng den nu").click()
    is_checked_and_published(rut, looks_well)
    is_read_by_all(somebody)
    assert complaints == []
