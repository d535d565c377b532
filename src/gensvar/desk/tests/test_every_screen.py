"""Every screen of the desk in a real browser, loaded once: axe-core, a phone's width and a wide one, no complaint of the console."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from gensvar.core.roles import Role
from gensvar.desk.menu import SCREENS, screens_of
from gensvar.desk.tests.scene import Town, logged_in, make_town
from gensvar.desk.tests.screens import full
from gensvar.people.tests.factories import user_of
from tests.browser import no_wider_than
from tests.looks import Look

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, ViewportSize
    from pytest_django.live_server_helper import LiveServer

    from gensvar.people.models import Person
    from tests.browser import Violation

    Axe = Callable[..., list[Violation]]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE = 1440
# What comes from Wagtail's own listing, by rule and element; nothing else is excused.
WAGTAIL = {
    ("label-content-name-mismatch", 'a[data-w-tooltip-content-value="Synlig för alla"]'),
}
ORDER = sorted(Role, key=[Role.EDITOR, Role.ADMINISTRATOR, *Role].index)  # who sees the most in lists first
# How many elements are shown beside those that were when this was asked before. The menu, which is not
# there on a phone, is the same at every screen of a role.
MORE = """() => {
    const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility({ checkVisibilityCSS: true }));
    const more = shown.filter((one) => window.before && !before.has(one) && !one.closest("#wagtail-sidebar"));
    window.before = new Set(shown);
    return more.length;
}"""


def test_everyone_can_use_every_screen(
    open_page: Callable[..., Page], live_server: LiveServer, axe: Axe
) -> None:
    town = make_town()
    more = full(town)
    complaints, elsewhere, found, seen = list[str](), list[str](), list[object](), set[str]()

    def look(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:")):
            elsewhere.append(request.url)

    page = open_page(base_url=live_server.url, viewport=PHONE, reduced_motion="reduce")
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", look)
    for role in ORDER:
        enter(page, town.by_role[role], live_server.url)
        new = [one.url for one in screens_of(user_of(town.by_role[role])) if one.url not in seen]
        seen.update(new)
        first = True
        for address in dict.fromkeys([*new, *more.addresses[role]]):
            page.set_viewport_size(PHONE)
            answer = page.goto(address)
            assert answer is not None, address
            assert answer.ok, address
            no_wider_than(page, PHONE["width"])
            said = axe(page)
            page.evaluate(MORE)
            if then := more.on_a_phone.get(address):
                then(page)
                said += axe(page) if page.evaluate(MORE) else []
            page.set_viewport_size({"width": WIDE, "height": 900})
            no_wider_than(page, WIDE)
            if page.evaluate(MORE) or first:
                said += axe(page, at=(Look("light", WIDE),))
            if then := more.wide.get(address):
                then(page)
            first = False
            found += [
                (address, one.look, one.rule, one.element, one.html[:200])
                for one in said
                if (one.rule, one.element) not in WAGTAIL
            ]
    choosers_of_days_start(page, town, live_server.url)
    assert seen == {screen.url for screen in SCREENS}
    assert {*more.on_a_phone, *more.wide} <= seen | {one for some in more.addresses.values() for one in some}
    assert found == []
    assert complaints == []
    assert elsewhere == []


def enter(page: Page, person: Person, url: str) -> None:
    """Whoever was logged in, it is this person now."""
    key = logged_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": url}])


def choosers_of_days_start(page: Page, town: Town, url: str) -> None:
    """Wagtail's, under the strict policy; on a screen of its own that only a superuser sees."""
    user = user_of(town.kim)
    user.is_superuser = user.is_staff = True
    user.save()
    enter(page, town.kim, url)
    page.goto("/desk/reports/site-history/")
    page.locator("template[data-chooser][data-started]").first.wait_for(state="attached")
