"""Answering how somebody leads, and reading what was answered: by link, without log-in, in three languages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from gensvar.core import clock
from gensvar.learning.surveys import services
from gensvar.learning.surveys.models import Survey
from gensvar.learning.tests.leading import ANSWERS, House, answer, path
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return House()


def test_the_page_of_a_link_is_kept_nowhere_tells_nobody_and_sets_no_cookie(
    client: Client, house: House
) -> None:
    survey = house.opened()
    page = client.get(path(survey, house.led[0]))
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert not page.cookies
    words = page.content.decode()
    assert "Hur leder Ulla Norr?" in words
    assert "Ali Berg" not in words
    assert "<script" not in words.partition("<main")[2].partition("</main")[0]
    assert client.get(f"/ledarskap/{'a' * 36}").status_code == 404
    for prefix in ("/en", "/ar"):
        assert client.get(prefix + path(survey, house.led[0])).status_code == 200


def test_an_answer_without_anything_or_too_long_is_shown_again_with_its_words(
    client: Client, house: House
) -> None:
    survey = house.opened()
    own = path(survey, house.led[0])
    empty = client.post(own, {"q-direction": "9"})
    assert empty.status_code == 422
    assert '<a class="ds-link" href="#q-direction-1">Svara på minst en fråga.' in empty.content.decode()
    long = client.post(own, {"q-direction": "4", "q-keep": "x" * 1001})
    assert "Skriv högst 1000 tecken" in long.content.decode()
    assert "x" * 1001 in long.content.decode()
    assert 'href="#q-keep"' in long.content.decode()
    assert 'aria-invalid="true" aria-describedby="q-keep-error"' in long.content.decode()
    assert 'value="4" id="q-direction-4" checked' in long.content.decode()
    elsewhere = client.post(own, {"q-direction": "4"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 422
    assert not survey.sealed.exists()


def test_a_link_answers_once_and_then_says_that_it_did(client: Client, house: House) -> None:
    survey = house.opened()
    own = path(survey, house.led[0])
    sent = client.post(own, {"q-direction": "4", "q-listens": "0", "q-keep": "Ja\r\noch nej"})
    assert (sent.status_code, sent["Location"]) == (303, own)
    page = client.get(own).content.decode()
    assert "Ditt svar är lämnat" in page
    assert "Ja\noch nej" not in page, "nobody reads it, not the writer either"
    again = client.post(own, {"q-direction": "1"})
    assert again.status_code == 409
    assert survey.sealed.count() == 1


def test_the_link_says_why_nothing_is_shown_and_later_leads_to_the_result(
    client: Client, house: House
) -> None:
    survey = house.closed(*ANSWERS[:4])
    own = path(survey, house.led[0])
    assert "Färre än fem hade svarat" in client.get(own).content.decode()
    services.prolong(survey, clock.today() + dt.timedelta(days=1), by=house.by)
    answer(survey, house.led[4], ANSWERS[4])
    services.close(survey, by=house.by)
    assert "Inga fler svar tas emot." in client.get(own).content.decode()
    survey.texts.update(state="released", shown="Ett ord.")
    services.publish(survey, by=house.by)
    assert f'href="/hur-vi-leder/{Survey.objects.get().slug}"' in client.get(own).content.decode()


def test_what_was_answered_stands_there_with_figures_texts_and_years(
    client: Client, house: House, django_assert_num_queries: Any
) -> None:
    assert "/hur-vi-leder" not in client.get("/").content.decode()
    with clock.moved(-dt.timedelta(days=400)):
        before = house.published()
    survey = house.published()
    address = f"/hur-vi-leder/{survey.slug}"
    assert 'href="/hur-vi-leder"' in client.get("/").content.decode()
    listed = client.get("/hur-vi-leder").content.decode()
    assert listed.index(address) < listed.index(before.slug)
    page = client.get(address).content.decode()
    assert "Hur Ulla Norr leder" in page
    assert "5 av de 6 som frågades svarade utan namn" in page
    assert "Öppenheten." in page
    assert "Färre möten, tycker [namn] och jag." in page
    assert "Ali Berg" not in page
    assert page.count('class="voices-plot"') == 2, (
        "one statement was judged by five, and it has an earlier year"
    )
    assert "Färre än fem tog ställning här" in page
    assert f'href="/hur-vi-leder/{before.slug}">{before.last_day.year}</a>' in page
    code = short_links.code_of(ShortLink.Kind.SURVEY, str(survey.pk))
    assert f"/k/{code}" in page
    assert client.get(f"/k/{code}")["Location"] == address
    assert "How Ulla Norr leads" in client.get(f"/en{address}").content.decode()
    assert "I know where we are going" in client.get(f"/ar{address}").content.decode()
    with django_assert_num_queries(7):
        client.get(address)
    assert address in client.get("/sitemap-hur-vi-leder.xml").content.decode()
    services.withdraw(survey, "Fel", by=house.by)
    assert client.get(address).status_code == 410
    assert "Hur vi leder" in client.get(f"/k/{code}").content.decode()
    assert client.get(f"/k/{code}").status_code == 410
    assert address not in client.get("/sitemap-hur-vi-leder.xml").content.decode()
    assert client.get("/hur-vi-leder/2020-annat").status_code == 404


def test_many_rounds_stand_on_several_pages_and_cost_the_same(
    client: Client, house: House, django_assert_num_queries: Any
) -> None:
    first = house.published()
    with django_assert_num_queries(2):
        client.get("/hur-vi-leder")
    for number in range(25):
        survey = Survey.objects.get(pk=first.pk)
        survey.pk, survey.slug = None, f"2025-gata-{number}"
        survey.published_at = clock.now() - dt.timedelta(days=number + 1)
        survey.save()
    with django_assert_num_queries(2):
        page = client.get("/hur-vi-leder")
    following = page.context["next"]
    assert client.get(following).content.decode().count('class="card"') == 2
