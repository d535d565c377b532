"""The database goes away while one writes: the page says that nothing was sent, and holds every word."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from playwright.sync_api import expect

from gensvar.answers.models import Draft
from gensvar.desk import unsent
from gensvar.desk.tests.scene import logged_in, make_town, question
from tests.browser import no_wider_than
from tests.faults.gone import database_gone

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Vi plogar i natt <före sju> & sandar."
OURS = {"Sec-Fetch-Site": "same-origin"}


def field(page: str) -> str:
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize("kind", ["answer", "note"])
def test_what_one_wrote_stands_on_the_page_and_is_sent_by_its_button_afterwards(kind: str) -> None:
    town = make_town()
    asked = question(town.mailbox)
    client: Client = logged_in(town.kim)
    client.raise_request_exception = False
    address = f"/desk/inkorg/{asked.number}/skriv/"
    form = {"kind": kind, "text": WORDS, "act": "send", "seen": str(asked.messages.get().pk)}
    with database_gone():
        answer = client.post(f"{address}?queue=functions", form, headers=OURS)
        first = client.post(
            "/desk/skriv-forst/", {"text": WORDS, "subject": "Hej", "act": "save"}, headers=OURS
        )
        forged = client.post(address, form, headers={"Sec-Fetch-Site": "cross-site"})
        act = client.post(f"/desk/inkorg/{asked.number}/stang/")
        typing = client.post(address, form | {"act": "save"}, headers={"Accept": "application/json"})
        looked = client.get("/desk/inkorg/")
    assert [one.status_code for one in (answer, first, forged, act, typing, looked)] == [503] * 6
    assert (looked["Retry-After"], looked["Cache-Control"]) == ("30", "no-store")
    page = answer.content.decode()
    assert "Inget skickades" in page
    assert field(page) == WORDS
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin")
    assert not re.search("<form|Vi plogar", forged.content.decode())
    assert "Inget har ändrats" in act.content.decode()
    assert 'value="Hej"' in first.content.decode()
    assert (Draft.objects.count(), asked.messages.count()) == (0, 1)
    again: dict[str, Any] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    where = re.search(r'action="([^"]+)"', page)
    assert where is not None
    client.post(unescape(where[1]), again | {"text": field(page)})
    assert asked.messages.order_by("-pk")[0].text == WORDS


def test_a_log_in_that_is_pressed_meanwhile_says_that_nothing_was_done() -> None:
    client = Client(raise_request_exception=False)
    with database_gone():
        answer = client.post("/konto/login/", {"login": "kim@norrvik.example", "password": "hemligt ord"})
    assert answer.status_code == 503
    assert "Inget har ändrats" in answer.content.decode()
    assert "hemligt ord" not in answer.content.decode()


def test_what_was_pressed_in_the_moment_of_saving_may_have_been_sent(rf: RequestFactory) -> None:
    form, headers = {"kind": "note", "text": WORDS}, OURS | {"Accept-Language": "sv"}
    request = rf.post("/desk/inkorg/2026-000001/skriv/", form, headers=headers)
    page = unsent.page(request, uncertain=True).content.decode()
    assert "Det är inte säkert att det sparades" in page
    assert field(page) == WORDS
    assert "Inget skickades" not in page
    act = unsent.page(rf.post("/desk/inkorg/2026-000001/stang/"), uncertain=True).content.decode()
    assert "Inget har ändrats" not in act


def test_other_faults_and_pages_keep_the_page_of_the_house() -> None:
    client = Client(raise_request_exception=False)
    with database_gone():
        answer = client.get("/desk/inkorg/", headers={"Cookie": "sessionid=x"})
    assert answer.status_code in {302, 500}
    assert "Inget skickades" not in answer.content.decode()


@pytest.mark.browser
def test_the_page_is_for_everyone(
    open_page: Callable[..., Page], live_server: Any, axe: Callable[[Page], list[object]]
) -> None:
    town = make_town()
    asked = question(town.mailbox)
    client = logged_in(town.kim)
    page = open_page(base_url=live_server.url, viewport={"width": 360, "height": 740})
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    client.raise_request_exception = False
    form: dict[str, Any] = {"kind": "note", "text": WORDS, "act": "send", "secret:whistle": "x"}

    def sent(by: Client) -> Any:
        plan = SimpleUploadedFile("plan.pdf", b"x")
        return by.post(f"/desk/inkorg/{asked.number}/skriv/", form | {"files": plan}, headers=OURS)

    with database_gone():
        pages = {"away": sent(client)}
    pages["out"] = sent(Client())
    for name, made in pages.items():
        page.route(
            f"**/{name}/",
            lambda route, _asked, made=made: route.fulfill(body=made.content, content_type="text/html"),
        )
        page.goto(f"/{name}/")
        expect(page.locator("textarea")).to_have_value(WORDS)
        no_wider_than(page, 360)
        assert axe(page) == []
