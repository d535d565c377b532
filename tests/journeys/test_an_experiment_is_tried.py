"""An experiment is tried in public: written in the desk, marked while one person alone holds it, followed by feed, decided
when its day has come, and kept although it failed; read on a phone without JavaScript. That kept pages follow at once:
`config/pages/tests/test_workshop_follows.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import feedparser
import pytest
from django.db.models import F

from gensvar.core import clock
from gensvar.desk.tests.scene import make_town
from gensvar.learning.workshop.models import Experiment
from gensvar.people.tests.factories import user_of
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from gensvar.people.models import Function
    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]

PHONE: Final = {"width": 360, "height": 740}
TITLE, TRIES = "Cyklarna får gågatan", "Cyklar får köra på gågatan före klockan tio."
WHY, KNOWN_BY = "Många cyklar till skolan samma väg.", "Vi räknar cyklar och tillbud i fyra veckor."
RESULT = "Ingen cyklade där och två blev påkörda. Vi slutar."
ALONE = "Ingen: om den som håller i det slutar tar det slut."


def is_written(kim: Page, look: Callable[[Page], None]) -> None:
    """By somebody who answers; it hangs on one person from the first moment, and nothing of it is public."""
    from playwright.sync_api import expect

    kim.goto("/desk/verkstad/")
    kim.get_by_role("link", name="Nytt försök").click()
    for label, words in (
        ("Rubrik", TITLE),
        ("Vad vi prövar", TRIES),
        ("Varför", WHY),
        ("Hur vi får veta", KNOWN_BY),
    ):
        kim.get_by_label(label).fill(words)
    kim.get_by_label("Beslutas senast").fill((clock.today() + dt.timedelta(days=28)).isoformat())
    look(kim)
    kim.get_by_role("button", name="Fortsätt").click()
    expect(kim.get_by_text("Det är sparat. Säg nu vem som kan ta över.")).to_be_visible()
    expect(kim.get_by_text("Det hänger på en person. Säg vem som kan ta över.")).to_be_visible()
    expect(kim.get_by_text("Inget av det här är offentligt.")).to_be_visible()
    expect(kim.get_by_role("button", name="Publicera", exact=True)).to_have_count(0)


def is_shown_and_marked(robin: Page, look: Callable[[Page], None]) -> None:
    """An editor finds it among what is proposed and shows it, though nobody else could take it over."""
    from playwright.sync_api import expect

    robin.goto("/desk/verkstad/?queue=proposed")
    expect(robin.get_by_text("hänger på en person: ingen kan ta över")).to_be_visible()
    robin.get_by_role("link", name=TITLE).click()
    robin.get_by_role("button", name="Publicera", exact=True).click()
    expect(robin.get_by_text("Publicerat. Alla kan läsa det nu.")).to_be_visible()
    look(robin)


def can_be_taken_over(robin: Page) -> None:
    from playwright.sync_api import expect

    robin.get_by_label("Robin Öst").check()
    robin.get_by_role("button", name="Spara vem som kan ta över").click()
    expect(robin.get_by_text("De som kan ta över är sparade.")).to_be_visible()
    expect(robin.get_by_text("Det hänger på en person.", exact=False)).to_have_count(0)


def its_day_comes() -> None:
    """Its days go back in time."""
    begun, decides = (clock.today() - dt.timedelta(days=days) for days in (30, 1))
    assert Experiment.objects.update(starts=begun, decides=decides, changed_at=F("changed_at")) == 1


def is_decided(robin: Page, look: Callable[[Page], None]) -> None:
    """Its day has passed: the desk says so, and asks for the decision."""
    from playwright.sync_api import expect

    robin.goto("/desk/verkstad/?queue=decide")
    robin.get_by_role("link", name=TITLE).click()
    expect(robin.get_by_text("Dagen för beslutet har passerat.", exact=False)).to_be_visible()
    robin.get_by_label("Vad vi beslutade").select_option(label="det fungerade inte, och vi slutar")
    robin.get_by_label("Vad det blev").fill(RESULT)
    robin.get_by_role("button", name="Publicera beslutet").click()
    expect(robin.get_by_text("Det är beslutat. Vad det blev står kvar för alla.")).to_be_visible()
    look(robin)


def newest_in(reader: Page, feed: str) -> Any:
    """The newest entry of that feed, as a strict reader takes it."""
    found = feedparser.parse(reader.request.get(feed).body())
    assert not found.bozo, found.get("bozo_exception")
    return found.entries[0]


def is_read_and_found_in_the_feed(reader: Page, streets: Function) -> Any:
    """Its own page says that it hangs on one person and leads to the feeds; gives its entry there."""
    from playwright.sync_api import expect

    for words in (TRIES, WHY, KNOWN_BY, ALONE):
        expect(reader.get_by_text(words)).to_be_visible()
    expect(reader.get_by_text("Kim Ek, Gata & park").first).to_be_visible()
    feeds = reader.get_by_role("link", name="Gata & park").last
    expect(feeds).to_have_attribute("href", f"/folj#funktion-{streets.slug}")
    begun = newest_in(reader, "/folj/alla.atom")
    assert (begun.title, begun.author) == (TITLE, "Kim Ek")
    expect(reader).to_have_url(re.compile(re.escape(urlsplit(begun.link).path) + "$"))
    assert KNOWN_BY in begun.content[0].value
    return begun


def test_it_is_marked_followed_decided_and_kept_although_it_failed(
    open_page: Callable[..., Page],
    enter: Callable[..., Page],
    live_server: LiveServer,
    axe: Callable[[Page], list[Violation]],
) -> None:
    """The reader's pages are judged in light and dark where all public ones are: `square/tests/test_valid_html.py`."""
    from playwright.sync_api import expect

    def looks_well(page: Page) -> None:
        no_wider_than(page, PHONE["width"])
        assert axe(page) == []

    town = make_town()
    reader = open_page(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    reader.goto("/verkstad")
    expect(reader.get_by_text("Just nu prövas ingenting.")).to_be_visible()
    is_written(kim := enter(user_of(town.kim), viewport=PHONE), looks_well)
    reader.reload()
    expect(reader.get_by_text(TITLE)).to_have_count(0)

    robin = enter(user_of(town.robin), at=kim)
    is_shown_and_marked(robin, looks_well)
    reader.reload()
    reader.get_by_role("link", name=TITLE).click()
    begun = is_read_and_found_in_the_feed(reader, town.streets)
    no_wider_than(reader, PHONE["width"])

    can_be_taken_over(robin)
    reader.reload()
    expect(reader.get_by_text("Robin Öst")).to_be_visible()
    expect(reader.get_by_text(ALONE)).to_have_count(0)

    its_day_comes()
    reader.reload()
    expect(reader.get_by_text("Ska beslutas, och är sent")).to_be_visible()
    is_decided(robin, looks_well)
    reader.reload()
    expect(reader.get_by_text("Det fungerade inte, och vi slutar")).to_be_visible()
    expect(reader.get_by_text(RESULT).first).to_be_visible()
    no_wider_than(reader, PHONE["width"])
    decided = newest_in(reader, f"/folj/funktion/{town.streets.slug}.atom")
    assert decided.id != begun.id, "the decision is news of its own"
    assert RESULT in decided.content[0].value
    reader.goto("/verkstad")
    expect(reader.get_by_role("heading", name="Vi har bestämt")).to_be_visible()
    expect(reader.get_by_role("link", name=TITLE)).to_be_visible()
