"""Five are asked how they are led, four answer by the links in their mails: nothing is shown. It goes on, the fifth answers, and
everybody reads what they said; against the real process tree and a real mail server, on a phone, answered without JavaScript.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from gensvar.answers.tests.sink import Sink
from tests.browser import no_wider_than
from tests.faults.town import Town
from tests.journeys.leaders import LED
from tests.journeys.steps import log_in, mail_to

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PHONE: Final = {"width": 360, "height": 740}
DIRECTION: Final = "Jag vet vart vi är på väg och varför."
KEEP: Final = "Vad ska den som leder oss fortsätta med?"
CHOICES: Final = ("Instämmer helt", "Instämmer till stor del", "Varken eller", "Instämmer inte alls")
PATHS: Final = re.compile(r"http://\S+(/ledarskap/[a-z2-7]{36})")


def day(ahead: int) -> str:
    return (dt.date.today() + dt.timedelta(days=ahead)).isoformat()  # noqa: DTZ011  (a day well ahead, in any zone)


def is_opened(rut: Page, look: Callable[[Page], None]) -> None:
    """From the menu to the mails; she sees who will be asked before anybody is."""
    from playwright.sync_api import expect

    rut.goto("/desk/ledarskap/")
    rut.get_by_role("link", name="Ny enkät").click()
    rut.get_by_label("Vem som leder").select_option(label="Ulla Norr")
    rut.get_by_label("Funktion").select_option(label="Skolan")
    rut.get_by_label("Sista dag att svara").fill(day(5))
    look(rut)
    rut.get_by_role("button", name="Fortsätt").click()
    expect(rut.get_by_text("ingen är frågad än", exact=False).first).to_be_visible()
    for name in LED:
        expect(rut.get_by_label(name)).to_be_checked()
    look(rut)
    rut.get_by_role("button", name="Öppna och skicka länkarna").click()
    expect(rut.get_by_text("Den är öppen. Var och en får en egen länk med mejl.")).to_be_visible()


def link_in_the_mail_to(sink: Sink, address: str) -> str:
    """The path of the link; the mail names nobody but the leader and who holds the survey together."""
    mail = mail_to(sink, address)
    assert "Rut Östlund" in str(mail.mail["From"])
    found = PATHS.search(mail.text)
    assert found is not None, mail.text
    return found[1]


def answers(somebody: Page, path: str, choice: str, words: str = "") -> None:
    """By the link, without JavaScript, with a mistake at first."""
    from playwright.sync_api import expect

    somebody.goto(path)
    somebody.get_by_role("button", name="Lämna mitt svar").click()
    expect(somebody.get_by_text("Svara på minst en fråga.", exact=False)).to_be_visible()
    somebody.get_by_role("group", name=DIRECTION).get_by_label(choice).check()
    somebody.get_by_label(KEEP).fill(words)
    somebody.get_by_role("button", name="Lämna mitt svar").click()
    expect(somebody.get_by_role("heading", name="Ditt svar är lämnat")).to_be_visible()
    assert somebody.context.cookies() == []
    somebody.goto(path)
    expect(somebody.get_by_role("button", name="Lämna mitt svar")).to_have_count(0)


def shows_nothing_and_says_why(rut: Page, somebody: Page, unused: str) -> None:
    from playwright.sync_api import expect

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
    from playwright.sync_api import expect

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
    from playwright.sync_api import expect

    reader.goto("/")
    reader.get_by_role("link", name="Hur vi leder").click()
    reader.get_by_role("link", name="Hur Ulla Norr leder").click()
    expect(reader.get_by_text("5 av de 5 som frågades svarade utan namn", exact=False)).to_be_visible()
    reader.get_by_text("Samma i siffror").first.click()
    row = reader.get_by_role("row", name=re.compile("Instämmer helt"))
    expect(row.get_by_role("cell").first).to_have_text("2")
    expect(reader.get_by_text("Måndagsmötena, som [namn] begynte med.")).to_be_visible()
    expect(reader.get_by_text("1 text hålls inne", exact=False)).to_be_visible()
    expect(reader.get_by_text("Kafferasten")).to_have_count(0)
    no_wider_than(reader, PHONE["width"])
    page = reader.url
    reader.goto(str(reader.get_by_role("link", name="/k/").get_attribute("href")))
    expect(reader).to_have_url(page)


def test_four_answers_show_nothing_and_five_are_read_by_all(
    town: Town, sink: Sink, visit: Callable[..., Page], axe: Callable[[Page], list[Violation]]
) -> None:
    def looks_well(page: Page) -> None:
        no_wider_than(page, PHONE["width"])
        assert axe(page) == []

    environment = town.environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    subprocess.run([sys.executable, "-m", "tests.journeys.leaders"], env=environment, check=True)
    rut = log_in(visit(viewport=PHONE), "rut@norrvik.example")
    is_opened(rut, looks_well)
    *links, last = [link_in_the_mail_to(sink, address) for address in LED.values()]
    words = ("Måndagsmötena, som Ali Berg begynte med.", "Kafferasten i rum 4.", "", "")
    for link, choice, said in zip(links, CHOICES, words, strict=True):
        answers(visit(java_script_enabled=False, viewport=PHONE), link, choice, said)
    judged = visit(viewport=PHONE)  # axe is a script: it judges nothing where scripts do not run
    judged.goto(last)
    looks_well(judged)

    rut.reload()
    shows_nothing_and_says_why(rut, judged, last)
    looks_well(rut)
    rut.get_by_label("Sista dag att svara").fill(day(9))
    rut.get_by_role("button", name="Låt den fortsätta").click()
    answers(visit(java_script_enabled=False, viewport=PHONE), last, CHOICES[0])

    rut.reload()
    rut.get_by_role("button", name="Stäng den nu").click()
    is_checked_and_published(rut, looks_well)
    is_read_by_all(visit(java_script_enabled=False, viewport=PHONE))
    judged.goto("/hur-vi-leder")
    judged.get_by_role("link", name="Hur Ulla Norr leder").click()
    looks_well(judged)
    assert urlsplit(judged.url).path.endswith("-skolan")
    log = town.log.read_text()
    assert not any(link.rpartition("/")[2] in log for link in [*links, last])
