"""A guest writes with us, with a real mail server: invited by mail, without account or script.

The editor changes something, the guest says yes to every word, another reviews, and everybody reads it under the guest's name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from gensvar.answers.tests.sink import Sink, Taken
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.roles import Role
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.publishing.posts.models import Post
from tests.journeys.steps import sent_to

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

ANNA = "anna@example.org"
PHONE = {"width": 360, "height": 740}
TITLE, LEAD = "Bron vi går över", "Om gångbron vid kvarnen."
CHANGED = "Om gångbron vid kvarnen, sommar och vinter."


def link_in(mail: Taken) -> str:
    found = re.search(r"http://[^/\s]+(/gast/[a-z2-7]{36})", mail.text)
    assert found is not None, mail.text
    return found[1]


def is_invited(rut: Page, axe: Callable[[Page], list[Violation]]) -> None:
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
    anna.goto(link)
    expect(anna.get_by_role("heading", name="Det är din tur")).to_be_visible()
    anna.get_by_label("Rubrik").fill(TITLE)
    anna.get_by_label("Texten").fill("Varje dag går jag över bron.")
    anna.get_by_role("button", name="Spara", exact=True).click()
    expect(anna.get_by_text("Det är sparat.")).to_be_visible()


def is_remarked_on(rut: Page) -> None:
    rut.goto("/desk/gaster/?queue=theirs")
    rut.get_by_role("link", name="Anna Lind, Kvarnens vänner").click()
    expect(rut.get_by_label("Text", exact=True)).to_have_value("Varje dag går jag över bron.")
    rut.get_by_label("Ord till gästen").fill("Vad händer med isen?")
    rut.get_by_role("button", name="Skicka anmärkningen").click()
    expect(rut.get_by_text("Anmärkningen står på gästens sida")).to_be_visible()


def hands_in(anna: Page, link: str) -> None:
    anna.goto(link)
    expect(anna.get_by_text("Vad händer med isen?")).to_be_visible()
    anna.get_by_label("Vad handlar det om, i två eller tre meningar?").fill(LEAD)
    anna.get_by_label("Texten").fill("Varje dag går jag över bron.\n\nPå vintern är den hal.")
    anna.get_by_role("button", name="Spara och lämna in").click()
    expect(anna.get_by_text("Vi läser den och ber om ditt ja")).to_be_visible()


def is_changed_and_asked_about(rut: Page) -> None:
    """In Wagtail's own editor."""
    rut.goto("/desk/gaster/")
    rut.get_by_role("link", name="Anna Lind, Kvarnens vänner").click()
    guest = rut.url
    rut.get_by_role("link", name="Redigera och granska inlägget").click()
    rut.locator("#id_lead").fill(CHANGED)
    rut.get_by_role("button", name="Spara utkast").first.click()
    rut.wait_for_load_state()
    rut.goto(guest)
    expect(rut.get_by_text(CHANGED)).to_be_visible()
    rut.get_by_role("button", name="Be gästen om ett ja").click()
    expect(rut.get_by_text("Gästen tillfrågas om ett ja")).to_be_visible()


def says_yes(anna: Page, link: str) -> None:
    anna.goto(link)
    expect(anna.get_by_text(CHANGED)).to_be_visible()
    anna.get_by_role("button", name="Ja, publicera exakt det här i mitt namn").click()
    expect(anna.get_by_text("Du får ett mejl när den är publicerad.")).to_be_visible()


def is_reviewed(rut: Person, siv: Person) -> None:
    """As every post is: one hands it in, and another approves of it."""
    post = Post.objects.get()
    workflow = post.get_workflow()
    assert workflow is not None
    workflow.start(post, user_of(rut)).current_task_state.approve(user=user_of(siv))


def test_a_guest_writes_says_yes_and_is_read_under_their_own_name(
    enter: Callable[..., Page],
    open_page: Callable[..., Page],
    live_server: LiveServer,
    mailed: Sink,
    complaints: list[str],
    axe: Callable[[Page], list[Violation]],
) -> None:
    office = make_function("Informationsenheten", coordinates=True)
    host, reviewer = (
        make_person(name, office, roles=(Role.COORDINATOR,)) for name in ("Rut Östlund", "Siv Berg")
    )
    make_contact_point(office, owner=host)
    rut = enter(user_of(host))
    is_invited(rut, axe)
    mail = sent_to(mailed, ANNA)
    assert "Rut Östlund" in str(mail.mail["From"]) + mail.text
    link = link_in(mail)

    anna = open_page(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    writes(anna, link)
    is_remarked_on(rut)
    assert link == link_in(sent_to(mailed, ANNA, 1))
    hands_in(anna, link)
    assert "har lämnat in" in str(sent_to(mailed, host.email).mail["Subject"])
    is_changed_and_asked_about(rut)
    assert link == link_in(sent_to(mailed, ANNA, 2))
    says_yes(anna, link)
    is_reviewed(host, reviewer)
    assert Post.objects.get().live

    anna.goto("/nytt")
    expect(anna.locator(".card__facts").first).to_contain_text("Gäst: Anna Lind, Kvarnens vänner")
    anna.get_by_role("link", name=TITLE).click()
    expect(anna.get_by_text("På vintern är den hal.")).to_be_visible()
    expect(
        anna.get_by_text("En gäst skriver här i eget namn, inbjuden av Informationsenheten.")
    ).to_be_visible()
    read, told = anna.url, sent_to(mailed, ANNA, 3)
    assert read.partition("/nytt")[2] in told.text
    assert not anna.context.cookies()
    assert complaints == []
