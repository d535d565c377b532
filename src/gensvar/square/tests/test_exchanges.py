"""What others asked, through the gate."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from gensvar.conversations import services as conversations
from gensvar.core import files
from gensvar.publishing import services
from gensvar.publishing.models import PublicExchange, PublicPicture, PublicText
from gensvar.publishing.tests.scene import stage
from gensvar.square import exchanges
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db


def test_a_published_exchange_has_a_page_with_who_answered_and_when(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    response = client.get(f"/fragor/{exchange.number}-{exchange.slug}")
    page = response.content.decode()
    assert response.status_code == 200
    assert "När plogas vår gata?" in page
    assert "I kväll." in page
    assert "<strong>Kim Ek</strong>, gatuingenjör, Gata &amp; park" in page
    assert "Svar samma dag" in page
    assert "Anna" not in page
    assert f'href="/skriv?om={exchange.number}"' in page


def test_a_headline_says_its_own_language_wherever_it_stands(client: Client) -> None:
    """The form's page was Swedish; the headline is too short to tell, its question is not."""
    staged = stage(
        question="Where can we skate, and when is the ice of the lake safe?", answer="På Storsjön."
    )
    services.save_title(staged.publish(), "Ice skating", by=staged.editor)
    exchange = PublicExchange.objects.get()
    for path in ("/", "/fragor", f"/fragor/{exchange.number}-{exchange.slug}", "/sok?q=lake", "/vi-svarar"):
        assert ' dir="auto" lang="en">Ice skating</' in client.get(path).content.decode(), path
        assert ' dir="auto">Ice skating</' in client.get(f"/en{path}").content.decode(), path
    assert client.get("/folj/alla.json").json()["items"][0]["language"] == "en"
    assert '<entry xml:lang="en">' in client.get("/folj/alla.atom").content.decode()
    assert "<dc:language>en</dc:language>" in client.get("/folj/alla.rss").content.decode()
    services.save_title(exchange, "Is på sjön", by=staged.editor)
    assert ' dir="auto">Is på sjön</' in client.get("/fragor").content.decode()


def test_a_name_stands_there_only_with_its_bearers_yes(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    address = f"/fragor/{exchange.number}-{exchange.slug}"
    assert "Anna" not in client.get(address).content.decode()
    conversations.set_show_name(staged.participant, True)
    staged.publish()
    assert "Anna Lindqvist" in client.get(address).content.decode()


@pytest.mark.parametrize("ticked", [True, False])
def test_a_tick_on_the_form_and_nothing_else_brings_a_name_through_the_gate(
    client: Client, ticked: bool
) -> None:
    town = scene.town()
    wishes = {"show_name": "on"} if ticked else {}
    wrote = scene.written(client, name="Anna Lindqvist", may_publish="on", **wishes)
    kim, at = Client(), f"/desk/inkorg/{wrote.conversation.number}/"
    kim.force_login(town.staff)
    kim.post(f"{at}skriv/", {"kind": "answer", "text": "I kväll.", "act": "send"})
    kim.post(f"{at}publicera/", {"action": "prepare"})
    for word in PublicText.objects.filter(exchange__conversation=wrote.conversation):
        kim.post(f"{at}publicera/", {"action": "approve", "word": word.pk, "text": word.text})
    assert ("<bdi>Anna Lindqvist</bdi>" in kim.get(f"{at}publicera/").content.decode()) is ticked
    kim.post(f"{at}publicera/", {"action": "publish"})
    exchange = PublicExchange.objects.get(conversation=wrote.conversation)
    page = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert "När plogas vår gata?" in page
    assert "I kväll." in page
    assert ("Anna" in page) is ticked
    assert ("Anna Lindqvist" in page) is ticked


@pytest.mark.parametrize("slug", ["-fel-rubrik", ""])
def test_another_slug_leads_to_its_own_page(client: Client, slug: str) -> None:
    exchange = stage().publish()
    response = client.get(f"/fragor/{exchange.number}{slug}")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/fragor/{exchange.number}-{exchange.slug}"
    response = client.get(f"/fragor/{exchange.number}{slug}?kommentarer=2&x=1")
    assert response.headers["Location"].endswith(f"-{exchange.slug}?kommentarer=2"), "where a comment stands"


def test_what_is_not_published_does_not_exist(client: Client) -> None:
    staged = stage()
    services.prepare(staged.conversation, by=staged.editor)
    assert client.get(f"/fragor/{staged.conversation.number}-x").status_code == 404
    assert staged.conversation.subject not in client.get("/fragor").content.decode()


def test_what_was_withdrawn_is_gone_and_says_so(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    services.withdraw(exchange, "Önskan av den som skrev", by=staged.editor)
    response = client.get(f"/fragor/{exchange.number}-{exchange.slug}")
    assert response.status_code == 410
    assert f"Den här frågan visas inte längre ({exchange.number})" in response.content.decode()
    assert "plogas" not in response.content.decode()
    assert "Önskan" not in response.content.decode()


def test_a_changed_mind_takes_effect_at_once(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    conversations.set_may_publish(staged.question, False)
    assert client.get(f"/fragor/{exchange.number}-{exchange.slug}").status_code == 410
    assert exchange.title not in client.get("/").content.decode()


def test_the_list_turns_by_key_and_shows_each_exchange_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "PAGE", 2)
    numbers = {stage().publish().number for _ in range(5)}
    seen: list[str] = []
    address = "/fragor"
    for _ in range(4):
        page = client.get(address).content.decode()
        seen += re.findall(r'class="card__title"><a href="/fragor/(\d{4}-\d+)-', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        address = following[1]
    assert len(seen) == 5
    assert set(seen) == numbers


def test_a_key_that_is_none_shows_the_beginning(client: Client) -> None:
    exchange = stage().publish()
    for key in ("", "x", "1~", "~1", "1e400~1", "99999999999999999999~1", "1~-5", "1'~1;--", "\0"):
        assert f"/fragor/{exchange.number}" in client.get("/fragor", {"fore": key}).content.decode(), key


def test_words_of_a_resident_are_text_whatever_they_hold(client: Client) -> None:
    exchange = stage(
        question="<script>alert(1)</script> {{ 7|add:7 }} {% now %} javascript:alert(1)"
    ).publish()
    page = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }} {% now %}" in page


def test_words_in_another_language_are_marked_as_such(client: Client) -> None:
    exchange = stage(question="من أين يمكنني الدخول؟", language="ar").publish()
    page = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert 'dir="auto" lang="ar"' in page


def test_a_picture_is_shown_only_as_long_as_its_exchange(client: Client, tmp_path: Path) -> None:
    staged = stage()
    exchange = staged.publish()
    text = exchange.texts.get(message=staged.question)
    attachment = staged.question.attachments.create(
        filename="gata.png", content_type="image/png", size=3, sha256="0" * 64
    )
    sha256 = files.keep(b"en bild")
    address = f"/fragor/bild/{sha256}"
    assert client.get(address).status_code == 404
    PublicPicture.objects.create(
        text=text,
        attachment=attachment,
        alternative="Snö",
        content_type="image/png",
        sha256=sha256,
        width=8,
        height=6,
    )
    response = client.get(address)
    assert response.content == b"en bild"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert (
        'alt="Snö" width="8" height="6"'
        in client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    )
    services.withdraw(exchange, "Fel bild", by=staged.editor)
    assert client.get(address).status_code == 404
