"""One has been logged out, or has logged in again in another tab, while one wrote: no word of it is lost, and none is forged."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from gensvar.desk.tests.scene import Town, logged_in, question

pytestmark = pytest.mark.django_db
WORDS = "Vi plogar i natt <före sju> & sandar."
OURS, ANOTHERS = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}


def fields(page: str) -> dict[str, str]:
    found: dict[str, str] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    text = re.search(r'name="text"[^>]*>([^<]*)</textarea>', page)
    return {name: unescape(value) for name, value in found.items()} | (
        {"text": unescape(text[1])} if text else {}
    )


def test_what_one_sends_after_the_log_in_has_ended_is_given_back_and_sent_after_the_next(town: Town) -> None:
    asked = question(town.mailbox)
    address = f"/desk/inkorg/{asked.number}/skriv/?queue=functions"
    client = Client(enforce_csrf_checks=True)
    form = {"kind": "note", "text": WORDS, "act": "send", "seen": str(asked.messages.get().pk)}
    out = client.post(address, form, headers=OURS)
    assert (out.status_code, out["Cache-Control"], out["Referrer-Policy"]) == (403, "no-store", "same-origin")
    page = out.content.decode()
    assert "Du har loggats ut" in page
    assert 'href="/konto/login/"' in page
    client.cookies = logged_in(town.kim).cookies  # in another tab: with another token
    again = client.post(address, fields(page), headers=OURS)
    assert again.status_code == 403
    page = again.content.decode()
    assert "Du har loggat in" in page
    assert client.post(address, fields(page), headers=OURS).status_code == 302
    assert asked.messages.get(direction="note").text == WORDS


def test_other_forms_are_given_back_whole_but_nothing_that_another_website_or_a_log_in_sends(
    town: Town,
) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(
        "/desk/platser/ny/", {"name": "Torget", "state": "live"}, headers=OURS
    ).content.decode()
    assert fields(page).items() >= {"name": "Torget", "state": "live"}.items()
    client.cookies = logged_in(town.kim).cookies
    for path, sent_by in (
        ("/desk/skriv-forst/", ANOTHERS),
        ("/desk/skriv-forst/", {}),
        ("/konto/login/", OURS),
    ):
        forged = client.post(path, {"text": WORDS, "password": "hemligt"}, headers=sent_by)
        assert forged.status_code == 403
        page = forged.content.decode()
        assert "Inget har ändrats" in page
        assert not {"Vi plogar", "hemligt", "csrfmiddlewaretoken"} & set(
            re.findall(r"Vi plogar|hemligt|csrf\w+", page)
        )
    out = Client().post("/desk/logout/", headers=OURS)
    assert out.status_code == 302
