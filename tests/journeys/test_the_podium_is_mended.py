"""The tutorial's podium, mended step by step in the demo itself: what is said in docs/tutorial/a-podium-mended.md is read there.

Another answers, another is deputy, another is heard, and what only a consultant could open is a colleague's.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.db import connections
from playwright.sync_api import expect

from gensvar.answers.tests.scene import send_waiting
from gensvar.core import clock
from gensvar.core.generation import generation
from gensvar.core.models import User
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from pytest_django.live_server_helper import LiveServer

    from tests.made import Made

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

PHONE: Final = {"width": 360, "height": 740}
TUTORIAL: Final = " ".join(Path("docs/tutorial/a-podium-mended.md").read_text().split())


def said(words: str) -> str:
    """These words, which the tutorial marks as seen on the screen or to be pressed; the test fails where it does not."""
    assert re.search(rf"\*{re.escape(words)}\*", TUTORIAL), f"The tutorial does not say “{words}”."
    return words


def share(sentence: str) -> str:
    """A share of the tutorial's own, by the sentence that says it."""
    found = re.search(sentence.replace("{}", "([0-9]+ %)"), TUTORIAL)
    assert found is not None, f"The tutorial does not say “{sentence}”."
    return found[1]


@pytest.fixture
def podium(transactional_db: None, demo: Made, tmp_path: Path, settings: Any) -> Iterator[None]:
    """The demo municipality is this process's own, as `make run` lays it out; `send_waiting` does what a worker does."""
    generation.cache_clear()
    connections.close_all()
    demo.move_into(os.environ["DATABASE_URL"], tmp_path / "home")
    settings.GENSVAR_HOME = tmp_path / "home"
    settings.GENSVAR_DEMO = True
    settings.GENSVAR_MAIL_OUT = "kept"
    settings.GENSVAR_UNDO_SECONDS = 0
    yield
    generation.cache_clear()


def finding_of_last_month(page: Page) -> str:
    """The first sentence of the page of voices, which is open, for the last whole month."""
    last = clock.today().replace(day=1) - dt.timedelta(days=1)
    page.locator("input[name=from]").fill(last.replace(day=1).isoformat())
    page.locator("input[name=to]").fill(last.isoformat())
    page.get_by_role("button", name=said("Visa"), exact=True).click()
    page.wait_for_url("**from=*")
    return finding(page)


def finding(page: Page) -> str:
    return page.locator(".desk-finding").inner_text().replace("\xa0", " ")


def conversations_of(page: Page) -> int:
    """How many wait with whoever is ticked."""
    waiting = page.get_by_role("region", name="Vad som väntar hos dem").get_by_role("row")
    named = waiting.filter(has=page.get_by_role("rowheader", name="Öppna samtal", exact=True))
    return int(named.get_by_role("cell").last.inner_text())


def passes_the_pen(rut: Page) -> None:
    """From what waits with him to who knows, with a word of thanks."""
    rut.get_by_role("link", name=said("Praktik")).click()
    rut.get_by_text(said("Lämna pennan till Omar Haddad")).click()
    rut.get_by_role("textbox", name="Ett tack").fill("Du kan det här. Tack.")
    rut.get_by_role("button", name=said("Lämna pennan"), exact=True).click()
    expect(rut.get_by_text(said("Näringsliv & arbete · Omar Haddad")).first).to_be_visible()


def answers(omar: Page) -> None:
    """Whom the pen was passed to, in their own name; it leaves once it can no longer be taken back."""
    omar.get_by_role("link", name="Praktik").click()
    expect(omar.get_by_text("Du kan det här. Tack.")).to_be_visible()
    omar.locator("#desk-text").fill("Hej,\n\nvi har plats från januari.")
    omar.get_by_role("button", name=said("Skicka svaret")).click()
    word = omar.locator(".desk-word-out", has_text="vi har plats från januari")
    word.wait_for()
    send_waiting()
    expect(word.locator(".desk-delivery-kept")).to_be_visible()


def learns_the_place(disa: Page, rut: Page) -> None:
    """Samira gets the function from the administrator, and is deputy of the place."""
    disa.get_by_role("link", name=said("Samira Holm")).click()
    disa.locator("select[name$=function]").last.select_option(label=said("Vatten & avfall"))
    disa.locator("input[name$=starts]").last.fill(clock.today().isoformat())
    disa.get_by_role("button", name=said("Ge funktionen")).click()
    rut.goto("/desk/platser/")
    place = rut.locator("li", has_text="Vatten & avfall").first
    expect(place.get_by_text(said("saknar ersättare"))).to_be_visible()
    place.get_by_role("link", name="Vatten & avfall").click()
    rut.get_by_label(said("Ersättare")).select_option(label="Samira Holm")
    rut.get_by_role("button", name=said("Spara")).click()
    expect(rut.locator("li", has_text="Vatten & avfall").first.get_by_text("saknar ersättare")).to_have_count(
        0
    )


def notes_an_interview(rut: Page) -> None:
    """What Liv said last month, and nobody had noted."""
    rut.goto("/desk/framtradanden/")
    rut.get_by_label("Vem som talade").select_option(label=said("Liv Almkvist"))
    rut.get_by_label("För vilken funktion").select_option(label=said("Kultur & fritid"))
    rut.get_by_label("Dag").fill((clock.today().replace(day=1) - dt.timedelta(days=1)).isoformat())
    rut.get_by_label("Var eller med vem").fill("Radio Älvdal, om biblioteken")
    rut.get_by_role("button", name=said("Lägg till och visa")).click()
    expect(rut.get_by_text("Radio Älvdal, om biblioteken")).to_be_visible()


