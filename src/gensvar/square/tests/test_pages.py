"""The pages that are the same for everybody."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import clock
from gensvar.people.models import Person
from gensvar.publishing.tests.scene import stage
from gensvar.square import errors, logs
from gensvar.square.tests import scene

PAGES = [
    "/",
    "/fragor",
    "/har-finns-vi",
    "/vi-svarar",
    "/roster",
    "/folj",
    "/om",
    "/tillganglighet",
    "/personuppgifter",
    "/kontakt",
]


@pytest.mark.django_db
def test_the_front_page_answers_in_swedish_at_the_root_and_in_english_beside_it(client: Client) -> None:
    swedish = client.get("/", headers={"accept-language": "en"})
    assert swedish.status_code == 200
    assert "Vad tänker du på?" in swedish.content.decode()
    assert '<html lang="sv"' in swedish.content.decode()
    english = client.get("/en/", headers={"accept-language": "sv"})
    assert "What is on your mind?" in english.content.decode()
    assert '<html lang="en"' in english.content.decode()


@pytest.mark.django_db
def test_a_public_page_sets_no_cookie_and_varies_by_nothing(client: Client) -> None:
    scene.town()
    for address in [*PAGES, *(f"/en{path}" for path in PAGES)]:
        response = client.get(address, headers={"accept-language": "fi"})
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert "Vary" not in response.headers, address
        assert response.headers["Cache-Control"].startswith("public"), address
        assert "unsafe" not in response.headers["Content-Security-Policy"], address


@pytest.mark.parametrize("path", [*PAGES, "/skriv", "/sok?q=snö"])
@pytest.mark.django_db
def test_no_page_asks_another_host_or_carries_style_or_script_of_its_own(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    scripts = re.findall(r"<script(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == (1 if path == "/skriv" else 0)
    assert all(re.fullmatch(r' src="/static/[^"]+" defer>', script) for script in scripts)
    assert "<style" not in page
    assert " style=" not in page
    assert 'src="http' not in page
    assert 'href="/static/' in page


@pytest.mark.django_db
def test_every_page_leads_to_the_form_the_statement_and_the_other_language(client: Client) -> None:
    for path in [*PAGES, "/skriv", "/sok"]:
        page = client.get(path).content.decode()
        assert 'href="/sok"' in page
        assert 'href="/skriv"' in page
        assert 'href="/tillganglighet"' in page
        assert f'href="/en{path}"' in page


@pytest.mark.parametrize(("exchanges", "queries", "months"), [(0, 3, 0), (3, 6, 1), (9, 6, 1)])
@pytest.mark.django_db
def test_front_page_and_list_cost_the_same_queries_however_much_there_is_to_read(
    client: Client, exchanges: int, queries: int, months: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(exchanges):
        stage().publish()
    with django_assert_num_queries(queries + 3):  # posts and who may see them, positions, outcomes
        page = client.get("/").content.decode()
    assert page.count('class="card"') == min(exchanges, 6)
    with django_assert_num_queries(queries + months):  # which there are between the first and the last
        page = client.get("/fragor").content.decode()
    assert page.count('class="card"') == exchanges


@pytest.mark.django_db
def test_the_directory_tells_places_apart_and_hides_those_not_open_yet(client: Client) -> None:
    town = scene.town()
    hidden = Person.objects.create(name="Ola Dold", shown=False)
    town.form.deputy = hidden
    town.form.save()
    day = clock.today()
    for channel, address, name, state, place, opened_on in [
        ("feed", "https://norrvik.example/flode", "Nytt från Norrvik", "live", "feed", day),
        ("phone", "0999-10 00 01", "Gamla numret", "closed", "dialogue", day),
        ("phone", "0999-10 00 02", "Aldrig öppnat", "closed", "dialogue", None),
        ("feed", "https://norrvik.example/hemlig", "Kommande", "draft", "dialogue", None),
    ]:
        ContactPoint.objects.create(
            channel=channel,
            address=address,
            name=name,
            state=state,
            place=place,
            function=town.function,
            opened_on=opened_on,
        )
    page = client.get("/har-finns-vi").content.decode()
    talk, follow, closed = (page.index(f'id="{anchor}"') for anchor in ("talk", "follow", "closed"))
    assert (
        talk
        < page.index("Kim Ek")
        < follow
        < page.index("Nytt från Norrvik")
        < closed
        < page.index("Gamla numret")
    )
    assert "Ola Dold" not in page
    assert "Kommande" not in page
    assert "Aldrig öppnat" not in page


@pytest.mark.django_db
def test_what_does_not_exist_says_so_kindly_and_repeats_nothing(client: Client) -> None:
    response = client.get("/samtal/hemligaord-anna-lindqvist")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Här finns ingenting" in page
    assert "anna" not in page.replace("/samtal/hemligaord-anna-lindqvist", "").lower().split("<main")[1]
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_for_our_own_faults_needs_no_database_and_no_words_of_the_request() -> None:
    response = errors.broken(RequestFactory().get("/samtal/hemligt?ord=hemliga"))
    assert response.status_code == 500
    assert "Felet är vårt" in response.content.decode()
    assert "heml" not in response.content.decode()
    with translation.override("sv"):
        assert "It is our fault" in errors.broken(RequestFactory().get("/en/x")).content.decode()


def test_our_own_faults_are_owned_up_to_even_without_style_sheets(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    response = errors.broken(RequestFactory().get("/"))
    assert "<h1>Felet är vårt</h1>" in response.content.decode()


@pytest.mark.django_db
def test_a_page_stands_without_the_database_where_it_needs_none(client: Client) -> None:
    scene.town()
    with scene.database_away():
        assert client.get("/om").status_code == 200
        assert client.get("/skriv").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/skriv",
        "/sok",
        "/en/fragor",
        "/har-finns-vi",
        "/verkstad",
        "/hur-vi-leder",
        "/folj/brev",
        "/tillganglighet/beratta",
        "/fragor/2026-000001-sno",
        "/en/nytt/2026/plogen",
        "/nytt/2026/11",
    ],
)
@pytest.mark.django_db
def test_a_slash_at_the_end_leads_nowhere_else(client: Client, path: str) -> None:
    response = client.get(path + "/")
    assert response.status_code == 301
    assert response.headers["Location"] == path
    asked = client.get(path + "/?q=sn%C3%B6&om=2026-1")
    assert asked.headers["Location"] == f"{path}?q=sn%C3%B6&om=2026-1", "nothing that was asked is lost"


@pytest.mark.django_db
def test_what_somebody_seeks_is_kept_by_no_cache_on_its_way(client: Client) -> None:
    for asked, there in (("/sok/", "/sok"), ("/fragor.", "/fragor"), ("/en/nytt).", "/en/nytt")):
        led = client.get(f"{asked}?q=diagnos")
        assert led.headers["Location"] == f"{there}?q=diagnos"
        assert led.headers["Cache-Control"] == "no-store"
    assert client.get("/inget/har/").status_code == 404


@pytest.mark.django_db
def test_what_stood_beside_an_address_in_a_text_is_none_of_it(client: Client) -> None:
    for path in ("/k/abc2345", "/fragor/2026-000001-sno", "/en/nytt/2026/plogen", "/folj/alla.atom"):
        for beside in (".", ").", "%3E", "%E2%80%A6", "%20"):
            assert client.get(path + beside).headers["Location"] == path
    assert client.get("/finns-inte.").status_code == 404


@pytest.mark.django_db
def test_machines_find_what_they_ask_for(client: Client) -> None:
    assert "Disallow: /desk/" in client.get("/robots.txt").content.decode()
    security = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: http" in security
    assert "Expires: 20" in security


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/samtal/abcdef234567/fil/3", "/samtal/…/fil/3"),
        ("/samtal//abcdefghabcdefgh", "/samtal//…"),
        ("/Samtal/abcdefghabcdefgh", "/Samtal/…"),
        ("/gast/ abcdefghabcdefgh", "/gast/…"),
        ("/konto/password/reset/key/3-d7ab12-0123456789abcdef/", "/konto/password/reset/key/…/"),
    ],
)
def test_a_private_link_never_stands_in_a_log(path: str, said: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", path), None)
    assert logs.HideKeys().filter(record)
    assert record.getMessage() == f"Not Found: {said}"


def test_the_key_of_an_answer_without_a_name_never_stands_in_a_log() -> None:
    record = logging.LogRecord(
        "web", logging.INFO, "", 0, "%s", (f"POST /en/ledarskap/{'a' * 36} 303",), None
    )
    assert logs.HideKeys().filter(record)
    assert record.getMessage() == "POST /en/ledarskap/… 303"


def test_what_people_search_for_never_stands_in_a_log() -> None:
    record = logging.LogRecord(
        "web", logging.WARNING, "", 0, "slow: %s %s", ("GET", "/en/sok?q=min+granne&fore=1~2"), None
    )
    assert logs.HideKeys().filter(record)
    assert record.getMessage() == "slow: GET /en/sok?…"


@pytest.mark.django_db
def test_a_question_with_a_low_line_has_an_address_and_breaks_no_page(client: Client) -> None:
    staged = stage()
    staged.conversation.subject = "Blanketten ny_ansokan gar inte att oppna"
    staged.conversation.save()
    exchange = staged.publish()
    assert "_" in exchange.slug
    for path in ("/", "/fragor", f"/fragor/{exchange.number}-{exchange.slug}"):
        assert client.get(path).status_code == 200, path
