"""An owner falls ill on a Friday: she says so on her phone, and what waits and what comes is the deputy's, against the real
process tree, in light and dark.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gensvar.answers.tests.sink import Sink
from gensvar.core import clock
from tests.browser import no_wider_than
from tests.faults.town import Town, wait_until
from tests.journeys import cast
from tests.journeys.steps import log_in
from tests.journeys.test_a_word_in_an_answer_out import ANNA, is_acknowledged, send_mail

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PHONE = {"width": 360, "height": 740}
SAMIRA_IS_DEPUTY = f"""
import django; django.setup()
from gensvar.contactpoints.models import ContactPoint
from gensvar.people.models import Person
places = ContactPoint.objects.filter(address={cast.STREETS!r})
assert places.update(deputy=Person.objects.get(name="Samira Holm")) == 1
"""


def writes(town: Town, subject: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANNA, cast.STREETS, subject
    mail["Message-ID"] = f"<{subject.lower()}@post.example>"
    mail.set_content(f"{subject}?\n")
    send_mail(town, mail, cast.STREETS)


def is_in_hand(page: Page, subject: str) -> bool:
    page.goto("/desk/inkorg/?queue=mine")
    return page.get_by_text(subject).count() > 0


def test_what_waits_and_what_comes_is_the_deputys_and_the_thread_says_why(
    town: Town,
    sink: Sink,
    visit: Callable[..., Page],
    axe: Callable[[Page], list[Violation]],
    tmp_path: Path,
) -> None:
    from playwright.sync_api import expect

    environment = town.environment | {"DJANGO_SETTINGS_MODULE": "gensvar.config.settings"}
    subprocess.run([sys.executable, "-c", SAMIRA_IS_DEPUTY], env=environment, check=True)
    writes(town, "Halkan")
    number = is_acknowledged(sink).number
    kim = log_in(visit(viewport=PHONE), "kim@norrvik.example")
    wait_until(lambda: is_in_hand(kim, "Halkan"), "the owner has it")

    kim.goto("/desk/franvaro/")
    no_wider_than(kim, PHONE["width"])
    assert axe(kim) == []
    until = clock.today() + dt.timedelta(days=3)
    kim.locator("#absence_starts").fill(clock.today().isoformat())
    kim.locator("#absence_ends").fill(until.isoformat())
    kim.get_by_role("button", name="Jag är borta").click()
    expect(kim.get_by_text("Noterat.")).to_be_visible()
    kim.screenshot(path=tmp_path / "own.png", full_page=True)

    samira = log_in(visit(), "samira@norrvik.example")
    wait_until(lambda: is_in_hand(samira, "Halkan"), "the deputy has what waited")
    samira.goto(f"/desk/inkorg/{number}/")
    expect(samira.get_by_text("eftersom Kim Ek är borta till")).to_be_visible()
    assert not is_in_hand(kim, "Halkan")
    writes(town, "Plogen")
    wait_until(lambda: is_in_hand(samira, "Plogen"), "the deputy has what came since")

    rut = log_in(visit(viewport=PHONE), "rut@norrvik.example")
    rut.goto("/desk/franvaro/vilka/")
    expect(rut.get_by_role("link", name="Kim Ek")).to_be_visible()
    no_wider_than(rut, PHONE["width"])
    assert axe(rut) == []
    rut.screenshot(path=tmp_path / "coming.png", full_page=True)
    kim.goto("/desk/franvaro/")
    kim.get_by_role("button", name="Ta tillbaka").first.click()
    expect(kim.get_by_text("Återtaget.")).to_be_visible()
    assert is_in_hand(samira, "Halkan"), "nothing jumps back"
