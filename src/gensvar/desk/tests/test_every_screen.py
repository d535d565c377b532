"""Every screen of the menu, in a real browser, by a role that has it: axe-core, a phone's width, no complaint of the console."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gensvar.contactpoints.outside_logins.models import OutsideLogin
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.outside.fetching import Seen
from gensvar.core.playbooks import file
from gensvar.core.playbooks import services as playbooks
from gensvar.core.playbooks.plan import plan_of
from gensvar.core.roles import Role
from gensvar.desk.menu import SCREENS, screens_of
from gensvar.desk.tests.scene import Town, make_town
from gensvar.people.tests.factories import make_person, user_of
from gensvar.publishing import short_links
from gensvar.publishing.links import dead_ends, gathering, looking
from gensvar.publishing.links.models import LinkUse, OutsideLink
from gensvar.publishing.models import ShortLink
from gensvar.routing.alarms.keeping import keep
from tests.browser import no_wider_than

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.browser import Violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
# What comes from Wagtail's own listing, by rule and element; nothing else is excused.
WAGTAIL = {
    ("label-content-name-mismatch", 'a[data-w-tooltip-content-value="Synlig för alla"]'),
}
ADDRESS = "https://social.example/@norrvik"


def links_of(town: Town) -> list[str]:
    """A place's link that answers no more, and a short link that leads nowhere; gives the screens that show them."""
    place = make_contact_point(town.office, channel="elsewhere", address=ADDRESS, archiving="E-arkivet")
    gathering.keep({(place.page, LinkUse.Kind.PLACE.value, str(place.pk))})
    link = OutsideLink.objects.get()
    for day in range(5):
        with clock.moved(dt.timedelta(days=day)):
            looking.settle(link.pk, looking.understood(Seen(ADDRESS, 404)))
    short_links.make(ShortLink.Kind.PLACE, "9999", by=None)
    dead_ends.keep(dead_ends.find())
    return [
        f"/desk/lankar/{link.pk}/",
        "/desk/lankar/?list=all",
        "/desk/lankar/?list=short",
    ]


def playbooks_of(town: Town) -> list[str]:
    """A file that came with something new, something else and something impossible, and one that was taken in."""
    Topic.objects.create(slug="sno", name="Snö")
    point = {
        "channel": "pigeon",
        "name": "Brev",
        "number": 1,
        "function": town.streets.slug,
        "languages": "sv",
    }
    rows = [{"slug": "sno", "name": "Vinter"}, {"slug": "bad", "name": "Bad", "name_en": "Baths"}]
    data = file.write("Söderby", {"topics": rows, "contact_points": [point]})
    by = town.user(Role.ADMINISTRATOR)
    done, waiting = playbooks.bring(data, by=by), playbooks.bring(data, by=by)
    playbooks.take(done, ["topics/bad"], plan_of(file.read(data), by).mark, by=by)
    return [f"/desk/spelbocker/{one.pk}/" for one in (done, waiting)]


def login_of(town: Town) -> int:
    """A log-in outside that somebody still knows who has left, so that it says the most that one can."""
    login = OutsideLogin.objects.create(name="Turistbyråns konto hos Kartfolket")
    left = make_person("Axel Gran", email="axel@norrvik.example")
    login.known_by.set([town.by_role[Role.COORDINATOR], left])
    return login.pk


def test_everyone_can_use_every_screen_of_the_menu(
    open_page: Callable[..., Page], live_server: LiveServer, axe: Callable[[Page], list[Violation]]
) -> None:
    town = make_town()
    assert keep(), "no alarm stands on the inbox"
    more = {
        "/desk/lankar/": links_of(town),
        "/desk/spelbocker/": playbooks_of(town),
        "/desk/inloggningar-utanfor/": [f"/desk/inloggningar-utanfor/{login_of(town)}/"],
        "/desk/franvaro/vilka/": [f"/desk/franvaro/vilka/{town.kim.pk}/"],
    }
    found, complaints, seen = [], [], set[str]()
    for role in Role:
        user = user_of(town.by_role[role])
        new = [screen.url for screen in screens_of(user) if screen.url not in seen]
        seen.update(new)
        page = open_page(base_url=live_server.url, viewport=PHONE, reduced_motion="reduce")
        client = Client()
        client.force_login(user)
        key = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for address in [*new, *(one for screen in new for one in more.get(screen, ()))]:
            answer = page.goto(address)
            assert answer is not None, address
            assert answer.ok, address
            no_wider_than(page, PHONE["width"])
            found += [
                (address, one.scheme, one.rule, one.element, one.html[:200])
                for one in axe(page)
                if (one.rule, one.element) not in WAGTAIL
            ]
    assert seen == {screen.url for screen in SCREENS}
    assert found == []
    assert complaints == []
