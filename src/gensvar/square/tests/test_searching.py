"""Searching what is public: the page of hits, what it shows of them, and what it keeps to itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.test import Client

from gensvar.core import clock
from gensvar.publishing import services
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft, home
from gensvar.publishing.tests.scene import stage
from gensvar.square import searching

pytestmark = [pytest.mark.django_db, pytest.mark.full_text]


def found(page: str) -> list[str]:
    return re.findall(r'<h3><a class="ds-link" href="/fragor/(\d{4}-\d+)-', page)


def test_words_in_any_form_lead_to_the_exchange_with_the_place_marked(client: Client) -> None:
    exchange = stage(answer="Vi börjar " + "och så vidare " * 20 + "plogningen på kvällen.").publish()
    page = client.get("/sok", {"q": "plogningar Storgatan"}).content.decode()
    assert found(page) == [exchange.number]
    assert "Snö på <mark>Storgatan</mark>" in page
    assert "… och så vidare" in page
    assert "<mark>plogningen</mark> på kvällen." in page
    assert "Gata &amp; park" in page
    assert "Svar om ”plogningar Storgatan”" in page


def test_what_is_shown_of_a_hit_is_text_whatever_it_holds(client: Client) -> None:
    exchange = stage(question="<script>alert(1)</script> & <mark>snö</mark> plogas").publish()
    page = client.get("/sok", {"q": "plogas <script>alert</script>"}).content.decode()
    assert found(page) == [exchange.number]
    assert "<script" not in page
    assert (
        "&lt;<mark>script</mark>&gt;<mark>alert</mark>(1)&lt;/<mark>script</mark>&gt; &amp; &lt;mark&gt;"
        in page
    )
    assert 'value="plogas &lt;script&gt;alert&lt;/script&gt;"' in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "med dina egna ord"),
        ("   ", "med dina egna ord"),
        ("kamel", "Ännu inget om ”kamel”"),
        ("\0", "egna ord"),
    ],
)
def test_an_empty_answer_says_what_to_do(client: Client, words: str, sentence: str) -> None:
    stage().publish()
    response = client.get("/sok", {"q": words})
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert found(page) == []
    assert 'class="ds-button" href="/skriv"' in page


def test_an_english_text_shows_where_another_form_of_the_word_stands(client: Client) -> None:
    stage(question="When are the cities cleared of snow?").publish()
    assert "the <mark>cities</mark> cleared" in client.get("/en/sok", {"q": "city"}).content.decode()
    assert (
        searching.marked("Parkeringen är full", frozenset({"parker", "\ue000parker"}))
        == "Parkeringen är full"
    )


def test_the_english_page_is_english(client: Client) -> None:
    stage().publish()
    page = client.get("/en/sok", {"q": "plogas"}).content.decode()
    assert "Answers about “plogas”" in page
    assert 'lang="sv">När <mark>plogas</mark>' in page or '<h3><a class="ds-link" href="/en/fragor/' in page


def test_the_page_is_nobody_elses_and_tells_no_one_what_was_sought(client: Client) -> None:
    response = client.get("/sok", {"q": "min granne"})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not response.cookies


def test_the_pages_turn_by_key_with_the_words_and_cost_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[[int], Any]
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    expected = [stage().publish().number for _ in range(5)][::-1]
    paper = Paper.make()
    for _ in range(2):
        posts.publish(draft(paper, "Vi plogar gata och snö"), by=paper.editor)
    expected = ["", "", *expected]  # newer, and no exchanges
    address = "/sok?q=plogas+gata+%26+sn%C3%B6"
    seen: list[str] = []
    for _ in range(4):
        # The first page has outcomes and what has no date above it, and the bylines of its posts.
        with django_assert_num_queries(12 if seen else 18):
            page = client.get(address).content.decode()
        seen += found(page) or ["", ""]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
        assert "plogas gata & snö" in unquote_plus(address)
    assert seen == expected


def test_a_key_that_is_none_shows_the_beginning(client: Client) -> None:
    exchange = stage().publish()
    for key in ("x", "1~", "99999999999999999999~1", "1'~1;--", "\0"):
        page = client.get("/sok", {"q": "plogas", "fore": key}).content.decode()
        assert found(page) == [exchange.number], key


def test_what_is_withdrawn_is_found_no_more(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    services.withdraw(exchange, "Fel", by=staged.editor)
    page = client.get("/sok", {"q": "plogas"}).content.decode()
    assert found(page) == []
    assert "Storgatan" not in page


def test_a_search_by_post_is_no_search(client: Client) -> None:
    assert client.post("/sok", {"q": "snö"}).status_code == 405


def test_a_post_is_found_by_what_its_parts_say_and_shown_as_text_with_the_place_marked(
    client: Client,
) -> None:
    paper = Paper.make()
    body = [
        ("text", "<h2>Så går det till</h2><p>Sju <b>bilar</b> &amp; två traktorer kör.</p>"),
        ("facts", {"heading": "Sandning", "text": "<p>Grus och salt.</p>"}),
    ]
    post = draft(paper, "Om <i>halkan</i>", body=body)
    posts.publish(post, by=paper.editor)
    for words in ("traktor", "bil sandningen", "halka"):
        page = client.get("/sok", {"q": words}).content.decode()
        assert f'href="/nytt/{clock.today().year}/{post.slug}"' in page, words
    page = client.get("/sok", {"q": "traktor"}).content.decode()
    assert "Sju bilar &amp; två <mark>traktorer</mark> kör." in page
    assert "Om &lt;i&gt;halkan&lt;/i&gt;" in page
    assert "News · " in client.get("/en/sok", {"q": "traktor"}).content.decode()
    posts.withdraw(post, "Fel", by=paper.editor)
    assert post.slug not in client.get("/sok", {"q": "traktor"}).content.decode()


def test_of_translations_the_one_is_shown_that_holds_the_words_in_the_readers_language_where_both_do(
    client: Client,
) -> None:
    paper = Paper.make()
    post = draft(paper, "Plogning på Storgatan")
    posts.publish(post, by=paper.editor)
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug, english.lead = (
        "Clearing Storgatan",
        "clearing",
        "When the snow comes to our street.",
    )
    posts.publish(english, by=paper.editor)
    here, there = f"/nytt/{clock.today().year}/{post.slug}", f"/en/nytt/{clock.today().year}/clearing"

    def addresses(path: str, words: str) -> list[str]:
        page = client.get(path, {"q": words}).content.decode()
        return re.findall(r'<h3><a class="ds-link" href="([^"]+)"', page)

    assert addresses("/sok", "storgatan") == [here]
    assert addresses("/en/sok", "storgatan") == [there]
    assert addresses("/sok", "snow streets") == [there]
    assert addresses("/en/sok", "plogningar") == [here]
    assert addresses("/ar/sok", "plogningar") == [f"/ar{here}"]
    assert addresses("/ar/sok", "storgatan") == [f"/ar{here}"], "one, as in lists"


def test_where_nothing_is_found_another_spelling_that_finds_something_is_a_link(client: Client) -> None:
    exchange = stage(question="När är badhuset öppet?").publish()
    page = client.get("/en/sok", {"q": "<b>badhsuet</b>"}).content.decode()
    assert "Did you mean" not in page, "no text holds a word that is near to “b”"
    page = client.get("/en/sok", {"q": "Badhsuet, oppet"}).content.decode()
    link = re.search(r'Did you mean <a class="ds-link" href="([^"]+)" dir="auto">([^<]+)</a>\?', page)
    assert link is not None
    assert link[2] == "badhuset öppet"
    assert f"/en/fragor/{exchange.number}" not in page
    following = client.get(link[1]).content.decode()
    assert f"/en/fragor/{exchange.number}" in following
    assert "Did you mean" not in following


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_number_of_a_public_answer_leads_to_it(client: Client, language: str) -> None:
    exchange = stage().publish()
    response = client.get(f"{language}/sok", {"q": f" {exchange.number} "})
    assert response.status_code == 302
    assert response.headers["Location"] == f"{language}/fragor/{exchange.number}-{exchange.slug}"
    assert response.headers["Cache-Control"] == "no-store"


def test_the_number_of_what_nobody_may_see_finds_nothing(client: Client) -> None:
    town = stage()
    exchange = town.publish()
    services.withdraw(exchange, "Fel", by=town.editor)
    response = client.get("/sok", {"q": exchange.number})
    assert response.status_code == 200
    assert found(response.content.decode()) == []
