"""Every page of comments in a real browser: judged by axe-core in light and dark, wide and narrow. What is done there by
keyboard alone and without JavaScript: test_by_keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import LazySettings

from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests.judging import judge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """Opens pages of the running square."""

    def visitor(**options: Any) -> Page:
        return open_page(**{"base_url": live_server.url} | options)

    return visitor


def test_axe_finds_nothing_on_any_page_of_comments(
    visit: Callable[..., Page], axe: Callable[..., list[Any]], settings: LazySettings
) -> None:
    page = visit()
    found = {}
    paths = stage.pages(stage.make(), settings)
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        found[path] = judge(page, axe)
    page.goto(paths[3])
    page.get_by_role("button", name="Skicka").click()
    page.get_by_role("heading", name="Inte skickat än").wait_for()
    found["errors"] = judge(page, axe)
    settings.GENSVAR_COMMENTS = "off"
    page.goto(paths[3])
    page.get_by_role("heading", name="Inga nya kommentarer här").wait_for()
    found["closed"] = judge(page, axe)
    assert {path: faults for path, faults in found.items() if faults} == {}
