"""The kept pages as a WSGI server asks for them: who gets them, who never does, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from gensvar.config.pages import asking, front, making
from gensvar.config.pages.tests.scene import Web, exchange_address
from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations import services as conversations
from gensvar.core import remembering
from gensvar.people.models import Function
from gensvar.publishing import services
from gensvar.publishing.tests.scene import stage
from gensvar.square import guards
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_second_reader_gets_the_kept_page_compressed_as_their_browser_wants_it(web: Web) -> None:
    first = web.get("/", accept_encoding="gzip, deflate, br, zstd")
    second = web.get("/", accept_encoding="br;q=1.0, gzip;q=0.8, *;q=0.1")
    assert len(web.asked) == 1
    assert first.body == second.body
    assert second.headers["Content-Encoding"] == "br"
    assert second.headers["Vary"] == "Accept-Encoding"
    assert second.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Content-Security-Policy" in second.headers
    zipped, plain = web.get("/", accept_encoding="gzip"), web.get("/")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.text == zipped.text == second.text
    assert "Vad tänker du på?" in plain.text
    assert int(plain.headers["Content-Length"]) == len(plain.body)
    assert len({answer.headers["ETag"] for answer in (second, zipped, plain)}) == 3
    assert len(web.asked) == 1
    assert web.get("/folj/alla.json", accept_encoding="br").headers["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""), ("identity", ""), ("zstd", ""), ("br;q=0", ""), ("br;q=0, gzip", "gzip"), ("*", "br"),
        ("GZIP", "gzip"), ("*;q=0", ""), ("x" * 5000, ""), ("br;q=banana", ""), (",,;;q=,br", "br"),
    ],
)  # fmt: skip
def test_accept_encoding_is_folded_to_what_we_have(accepted: str, coding: str) -> None:
    assert asking.encoding_for(accepted[:500]) == coding


def test_who_has_it_already_gets_only_that_it_still_holds(web: Web) -> None:
    etag = web.get("/om", accept_encoding="br").headers["ETag"]
    for known in (etag, f'"x", {etag}', f"W/{etag}", "*"):
        answer = web.get("/om", accept_encoding="br", if_none_match=known)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == etag
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert web.get("/om", accept_encoding="gzip", if_none_match=etag).status == 200
    assert web.get("/om", accept_encoding="br", if_none_match='"x"').status == 200


def test_head_is_the_same_without_the_body(web: Web) -> None:
    assert web.get("/om", method="HEAD").status == 200
    page = web.get("/om", accept_encoding="br")
    head = web.get("/om", method="HEAD", accept_encoding="br")
    assert head.headers == page.headers
    assert head.body == b""
    assert len(web.asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "a=b; sessionid=x"}, {"cookie": "csrftoken=x"}, {"authorization": "Basic eA=="},
        {"hx_request": "true"}, {"cookie": "messages=x"},
    ],
)  # fmt: skip
def test_somebody_with_a_session_neither_sees_nor_fills_what_is_kept(
    web: Web, headers: dict[str, str]
) -> None:
    web.get("/om", **headers)
    web.get("/om", **headers)
    assert len(web.asked) == 2
    web.get("/om")
    assert len(web.asked) == 3, "nothing had been kept"
    assert "ETag" not in web.get("/om", **headers).headers
    web.get("/om", cookie="visitor=of-another-site")
    assert len(web.asked) == 4


def test_somebody_logged_in_gets_django_even_when_the_page_is_kept(web: Web, client: Client) -> None:
    web.get("/")
    client.force_login(get_user_model().objects.create_user("kim@norrvik.example", None))
    web.get("/", cookie=f"sessionid={client.cookies['sessionid'].value}")
    assert "sessionid" in web.asked[-1]["HTTP_COOKIE"]


@pytest.mark.parametrize(
    "path",
    ["/sok", "/samtal/hemligaord", "/desk/", "/konto/login/", "/finns-inte", "/fragor/2026-9999",
     "/robots.txt", "//om", "/om/", "/OM", "/" + "x" * 400, "/om\0", "/%2e%2e/om", "/\xff\xfe", "/en//om"],
)  # fmt: skip
def test_what_does_not_say_that_it_is_public_is_asked_of_django_each_time(web: Web, path: str) -> None:
    answers = [web.get(path) for _ in range(2)]
    assert len(web.asked) == 2
    assert all("ETag" not in answer.headers for answer in answers)


def test_an_unknown_host_is_refused_and_an_odd_one_fills_nothing(web: Web) -> None:
    web.get("/om")
    assert web.get("/om", host="evil.example").status == 400
    assert web.get("/om", host="localhost:4711").status == 200
    assert web.get("/om", host="localhost.").status in {200, 400}
    assert len(web.asked) == 4
    web.get("/om", host="LocalHost", x_forwarded_host="evil.example")
    assert len(web.asked) == 4, "case is folded"


def test_nothing_but_the_name_reaches_a_page_that_is_kept(web: Web) -> None:
    bad = {"x_forwarded_host": "evil.example", "x_forwarded_proto": "https", "accept_language": "en",
           "referer": "https://evil.example", "x_original_url": "/desk/", "forwarded": "host=evil.example"}  # fmt: skip
    page = web.get("/fragor", "utm_source=<evil>&fore=zzz", host="LOCALHOST", **bad)
    assert "evil" not in page.text
    seen = web.asked[0]
    assert {name for name in seen if name.startswith("HTTP_")} <= {"HTTP_HOST"}
    assert seen["HTTP_HOST"] == "localhost"
    assert seen["QUERY_STRING"] == "fore=zzz"
    assert seen["REMOTE_ADDR"] == ""


def test_unknown_parameters_share_the_page_and_known_ones_have_their_own(web: Web) -> None:
    for query in ("", "fbclid=1", "fbclid=2&utm_source=x", "fore="):
        assert web.get("/fragor", query).status == 200
    assert len(web.asked) == 1
    web.get("/fragor", "fore=1~1")
    web.get("/fragor", "x=1&fore=1~1")
    assert len(web.asked) == 2
    for _ in range(2):
        web.get("/fragor", "fore=1&fore=2")
        web.get("/fragor", "fore=" + "9" * 200)
    assert len(web.asked) == 6, "what is asked strangely is kept for nobody"


def test_a_withdrawn_exchange_is_gone_at_once_from_every_page(web: Web) -> None:
    staged = stage(question="Hemligheten på Storgatan")
    exchange = staged.publish()
    address = exchange_address(exchange)
    for path in ("/", "/fragor", address):
        assert web.get(path).status == 200
        assert "Snö på Storgatan" in web.get(path).text
    services.withdraw(exchange, "fel", by=staged.editor)
    assert web.get(address).status == 410
    assert "Snö på Storgatan" not in web.get("/").text + web.get("/fragor").text


def test_a_yes_that_was_taken_back_is_obeyed_at_once(web: Web) -> None:
    staged = stage()
    address = exchange_address(staged.publish())
    assert web.get(address).status == 200
    conversations.set_may_publish(staged.question, False)
    assert web.get(address).status == 410


def test_what_is_added_is_seen_by_the_next_reader_who_makes_the_page(web: Web) -> None:
    assert "Snö på Storgatan" not in web.get("/").text
    stage().publish()
    assert "Snö på Storgatan" in web.get("/").text


def test_a_change_during_the_making_lets_nothing_old_be_kept(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = making.make

    def changed_meanwhile(*given: Any) -> Any:
        made = make(*given)
        Function.objects.create(slug="ny", name="Ny")
        return made

    with monkeypatch.context() as patch:
        patch.setattr(making, "make", changed_meanwhile)
        web.get("/om")
    web.get("/om")
    assert len(web.asked) == 2


def test_while_another_makes_the_page_the_old_one_is_shown_unless_something_was_taken_away(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = web.get("/om").headers
    assert "X-Accel-Expires" not in first
    old = first["ETag"]
    name = asking.Name(False, "localhost", "/om", "")
    assert web.front._turns.take(name)  # another thread is at it
    Function.objects.create(slug="ny", name="Ny")
    shown = web.get("/om").headers
    assert shown["ETag"] == old
    assert shown["X-Accel-Expires"] == "0", "nginx in front would keep it beyond its time"
    assert len(web.asked) == 1
    monkeypatch.setattr(front, "PATIENCE", 0.01)
    Function.objects.all().delete()
    web.get("/om")
    assert len(web.asked) == 2, "it did not trust the old one"
    monkeypatch.setattr(front, "OLD", 0.0)
    Function.objects.create(slug="nyare", name="Nyare")
    web.get("/om")
    assert len(web.asked) == 3, "two seconds are over"
    web.front._turns.done(name, was_alone=False)


def test_when_the_database_is_away_kept_pages_stand_in_until_something_is_withdrawn(
    web: Web, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = stage()
    exchange = staged.publish()
    kept = {path: web.get(path).text for path in ("/", "/om", "/fragor", exchange_address(exchange))}
    pages = web.front._shelf._pages
    for page in pages.values():
        page.until = 0.0  # their time is up
    remembering.forget()
    with scene.database_away():
        for path, text in kept.items():
            assert web.get(path).text == text
        asked = len(web.asked)
        assert web.get("/").status == 200
        assert len(web.asked) == asked, "it is not tried again at once"
        away = web.get("/har-finns-vi")
        assert (away.status, away.headers["Retry-After"], away.headers["Cache-Control"]) == (
            503,
            "30",
            "no-store",
        )
        assert "<h1>Vi är borta en stund</h1>" in away.text
        assert "database does not answer" not in away.text
        assert 'lang="ar" dir="rtl"' in web.get("/ar/har-finns-vi").text
        assert web.get("/sok").status == 200, "made without the ways to reach us"
        assert asking.Name(False, "localhost", "/sok", "") not in pages, "and kept by nobody"
    services.withdraw(exchange, "fel", by=staged.editor)
    with scene.database_away():
        assert web.get("/fragor").status == 503


def test_the_ways_to_reach_us_are_read_once_until_one_of_them_changes(
    web: Web, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    town = scene.town()
    desk = ContactPoint.objects.create(
        channel="phone",
        address="0123456789",
        name="Växeln",
        function=town.function,
        owner=town.person,
        state="live",
    )
    assert "Växeln" in web.get("/om").text
    with django_assert_num_queries(1) as asked:  # what the municipality says of itself
        assert web.get("/personuppgifter").status == 200
    assert "contactpoints_contactpoint" not in asked.captured_queries[0]["sql"]
    desk.name = "Kontaktcenter"
    desk.save()
    for address in ("/om", "/personuppgifter"):
        page = web.get(address).text
        assert "Kontaktcenter" in page
        assert "Växeln" not in page


def test_what_is_being_talked_about_is_read_once_until_some_of_it_changes(
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    scene.town()
    exchange = stage().publish()
    with CaptureQueriesContext(connection) as first:
        shown = Client().get("/").text
    assert 0 < len(first) <= 12
    with django_assert_num_queries(0):
        assert Client().get("/").text == shown
    with CaptureQueriesContext(connection) as other_language:
        Client().get("/en/")
    assert len(other_language) > 0
    services.withdraw(exchange, "fel", by=get_user_model().objects.latest("pk"))
    assert exchange_address(exchange) in shown
    assert exchange_address(exchange) not in Client().get("/").text


@pytest.mark.parametrize("coding", ["", "br", "gzip"])
def test_the_form_is_kept_and_each_reader_gets_one_of_their_own(web: Web, coding: str) -> None:
    scene.town()
    answers = [web.get("/skriv", accept_encoding=coding, referer="https://evil.example") for _ in range(3)]
    assert len(web.asked) == 1
    ids = [re.findall(r'name="form" value="([^"]+)"', answer.text) for answer in answers]
    assert [len(one) for one in ids] == [1, 1, 1]
    assert len({one[0] for one in ids}) == 3
    assert len({answer.text.replace(one[0], "") for answer, one in zip(answers, ids, strict=True)}) == 1
    for answer, (form_id,) in zip(answers, ids, strict=True):
        guards.check(RequestFactory().post("/skriv"), {"form": form_id})
        assert answer.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers.get("Content-Encoding", "") == coding
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        assert "ETag" not in answer.headers
        assert "Set-Cookie" not in answer.headers
    assert web.get("/skriv", if_none_match="*").status == 200
    head = web.get("/skriv", method="HEAD", accept_encoding=coding)
    assert (head.status, head.body, len(web.asked)) == (200, b"", 1)


def test_a_form_about_something_public_is_kept_under_its_own_address_and_follows_it(web: Web) -> None:
    scene.town()
    staged = stage(question="När plogas Storgatan?")
    exchange = staged.publish()
    for _ in range(2):
        assert "Snö på Storgatan" in web.get("/skriv", f"om={exchange.number}&text=Skrivet").text
        assert "Snö på Storgatan" not in web.get("/skriv").text
    assert len(web.asked) == 2
    assert "Skrivet" not in web.get("/skriv", f"om={exchange.number}").text
    services.withdraw(exchange, "fel", by=staged.editor)
    assert "Snö på Storgatan" not in web.get("/skriv", f"om={exchange.number}").text


def test_while_the_database_is_away_the_form_is_still_shown_with_an_id_of_its_own(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.town()
    first = web.get("/skriv").text
    for page in web.front._shelf._pages.values():
        page.until = 0.0
    remembering.forget()
    with scene.database_away():
        again = web.get("/skriv")
        assert web.get("/en/skriv").status == 200, "made without the ways to reach us"
    assert again.status == 200
    assert again.text != first
    assert asking.Name(False, "localhost", "/en/skriv", "") not in web.front._shelf._pages, "kept by nobody"


def test_a_page_that_holds_the_id_of_its_form_twice_or_not_at_all_is_not_kept() -> None:
    def made(body: str) -> making.Made:
        headers = [("Cache-Control", "private, max-age=0"), ("Content-Type", "text/html")]
        return making.Made("200 OK", headers, body.encode(), form_id=b"abc.1:x")

    assert made("<input value=abc.1:x>").may_be_kept
    assert not made("<input value=abc.1:x><input value=abc.1:x>").may_be_kept
    assert not made("<input>").may_be_kept
    assert not made("").may_be_kept


def test_no_more_is_kept_than_fits(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.get("/om")
    web.front._shelf._most = 20_000
    for number in range(20):
        web.get("/fragor", f"fore={number}~1")
        web.get("/om")
    assert web.front._shelf.size <= 20_000
    assert web.front._shelf.size == sum(page.size for page in web.front._shelf._pages.values())
    assert len(web.asked) == 21, "what is asked for often stays"


def test_every_public_page_of_the_square_is_kept_and_reads_only_tables_that_are_watched(web: Web) -> None:
    scene.town()
    exchange = stage().publish()
    known = {"exchange": exchange_address(exchange), "picture": None}
    marked = {name for name, view in _views(get_resolver()) if hasattr(view, "parameters")}
    assert {"home", "exchanges", "exchange", "places", "about"} <= marked
    assert not marked & {"received", "conversation", "choose", "attachment", "search", "similar"}
    for path in (
        "/",
        "/om",
        "/fragor",
        "/har-finns-vi",
        "/tillganglighet",
        "/personuppgifter",
        known["exchange"],
    ):
        for prefix in ("", "/en"):
            address = f"{prefix}{path}"
            assert web.get(address).status == 200, address
            before = len(web.asked)
            web.get(address)
            assert len(web.asked) == before, address


def _views(resolver: URLResolver) -> Iterator[tuple[str, Any]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield str(one.name), one.callback
        else:
            yield from _views(one)
