"""The ground under the other tests: what a test commits is gone in the next, what migrations made is still there."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection
from playwright.sync_api import expect

from tests.order import spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from conftest import FreshDatabase
    from tests.browser import Violation
    from tests.scenes import Scenes


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_is_gone_when_the_next_begins(time: str) -> None:
    assert not Group.objects.filter(name="left behind").exists()
    Group.objects.create(name="left behind")


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_what_migrations_made_survives_a_test_that_commits(time: str) -> None:
    from wagtail.models import Page as WagtailPage

    assert WagtailPage.objects.exists()
    WagtailPage.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_another_thread_reads_what_was_committed() -> None:
    Group.objects.create(name="seen from beside")
    seen: list[bool] = []

    def look() -> None:
        seen.append(Group.objects.filter(name="seen from beside").exists())
        connection.close()

    beside = threading.Thread(target=look)
    beside.start()
    beside.join()
    assert seen == [True]


def test_a_real_process_gets_a_database_and_a_home_of_its_own(fresh_database: FreshDatabase) -> None:
    assert fresh_database.rows("SELECT count(*) FROM django_migrations")[0][0] > 0
    assert fresh_database.rows("SELECT count(*) FROM core_user") == [(0,)]
    assert Path(fresh_database.environment["GENSVAR_HOME"]).is_dir()


@pytest.mark.browser
def test_the_browser_shows_a_page_and_axe_judges_it_in_spite_of_a_strict_policy(
    page: Page, axe: Callable[[Page], list[Violation]]
) -> None:
    page.route(
        "**/*",
        lambda route: route.fulfill(
            body="<!doctype html><html lang=sv><title>Test</title><main><h1>Hej</h1><img src=x></main>",
            headers={"Content-Type": "text/html", "Content-Security-Policy": "default-src 'self'"},
        ),
    )
    page.goto("http://127.0.0.1/")
    expect(page.get_by_role("heading")).to_have_text("Hej")
    assert [(violation.rule, violation.scheme) for violation in axe(page)] == [("image-alt", "light")]


@pytest.mark.browser
def test_a_colour_that_fails_in_the_dark_alone_is_found(
    page: Page, axe: Callable[[Page], list[Violation]]
) -> None:
    page.set_content(
        "<!doctype html><html lang=sv><title>Test</title>"
        "<style>h1 { color: #222; transition: color 9s } @media (prefers-color-scheme: dark) { h1 { color: #eee } }</style>"
        "<main><h1>Hej</h1></main>"
    )
    assert [(violation.rule, violation.scheme) for violation in axe(page)] == [("color-contrast", "dark")]


def test_each_process_begins_with_what_takes_longest_and_leaves_others_what_is_quick() -> None:
    slow, quick = [f"slow {n}" for n in range(10)], [f"quick {n}" for n in range(41)]
    order = spread(slow, quick, 4)
    assert sorted(order) == sorted(slow + quick)
    parts = (order[:12], order[12:25], order[25:38], order[38:])  # as pytest-xdist divides them
    assert [part[0] for part in parts] == slow[:4]
    for part in parts:
        at = [place for place, one in enumerate(part) if one in slow]
        assert min(after - before for before, after in pairwise(at)) > 2, "none beside another"
        assert at[-1] < len(part) * 8 // 10
    assert spread(slow, [], 4) == [one for n in range(4) for one in slow[n::4]]
    assert spread([], quick, 4) == quick


@pytest.mark.django_db
@pytest.mark.each_database
def test_a_scene_is_played_once_and_met_as_it_was_whatever_was_done_there(scenes: Scenes) -> None:
    played: list[Group] = []

    def play() -> Group:
        played.append(Group.objects.create(name="played"))
        return played[-1]

    for _ in range(2):
        with scenes.meet(play) as group:
            assert Group.objects.get(name="played") == group
            group.delete()
            Group.objects.create(name="left behind")
            assert not Group.objects.filter(name="played").exists()
    assert not Group.objects.filter(name__in=["played", "left behind"]).exists()
    assert len(played) == 1
    members = Group.permissions.through.objects
    with (
        pytest.raises(IntegrityError),
        scenes.meet(play) as group,
    ):  # found when the test ends, as at a commit
        members.create(group_id=group.pk, permission_id=999_999)
