"""Every screen of the desk in a real browser, loaded once: axe-core, a phone's width, no complaint of the console, nothing from elsewhere.

What has more columns where there is room is looked at wide as well: screens.wide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from gensvar.core.roles import Role
from gensvar.desk.menu import SCREENS, screens_of
from gensvar.desk.tests.scene import Town, logged_in, make_town
from gensvar.desk.tests.screens import More, full
from gensvar.people.tests.factories import user_of
from tests.browser import no_wider_than
from tests.looks import Look, Onlooker

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, ViewportSize
    from pytest_django.live_server_helper import LiveServer

    from gensvar.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE = 1440
# What comes from Wagtail's own listing, by rule and element; nothing else is excused.
WAGTAIL = {
    ("label-content-name-mismatch", 'a[data-w-tooltip-content-value="Synlig för alla"]'),
}
ORDER = sorted(Role, key=[Role.EDITOR, Role.ADMINISTRATOR, *Role].index)  # who sees the most in lists first
SERIOUS = ("serious", "critical")
# How many elements are shown beside those that were when this was asked before. The menu, which is not
# there on a phone, is the same at every screen of a role.
MORE = """() => {
    const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility({ checkVisibilityCSS: true }));
    const more = shown.filter((one) => window.before && !before.has(one) && !one.closest("#wagtail-sidebar"));
    window.before = new Set(shown);
    return more.length;
}"""


@dataclass
class Visitor:
    """Who looks at one screen after the other, and what was found: by axe-core, by the console, and who else was asked for anything."""

    page: Page
    url: str
    more: More
    found: list[object] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=lambda: [Look("light"), Look("dark")])

    def __post_init__(self) -> None:
        self.onlooker = Onlooker(self.page)
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asks)

    def _asks(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.elsewhere.append(request.url)

    def enter(self, person: Person) -> None:
        """Whoever was logged in, it is this person now."""
        key = logged_in(person).cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])

    def look_at(self, address: str, *, menu: bool) -> None:
        """`menu`: it is looked at wide too, since there the menu is shown."""
        page, wide = self.page, menu or address in self.more.wide
        if page.viewport_size != PHONE:
            page.set_viewport_size(PHONE)
        answer = page.goto(address)
        assert answer is not None, address
        assert answer.ok, address
        no_wider_than(page, PHONE["width"])
        self._judge(address, self.looks)
        self.looks.reverse()  # it is in the second theme now; to change that takes as long as to judge it
        if wide or address in self.more.on_a_phone:
            page.evaluate(MORE)
        if then := self.more.on_a_phone.get(address):
            then(page)
            if page.evaluate(MORE):
                self._judge(address, self.looks[:1])
        if wide:
            page.set_viewport_size({"width": WIDE, "height": 900})
            no_wider_than(page, WIDE)
            if page.evaluate(MORE) or menu:
                self._judge(address, [Look(self.looks[0].scheme, WIDE)])
        if then := self.more.when_wide.get(address):
            then(page)

    def _judge(self, address: str, looks: list[Look]) -> None:
        self.found += [
            (address, one.look, one.rule, one.element, one.html[:200])
            for seen in self.onlooker.at(looks, (), impacts=SERIOUS)
            for one in seen.broken
            if (one.rule, one.element) not in WAGTAIL
        ]


def test_everyone_can_use_every_screen(open_page: Callable[..., Page], live_server: LiveServer) -> None:
    town = make_town()
    more = full(town)
    page = open_page(base_url=live_server.url, viewport=PHONE, reduced_motion="reduce")
    visitor = Visitor(page, live_server.url, more)
    seen = set[str]()
    for role in ORDER:
        visitor.enter(town.by_role[role])
        new = [one.url for one in screens_of(user_of(town.by_role[role])) if one.url not in seen]
        seen.update(new)
        for at, address in enumerate((*new, *more.addresses[role])):
            visitor.look_at(address, menu=at == 0)
    choosers_of_days_start(visitor, town)
    assert seen == {screen.url for screen in SCREENS}
    reached = seen | {one for some in more.addresses.values() for one in some}
    assert {*more.on_a_phone, *more.wide, *more.when_wide} <= reached
    assert visitor.found == []
    assert visitor.complaints == []
    assert visitor.elsewhere == []


def choosers_of_days_start(visitor: Visitor, town: Town) -> None:
    """Wagtail's, under the strict policy; on a screen of its own that only a superuser sees."""
    user = user_of(town.kim)
    user.is_superuser = user.is_staff = True
    user.save()
    visitor.enter(town.kim)
    visitor.page.goto("/desk/reports/site-history/")
    visitor.page.locator("template[data-chooser][data-started]").first.wait_for(state="attached")
