"""The last slash of an address: set where something answers with it, and only there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gensvar.publishing.posts import services
from gensvar.publishing.tests.posts_scene import Paper, draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/finns-inte", "/en/does-not-exist", "/finns/inte/heller", "/finns-inte?a=b"]
)
def test_what_is_not_there_says_so_at_once(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/desk", "/konto/login"])
def test_what_is_there_with_a_slash_is_led_to(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, f"{address}/")


def test_a_page_of_wagtails_is_led_to_and_a_draft_is_not(client: Client) -> None:
    paper = Paper.make()
    post = draft(paper, slug="plogen")
    draft(paper, slug="utkastet")
    services.publish(post, by=paper.editor)
    response = client.get("/plogen")
    assert (response.status_code, response["Location"]) == (301, "/plogen/")
    assert client.get("/plogen/").status_code == 301
    assert client.get("/utkastet").status_code == 404


@pytest.mark.parametrize("address", ["/om", "/nytt", "/folj"])
def test_a_page_that_is_there_costs_nothing_more(client: Client, settings: Any, address: str) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as ours:
        assert client.get(address).status_code == 200
    djangos = "django.middleware.common.CommonMiddleware"
    settings.MIDDLEWARE = [
        djangos if one.endswith(".SlashWhereAPageIs") else one for one in settings.MIDDLEWARE
    ]
    assert djangos in settings.MIDDLEWARE
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as theirs:
        assert client.get(address).status_code == 200
    assert len(ours) <= len(theirs)
