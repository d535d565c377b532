"""One has been logged out, or has logged in again in another tab, while one wrote: no word is lost, none forged, no secret told."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gensvar.conversations import services
from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town, logged_in, question
from gensvar.people.tests.factories import user_of

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
    assert "Du är inloggad som Kim Ek: det skickas i det namnet." in page
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


def test_it_is_seen_what_the_button_sends_and_files_are_chosen_again_but_no_secret_comes_back() -> None:
    form = {
        "title": "<Snö> i stan",
        "body": json.dumps({"blocks": [{"text": "Vi plogar."}, {"text": "Vi sandar."}], "entityMap": {}}),
        "remark": "{så}",
        "rows-TOTAL_FORMS": "7",
        "window": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "seen": "379",
        "read": "2",
        "to": "31-32",
        "files_seen": "7 8 ",
        "function": "gata-park",
        "act": "send",
        "action-publish": "action-publish",
        "secret:whistle": "trumpetstöt",
        "password1": "hemligt ord",
        "files": [SimpleUploadedFile("karta.pdf", b"x"), SimpleUploadedFile("<b>.txt", b"x")],
    }
    page = Client().post("/desk/pages/1/edit/", form, headers=OURS).content.decode()
    seen = re.findall(r'<dt>([^<]*)</dt><dd dir="auto">(.*?)</dd>', page, re.DOTALL)
    assert seen == [
        ("title", "&lt;Snö&gt; i stan"),
        ("body", "Vi plogar.<br>Vi sandar."),
        ("remark", "{så}"),
        ("function", "gata-park"),
        ("act", "Det skickas"),
        ("action-publish", "action-publish"),
    ]
    composed = Client().post("/desk/skriv-forst/", form | {"text": WORDS}, headers=OURS).content.decode()
    assert "<dt>I namn av</dt>" in composed
    assert "<dt>Vad som görs</dt>" in composed
    assert 'name="window" value="0f1e2d3c4b5a69788796a5b4c3d2e1f0"' in page
    assert re.findall(r'type="file" [^>]*name="(\w+)"', page) == ["files"]
    assert "<bdi>karta.pdf</bdi>, <bdi>&lt;b&gt;.txt</bdi>" in page
    assert re.findall(r'type="password" [^>]*name="([^"]+)"', page) == ["secret:whistle", "password1"]
    assert not re.search("trumpetstöt|hemligt ord", page)


def test_whoever_must_first_set_up_a_second_factor_gets_the_words_back(town: Town, settings: Any) -> None:
    client = logged_in(town.by_role[Role.COORDINATOR])
    settings.GENSVAR_REQUIRE_MFA = True
    asked = question(town.mailbox)
    address = f"/desk/inkorg/{asked.number}/skriv/"
    form = {"kind": "note", "text": WORDS, "act": "send", "seen": str(asked.messages.get().pk)}
    out = client.post(address, form, headers=OURS)
    page = out.content.decode()
    assert (out.status_code, fields(page)["text"]) == (403, WORDS)
    assert 'href="/konto/tva-steg/totp/activate/" target="_blank"' in page
    assert WORDS not in unescape(client.post(address, form, headers=ANOTHERS).content.decode())
    script = client.post(address, form, headers=OURS | {"X-Requested-With": "XMLHttpRequest"})
    assert script.status_code == 302
    settings.GENSVAR_REQUIRE_MFA = False  # as if it were set up
    assert client.post(address, fields(page), headers=OURS).status_code == 302
    assert asked.messages.get(direction="note").text == WORDS


@pytest.mark.parametrize(("taken", "status"), [("role", 403), ("function", 404)])
def test_whoever_may_no_more_since_they_began_to_write_keeps_the_words(
    town: Town, taken: str, status: int
) -> None:
    asked = question(town.mailbox)
    client = logged_in(town.kim)
    if taken == "role":
        user_of(town.kim).groups.set(Group.objects.filter(name=Role.REGISTRAR))
    else:
        services.pass_to(asked, town.schools, by=town.user(Role.COORDINATOR))
    address = f"/desk/inkorg/{asked.number}/skriv/"
    form = {"kind": "answer", "text": WORDS, "act": "send", "seen": "1", "secret:whistle": "trumpetstöt"}
    out = client.post(address, form, headers=OURS)
    page = out.content.decode()
    assert (out.status_code, fields(page)["text"]) == (status, WORDS)
    assert "står här" in page
    assert "trumpetstöt" not in page
    assert f'action="{address}"' in page
    for other in (ANOTHERS, {}):
        assert WORDS not in unescape(client.post(address, form, headers=other).content.decode())
    pressed = client.post(f"/desk/inkorg/{asked.number}/stang/", {"had": "1"}, headers=OURS)
    assert "står här" not in pressed.content.decode()


def test_what_the_page_asks_by_itself_does_not_lead_away_from_what_one_writes() -> None:
    address, htmx = "/desk/inkorg/2026-000001/svar/1/", {"HX-Request": "true"}
    polled = Client().get(address, headers=htmx)
    assert (polled.status_code, polled["HX-Reswap"]) == (401, "none")
    assert "HX-Redirect" not in polled
    pressed = Client().get("/desk/inkorg/", headers=htmx | {"HX-Target": "desk-conversation"})
    assert pressed["HX-Redirect"].startswith("/konto/login/?next=")
