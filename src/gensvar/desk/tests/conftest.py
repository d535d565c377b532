"""The town that the desk's tests work in, and the desk in a real browser; imports wait until Django is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize
    from pytest_django.live_server_helper import LiveServer

    from gensvar.desk.tests.scene import Town
    from gensvar.people.models import Person

DESKTOP: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture
def town(db: None) -> Town:
    from gensvar.desk.tests.scene import make_town

    return make_town()


@pytest.fixture
def desk(open_page: Callable[..., Page], live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens the desk for a person who is logged in; whatever the console complains of fails the test."""
    from gensvar.people.tests.factories import user_of

    complaints: list[str] = []

    def opened(person: Person, **options: Any) -> Page:
        from django.test import Client

        client = Client()
        client.force_login(user_of(person))
        page = open_page(base_url=live_server.url, **{"viewport": DESKTOP} | options)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    assert complaints == []
