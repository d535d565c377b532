"""Passing a page on: short links that last, are counted by day and know nobody; and the share block."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from gensvar.contactpoints.models import ContactPoint
from gensvar.publishing import services, short_links
from gensvar.publishing.models import PublicExchange, ShortLink, ShortLinkDay
from gensvar.publishing.tests.scene import stage
from gensvar.square import sharing
from gensvar.square.tests import scene

pytestmark = pytest.mark.django_db


def code_of(exchange: PublicExchange) -> str:
    return short_links.code_of(ShortLink.Kind.EXCHANGE, exchange.number)


def test_a_short_link_leads_on_and_counts_the_day_without_a_cookie(client: Client) -> None:
    exchange = stage().publish()
    address = f"/k/{code_of(exchange)}"
    for response in (client.get(address), client.get(address.upper().replace("/K/", "/k/"))):
        assert response.status_code == 302
        assert response["Location"] == f"/fragor/{exchange.number}-{exchange.slug}"
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
    client.head(address)
    assert [day.count for day in ShortLinkDay.objects.all()] == [2]
    assert {field.name for field in ShortLinkDay._meta.get_fields()} == {"id", "link", "day", "count"}
    assert client.get(f"/en{address}")["Location"].startswith("/en/fragor/")


def test_what_is_withdrawn_is_gone_with_a_sentence_and_comes_back_under_the_same_link(client: Client) -> None:
    staged = stage()
    exchange = staged.publish()
    address = f"/k/{code_of(exchange)}"
    services.withdraw(exchange, "Fel", by=staged.editor)
    response = client.get(address)
    assert response.status_code == 410
    assert "Länken ges aldrig till en annan sida" in response.content.decode()
    assert staged.conversation.subject not in response.content.decode()
    assert not ShortLinkDay.objects.exists()
    staged.publish()
    assert client.get(address).status_code == 302
    assert client.get("/k/finnsinte").status_code == 404


def test_a_place_has_a_short_link_while_it_is_listed(client: Client) -> None:
    form = scene.town().form
    link = short_links.make(ShortLink.Kind.PLACE, str(form.pk), by=None)
    assert client.get(f"/k/{link.code}")["Location"] == f"/har-finns-vi#plats-{form.pk}"
    ContactPoint.objects.update(state="draft")
    assert client.get(f"/k/{link.code}").status_code == 410


def test_a_page_that_is_not_public_has_none(client: Client) -> None:
    link = short_links.make(ShortLink.Kind.PAGE, "999999", by=None)
    assert client.get(f"/k/{link.code}").status_code == 410


def test_the_share_block_holds_the_short_address_and_asks_nobody_else(client: Client) -> None:
    exchange = stage().publish()
    page = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert f'/k/{code_of(exchange)}" dir="ltr"' in page
    assert "mailto:?subject=Sn%C3%B6%20p%C3%A5%20Storgatan&amp;body=" in page
    assert f'href="/dela/fediversum?om={exchange.number}"' in page
    assert re.findall(r"<script(.*?)>", page) == [' src="/static/gensvar/share.js" defer']
    assert 'src="http' not in page


def test_an_exchange_without_a_short_link_is_shared_by_its_own_address(client: Client) -> None:
    exchange = stage().publish()
    ShortLink.objects.all().delete()
    page = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert f'/fragor/{exchange.number}-{exchange.slug}" dir="ltr"' in page


def test_the_fediverse_is_reached_by_a_link_to_ones_own_server(client: Client) -> None:
    exchange = stage().publish()
    address = f"/dela/fediversum?om={exchange.number}"
    assert "Var har du ditt konto?" in client.get(address).content.decode()
    response = client.get(address + "&server=@anna@Social.Example")
    page = response.content.decode()
    assert 'href="https://social.example/share?text=Sn' in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert "Skriv namnet på din server" in client.get(address + "&server=javascript:x").content.decode()
    assert client.get("/dela/fediversum?om=2026-999999").status_code == 404


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("mastodon.example", "mastodon.example"),
        ("https://Mastodon.Example/home", "mastodon.example"),
        ("@me@mastodon.example", "mastodon.example"),
        ("åsa.example", "xn--sa-xia.example"),
        ("localhost", ""),
        ("127.0.0.1", ""),
        ("a.example:8080", ""),
        ("a b.example", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
        ("." * 300, ""),
    ],
)
def test_only_the_name_of_a_server_is_taken_for_one(given: str, host: str) -> None:
    assert sharing.host_of(given) == host