def what_falls(rut: Page) -> Locator:
    """The part of the page that names log-ins outside."""
    return rut.get_by_role("region", name=said("Inloggningar utanför som ingen annan kan"))


def log_in_row(rut: Page, name: str) -> Locator:
    """What the list of log-ins outside says of one."""
    return rut.locator("li.desk-table-row", has=rut.get_by_role("link", name=said(name)))


def lets_another_know(rut: Page) -> None:
    """One who knows it is few: Disa is told by Rut, and since when stands in the list."""
    rut.goto("/desk/inloggningar-utanfor/")
    row = log_in_row(rut, "Norrviks sida på Torgprat")
    expect(row.get_by_text(said("bara en kan den"))).to_be_visible()
    row.get_by_role("link", name=said("Norrviks sida på Torgprat")).click()
    rut.get_by_role("checkbox", name=said("Disa Hammar")).check()
    rut.get_by_label(said("Från vem")).select_option(label=said("Rut Östlund"))
    rut.get_by_role("button", name=said("Spara")).click()
    row = log_in_row(rut, "Norrviks sida på Torgprat")
    expect(row).to_contain_text(f"Disa Hammar (sedan {clock.today().isoformat()}, från Rut Östlund)")
    expect(row.get_by_text("bara en kan den")).to_have_count(0)


def hands_over_what_the_consultant_knows(rut: Page, disa: Page) -> None:
    """One prepares, another reviews and hands over; each log-in is changed before a witness."""
    rut.goto("/desk/inloggningar-utanfor/")
    for mark in ("bara externa kan den", "bara en kan den"):
        expect(log_in_row(rut, "Filmerna på Rörliga bilden").get_by_text(said(mark))).to_be_visible()
    rut.goto("/desk/roster/om-de-slutar/")
    rut.get_by_role("checkbox", name=said("Alla som är externa")).check()
    rut.get_by_role("button", name=said("Se vad som faller")).click()
    lost = what_falls(rut)
    expect(lost.locator("li")).to_have_count(2)
    for login in ("Norrviks sida på Torgprat", "Filmerna på Rörliga bilden"):
        expect(lost.get_by_text(said(login))).to_be_visible()
    falls = rut.url
    rut.get_by_role("link", name=said("Lämna över vad Axel Brodin har")).click()
    rut.get_by_label("Varför").fill(said("Uppdraget tar slut"))
    rut.get_by_role("button", name=said("Se vad som ska lämnas")).click()
    rut.get_by_role("button", name=said("Spara och granska")).click()
    expect(rut.get_by_text("(sedan ").first).to_be_visible()
    disa.goto("/desk/overlamningar/")
    disa.get_by_role("link", name=said("Axel Brodin")).click()
    disa.get_by_role("button", name=said("Lämna över allt nu")).click()
    for knows, saw in (("Rut Östlund", "Liv Almkvist"), ("Liv Almkvist", "Rut Östlund")):
        expect(disa.get_by_text(f"inte bytt än; {knows} kan den också")).to_be_visible()
        disa.get_by_label(said("Vittne")).first.select_option(label=said(saw))
        disa.get_by_role("button", name=said("Notera bytet")).first.click()
    expect(disa.get_by_text(said("Noterat. Överlämningen är klar."))).to_be_visible()
    rut.goto(falls)
    expect(what_falls(rut).get_by_text(said("Ingen som är noterad."))).to_be_visible()


def test_what_the_tutorial_says_can_be_seen_and_done_in_the_demo(
    podium: None,
    enter: Callable[..., Page],
    open_page: Callable[..., Page],
    live_server: LiveServer,
    complaints: list[str],
) -> None:
    """The page of what falls with somebody is judged in light and dark in `desk/tests/test_voices.py`."""

    def come(name: str, to: str, **options: Any) -> Page:
        address = next(found for found in re.findall(r"`(\S+@norrvik\.example)`", TUTORIAL) if name in found)
        page = enter(User.objects.get(email=address), **options)
        page.goto(to)
        return page

    rut = come("rut", "/desk/roster/", viewport=PHONE)
    for words in ("Obesvarat", "Tid till svar"):
        expect(rut.get_by_text(said(words)).first).to_be_visible()
    no_wider_than(rut, PHONE["width"])
    assert share("each of the last three whole months has {}") in finding_of_last_month(rut)
    last_month = rut.url
    rut.go_back()
    rut.get_by_role("link", name=said("Alla steg, och vad som skulle falla")).click()
    expect(rut.get_by_role("checkbox", name="Nils Berggård")).to_be_checked()
    expect(rut.get_by_text(said("✕ ingen")).first).to_be_visible()
    expect(rut.get_by_text(said("Vatten & avfall · Avfall: Samira Holm börjar svara här"))).to_be_visible()
    waiting, what_hangs_on_nils = conversations_of(rut), rut.url
    no_wider_than(rut, PHONE["width"])
    public = open_page(base_url=live_server.url, java_script_enabled=False)
    public.goto("/roster")
    expect(public.get_by_text(said("Kommunledningen")).first).to_be_visible()
    expect(public.get_by_text("Nils")).to_have_count(0)

    passes_the_pen(rut)
    answers(omar := come("omar", "/desk/inkorg/?queue=mine"))
    disa = come("disa", "/desk/personer/", at=omar)
    learns_the_place(disa, rut)
    notes_an_interview(rut)
    send_waiting()
    rut.goto(last_month)
    assert share("now it is {} of eleven") in finding(rut)
    rut.goto(what_hangs_on_nils)
    assert conversations_of(rut) == waiting - 1
    hands_over_what_the_consultant_knows(rut, disa)
    lets_another_know(rut)
    assert complaints == []
