"""The calendar in a real browser: moved by keys and by mouse with words for screen readers, without a script, on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from playwright.sync_api import expect

from gensvar.core import clock
from gensvar.desk.tests.scene import make_town
from gensvar.people.tests.factories import user_of
from gensvar.publishing.plans import services as plans
from gensvar.publishing.plans.models import PostPlan
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.guests_scene import invite
from gensvar.publishing.tests.posts_scene import Paper, draft
from tests.browser import no_wider_than
from tests.looks import Look

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is wider than the item that it stands in, with every form unfolded.
FITS = """() => ![...document.querySelectorAll("[data-item] :is(input, select, button, a)")].filter(
  (one) => one.checkVisibility() && one.getBoundingClientRect().right > one.closest("[data-item]").getBoundingClientRect().right
).length"""
WIDE: ViewportSize = {"width": 1500, "height": 1000}
PHONE = 360
Enter = Callable[..., "Page"]


@pytest.fixture
def paper() -> Paper:
    town = make_town()
    return Paper(user_of(town.robin), town.robin, town.streets)


@pytest.fixture
def enter(open_page: Callable[..., Page], live_server: LiveServer, paper: Paper) -> Enter:
    def opened(**options: object) -> Page:
        client = Client()
        client.force_login(paper.editor)
        page = open_page(base_url=live_server.url, **{"viewport": WIDE} | options)
        key = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        return page

    return opened


def monday() -> dt.date:
    return clock.today() - dt.timedelta(days=clock.today().weekday())


def planned(paper: Paper, day: dt.date | None) -> PostPlan:
    return plans.plan(draft(paper, "Isen bär"), day, paper.person, seen=0, by=paper.editor)


def test_a_draft_is_moved_by_mouse_by_keys_by_a_button_and_by_its_plain_form(
    enter: Enter, paper: Paper
) -> None:
    row, day = planned(paper, None), monday()
    page = enter()
    page.goto(f"/desk/kalender/?view=week&day={day}")
    said, link = page.locator("[data-announce]"), page.get_by_role("link", name="Isen bär")
    page.locator("[data-item]").drag_to(page.locator(f'[data-day="{on(4)}"]'))
    expect(said).to_contain_text("är planerat till fredag")
    assert stands(row, paper) == on(4)

    link.focus()
    page.keyboard.press("m")
    expect(said).to_contain_text("välj dag med piltangenterna")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    expect(said).to_contain_text("onsdag")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("står kvar där det var")
    page.keyboard.press("m")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("är planerat till torsdag")
    expect(link).to_be_focused()
    assert stands(row, paper) == on(3)

    page.goto(f"/desk/kalender/?view=list&day={day}")
    page.locator(f"#draft-{row.post_id} summary").click()
    page.get_by_role("button", name="Flytta med piltangenterna").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("är planerat till")
    assert stands(row, paper) == on(10)

    page = enter(java_script_enabled=False)
    page.goto(f"/desk/kalender/?view=list&day={day}")
    page.locator(f"#draft-{row.post_id} summary").click()
    page.get_by_label("Dag", exact=True).first.fill(day.isoformat())
    page.get_by_role("button", name="Spara").first.click()
    assert stands(row, paper) == day


def on(weekday: int) -> dt.date:
    """The day so many days after this week's Monday."""
    return monday() + dt.timedelta(days=weekday)


def stands(row: PostPlan, paper: Paper) -> dt.date | None:
    """The day that the draft is planned for; its writer stays the same."""
    row.refresh_from_db()
    assert row.person == paper.person
    return row.day


def test_axe_finds_nothing_in_any_view_and_a_phone_shows_a_list(
    enter: Enter, paper: Paper, axe: Callable[..., list[Violation]]
) -> None:
    planned(paper, clock.today())
    draft(paper, "Långtord" * 12)
    invite(paper, last_day=clock.today())
    posts.publish(draft(paper, "Det vi sagt"), by=paper.editor)
    page = enter()
    for view in ("week", "month", "list"):
        page.set_viewport_size(WIDE)
        page.goto(f"/desk/kalender/?view={view}&day={clock.today()}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        page.wait_for_function(FITS)  # nothing of an item reaches out of it
        at = (Look("light"), Look("dark"), Look("dark", PHONE))
        assert [(one.rule, one.element, one.look) for one in axe(page, at=at)] == [], view
        page.wait_for_function(FITS)
        no_wider_than(page, PHONE)
