"""What we stand for, in public: the list by topic, a position with its history, and the same in feeds, search and sharing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.generation import generation
from gensvar.core.models import Topic
from gensvar.people.tests.factories import user_of
from gensvar.publishing.positions import services
from gensvar.publishing.tests.positions_scene import TITLE, change, stand, withdraw, written
from gensvar.publishing.tests.posts_scene import Paper
from gensvar.square.tests import scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


def snow() -> Topic:
    return Topic.objects.create(slug="sno", name="Snö", name_en="Snow")


def test_a_position_says_what_holds_since_when_why_and_everything_before_it(
    client: Client, paper: Paper
) -> None:
    position = stand(paper, snow(), text="Vi plogar inom ett dygn.")
    change(paper, position, text="Vi plogar inom tolv timmar.", reason="Många frågade efter det.")
    response = client.get(f"/vi-star-for/{position.slug}")
    page = response.content.decode()
    assert "Gäller sedan" in page
    assert "Många frågade efter det." in page
    assert "Kim Ek" in page
    assert "ett dygn" in page[page.index("<del>") : page.index("</del>")]
    assert "[borttaget: " in page
    assert "Vi plogar inom ett dygn." in page[page.index("Hela lydelsen") :]
    assert f'href="/skriv?om=star-{position.pk}"' in page
    assert response.headers["Cache-Control"].startswith("public")
    assert not response.cookies
    assert TITLE in client.get(f"/skriv?om=star-{position.pk}").content.decode()


def test_hostile_words_are_words(client: Client, paper: Paper) -> None:
    position = stand(paper, text="Förut. <script>alert(1)</script>", title="<b>Snö</b> {{ 7 }}")
    change(paper, position, text='Nu. <img src=x onerror="alert(2)"> </ins></del>')
    for address in ("/", "/vi-star-for", f"/vi-star-for/{position.slug}", "/sok?q=nu", "/folj/alla.atom"):
        page = client.get(address).content.decode()
        for words in ("<script>alert", "<img src=x", "<b>Snö", "</ins></del>"):
            assert words not in page, address


def test_the_list_goes_by_topic_and_a_topic_page_by_page(client: Client, paper: Paper) -> None:
    assert "Här står inget än" in client.get("/vi-star-for").content.decode()
    make_contact_point(paper.function, address="kommun@norrvik.example")
    assert 'href="/vi-star-for"' not in client.get("/om").content.decode()
    topic = snow()
    for number in range(26):
        stand(paper, topic, title=f"Nummer {number}")
    stand(paper, title="Om annat")
    page = client.get("/vi-star-for").content.decode()
    assert page.count('class="card"') == 7
    assert "Alla 26 om Snö" in page
    assert 'href="/vi-star-for"' in client.get("/om").content.decode()
    first = client.get("/vi-star-for?amne=sno").content.decode()
    assert first.count('class="card"') == 24
    start = first.index('href="/vi-star-for?amne=sno&amp;fore=') + 6
    rest = client.get(first[start : first.index('"', start)].replace("&amp;", "&")).content.decode()
    assert rest.count('class="card"') == 2
    assert client.get("/vi-star-for?amne=-").content.decode().count('class="card"') == 1
    for strange in ("?amne=finns-inte", "?amne=%00", "/finns-inte"):
        assert client.get(f"/vi-star-for{strange}").status_code in {200, 404}


def test_what_was_withdrawn_says_so_and_stays(client: Client, paper: Paper) -> None:
    position = stand(paper, snow())
    withdraw(paper, position, "Vi tänkte fel.")
    response = client.get(f"/vi-star-for/{position.slug}")
    assert response.status_code == 200
    for words in ("Det här står vi inte för längre", "Vi tänkte fel.", "Villagatorna plogas"):
        assert words in response.content.decode()
    assert "tillbakadraget" in client.get("/vi-star-for").content.decode()


def test_the_english_side_shows_swedish_words_as_such(client: Client, paper: Paper) -> None:
    position = stand(paper)
    assert (
        f'<h1 dir="auto" lang="sv">{TITLE}</h1>'
        in client.get(f"/en/vi-star-for/{position.slug}").content.decode()
    )
    change(paper, position, text="Ny.", title_en="How fast do we plough?", text_en="Within a day.")
    page = client.get(f"/en/vi-star-for/{position.slug}").content.decode()
    assert '<h1 dir="auto">How fast do we plough?</h1>' in page
    assert 'class="compared" dir="auto" lang="sv"' in page


def test_feeds_search_topic_page_and_short_link_lead_to_it(client: Client, paper: Paper) -> None:
    position = stand(paper, snow())
    address = f"/vi-star-for/{position.slug}"
    (item,) = client.get("/folj/amne/sno.json").json()["items"]
    assert item["url"].endswith(address)
    change(paper, position, text="Hästarna drar.")
    (again,) = client.get("/folj/alla.json").json()["items"]
    assert again["id"] != item["id"]
    for page in ("/", "/amne/sno", "/sok?q=häst", "/sok?q=villagata"):
        assert f'href="{address}"' in client.get(page).content.decode(), page
    page = client.get(address).content.decode()
    short = page[page.index("/k/") :].partition('"')[0]
    assert client.get(short)["Location"] == address
    assert client.get(f"/dela/fediversum?om=star-{position.pk}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_draft_makes_no_page_anew_and_every_decision_does() -> None:
    paper = Paper.make()
    before = generation().number
    draft = services.begin(written(paper), paper.function, [], by=paper.editor)
    assert generation().number == before
    position = services.decide(draft, by=paper.editor).position
    decided = generation().number
    assert decided > before
    change(paper, position, text="Ny.")
    assert generation().took_away_after(decided), "no process shows the old wording as the one that holds"
    changed = generation().number
    coming = services.write(position, written(paper, text="Sedan."), by=paper.editor)
    assert generation().number == changed
    services.decide(coming, by=paper.editor, on=clock.today() + dt.timedelta(days=1))
    withdrawn = generation().number
    services.describe(position, paper.function, [snow().slug], by=paper.editor)
    assert generation().number > withdrawn


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_editor_writes_and_changes_and_a_resident_compares(
    open_page: Callable[..., Page], axe: Callable[..., list[Any]], live_server: Any
) -> None:
    from playwright.sync_api import expect

    town = scene.town()
    snow()
    client = Client()
    client.force_login(user_of(town.person))
    desk = open_page(base_url=live_server.url)
    desk.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    desk.goto("/desk/stallningstaganden/ny/")
    desk.get_by_label("Rubrik, som en fråga eller en mening").fill("Hur fort plogar vi?")
    desk.get_by_label("Vad vi står för", exact=True).or_(desk.locator("#id_text")).first.fill(
        "Inom ett dygn."
    )
    desk.get_by_role("button", name="Spara utkastet").click()
    expect(desk.get_by_text("Utkastet är sparat.")).to_be_visible()
    assert axe(desk) == []
    desk.get_by_role("button", name="Låt det gälla").click()
    expect(desk.get_by_text("Det här står vi för offentligt.")).to_be_visible()
    desk.get_by_role("link", name="Skriv en ny lydelse").click()
    desk.locator("#id_text").fill("Inom tolv timmar.")
    desk.locator("#id_reason").fill("Många frågade.")
    desk.get_by_role("button", name="Se vad som ändras").click()
    expect(desk.locator("#preview ins")).to_contain_text("tolv timmar")
    assert axe(desk) == []
    desk.get_by_role("button", name="Spara utkastet").click()
    expect(desk.locator("ins")).to_contain_text("tolv timmar")
    desk.get_by_role("button", name="Låt det gälla").click()
    expect(desk.get_by_text("Det här står vi för från och med nu.")).to_be_visible()

    public = open_page(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    public.goto("/om")
    public.get_by_role("contentinfo").get_by_role("link", name="Det här står vi för").click()
    public.get_by_role("link", name="Hur fort plogar vi?").click()
    expect(public.locator(".position__now")).to_contain_text("Inom tolv timmar.")
    expect(public.locator("del")).to_contain_text("ett dygn")
    expect(public.get_by_text("Inom ett dygn.", exact=True)).to_be_visible()
