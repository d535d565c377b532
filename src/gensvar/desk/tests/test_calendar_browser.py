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

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is wider than the item that it stands in, with every form unfolded.
FITS = """() => ![...document.querySelectorAll("[data-item] :is(input, select, button, a)")].filter(
  (one) => one.checkVisibility() && one.getBoundingClientRect().right > one.closest("[data-item]").getBoundingClientRect().right
).length"""
PHONE = {"width": 360, "height": 740}
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
        page = open_page(base_url=live_server.url, **{"viewport": {"width": 1500, "height": 1000}} | options)
        key = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        return page

    return opened


def monday() -> dt.date:
    return clock.today() - dt.timedelta(days=clock.today().weekday())


def planned(paper: Paper, day: dt.date | None) -> PostPlan:
    return plans.plan(draft(paper, "Isen bär"), day, paper.person, seen=0, by=paper.editor)


def test_keys_move_a_draft_and_say_where_it_goes(enter: Enter, paper: Paper) -> None:
    row, day = planned(paper, monday()), monday()
    page = enter()
    page.goto(f"/desk/kalender/?view=week&day={day}")
    said = page.locator("[data-announce]")
    page.get_by_role("link", name="Isen bär").focus()
    page.keyboard.press("m")
    expect(said).to_contain_text("välj dag med piltangenterna")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("onsdag")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("står kvar där det var")
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-announce]")).to_contain_text("är planerat till tisdag")
    expect(page.get_by_role("link", name="Isen bär")).to_be_focused()
    row.refresh_from_db()
    assert (row.day, row.person) == (day + dt.timedelta(days=1), paper.person)


def test_the_mouse_drags_a_draft_without_a_day_to_one(enter: Enter, paper: Paper) -> None:
    row = planned(paper, None)
    page = enter()
    page.goto(f"/desk/kalender/?view=week&day={monday()}")
    friday = monday() + dt.timedelta(days=4)
    page.locator("[data-item]").drag_to(page.locator(f'[data-day="{friday}"]'))
    expect(page.locator("[data-announce]")).to_contain_text("är planerat till fredag")
    row.refresh_from_db()
    assert (row.day, row.person) == (friday, paper.person)


def test_a_button_begins_the_same_and_the_plain_form_needs_no_script(enter: Enter, paper: Paper) -> None:
    row = planned(paper, monday())
    page = enter()
    page.goto(f"/desk/kalender/?view=list&day={monday()}")
    page.locator(f"#draft-{row.post_id} summary").click()
    page.get_by_role("button", name="Flytta med piltangenterna").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-announce]")).to_contain_text("är planerat till")
    row.refresh_from_db()
    assert row.day == monday() + dt.timedelta(days=7)
    page = enter(java_script_enabled=False)
    page.goto(f"/desk/kalender/?view=list&day={monday()}")
    page.locator(f"#draft-{row.post_id} summary").click()
    page.get_by_label("Dag", exact=True).first.fill(monday().isoformat())
    page.get_by_role("button", name="Spara").first.click()
    row.refresh_from_db()
    assert row.day == monday()


def test_axe_finds_nothing_in_any_view_and_a_phone_shows_a_list(
    enter: Enter, paper: Paper, axe: Callable[[Page], list[Violation]]
) -> None:
    planned(paper, clock.today())
    draft(paper, "Långtord" * 12)
    invite(paper, last_day=clock.today())
    posts.publish(draft(paper, "Det vi sagt"), by=paper.editor)
    for options in ({}, {"viewport": PHONE}):
        page = enter(**options)
        for view in ("week", "month", "list"):
            page.goto(f"/desk/kalender/?view={view}&day={clock.today()}")
            page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
            assert [(one.rule, one.element) for one in axe(page)] == [], view
            page.wait_for_function(FITS)  # nothing of an item reaches out of it
            if options:
                no_wider_than(page, PHONE["width"])
