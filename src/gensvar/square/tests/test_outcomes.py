""" "You said, we did" as readers meet it: list, page, front page, feeds, search, sharing, letters; and kept pages that follow."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.learning import services, ties
from gensvar.learning.models import Outcome
from gensvar.learning.tests.scene import DONE, SAID, Town
from gensvar.people.tests.factories import make_function
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink
from gensvar.publishing.newsletters.models import ToldEntry
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage
from gensvar.square.tests import letters_scene
from gensvar.square.tests.test_feeds import read

pytestmark = pytest.mark.django_db

LIST = "/ni-sade-vi-gjorde"


def address(outcome: Outcome) -> str:
    return f"{LIST}/{outcome.pk}-{outcome.slug}"


def test_the_page_tells_what_was_said_what_was_done_by_whom_and_what_led_to_it(
    client: Client, town: Town
) -> None:
    staged = stage()
    exchange = staged.publish()
    topic = Topic.objects.create(slug="ljus", name="Ljus", name_en="Light")
    outcome = town.published(town.wrote(), status="planned", words="Vi planerar.")
    services.save_topics(outcome, ["ljus"], by=town.editor)
    ties.tie(outcome, staged.conversation, by=town.user(town.bo))
    with clock.moved(dt.timedelta(days=1)):
        town.goes_on(outcome, DONE, day=clock.today())
    page = client.get(address(outcome)).content.decode().partition("<main")[2]
    assert page.index(SAID) < page.index(DONE) < page.index("Vi planerar.")
    for words in (
        "Klart",
        "Planerat",
        "Kim Ek",
        "gatuingenjör",
        "Gata &amp; park",
        "Och ett samtal till med oss",
    ):
        assert words in page
    assert f'href="/fragor/{exchange.number}-{exchange.slug}"' in page
    assert f'href="/skriv?om=gjort-{outcome.pk}"' in page
    assert f'href="/amne/{topic.slug}"' in page
    assert "plogad" not in page, "no word of a conversation that is not public"
    english = client.get(f"/en{address(outcome)}").content.decode()
    assert "You said, we did" in english
    assert f'lang="sv">{SAID}' in english
    own = client.get(f"/fragor/{exchange.number}-{exchange.slug}").content.decode()
    assert "Det här ledde till" in own
    assert f'href="{address(outcome)}"' in own


def test_a_post_tells_what_it_led_to(client: Client, town: Town) -> None:
    paper = Paper.make()
    post = draft(paper)
    posts.publish(post, by=paper.editor)
    outcome = town.published()
    ties.tie_post(outcome, post, by=town.user())
    page = client.get(f"/nytt/{post.first_published_at.year}/{post.slug}").content.decode()
    assert f'href="{address(outcome)}"' in page


def test_other_addresses_lead_to_its_own_and_a_withdrawn_one_says_so(client: Client, town: Town) -> None:
    outcome = town.published()
    for other in (f"{LIST}/{outcome.pk}", f"{LIST}/{outcome.pk}-annat"):
        answer = client.get(other)
        assert (answer.status_code, answer["Location"]) == (301, address(outcome))
    assert client.get(f"{LIST}/999999-x").status_code == 404
    assert client.get(f"{LIST}/{'9' * 18}-x").status_code == 404
    assert client.get(f"{LIST}/").status_code == 301
    proposed = town.outcome(title="Bara ett förslag")
    assert client.get(f"{LIST}/{proposed.pk}-{proposed.slug}").status_code == 404
    services.withdraw(outcome, "Hemlig orsak", by=town.editor)
    gone = client.get(address(outcome))
    assert gone.status_code == 410
    assert "Hemlig orsak" not in gone.content.decode()
    assert SAID not in gone.content.decode()


def test_the_list_is_narrowed_by_topic_and_hostile_keys_show_the_beginning(
    client: Client, town: Town
) -> None:
    topic = Topic.objects.create(slug="ljus", name="Ljus")
    town.published(title="Utan ämne")
    lit = town.published(title="Med ämne")
    lit.topics.add(topic)
    page = client.get(LIST).content.decode()
    assert page.index("Med ämne") < page.index("Utan ämne")
    narrowed = client.get(LIST, {"amne": "ljus"}).content.decode()
    assert "Med ämne" in narrowed
    assert "Utan ämne" not in narrowed
    assert client.get(LIST, {"amne": "finns-inte"})["Location"] == LIST
    for strange in ("x", "1~", "9" * 30 + "~1", "\0", "1'~1;--"):
        assert client.get(LIST, {"fore": strange}).content.decode().count('class="card"') == 2


def test_the_way_there_stands_in_the_menu_only_where_there_is_something(client: Client, town: Town) -> None:
    assert f'href="{LIST}"' not in client.get("/om").content.decode()
    empty = client.get(LIST).content.decode()
    assert "Här står inget ännu" in empty or "inget" in empty.lower()
    outcome = town.published()
    assert f'href="{LIST}"' in client.get("/om").content.decode()
    services.withdraw(outcome, "Fel", by=town.editor)
    assert f'href="{LIST}"' not in client.get("/om").content.decode()


def test_the_front_page_mixes_posts_answers_and_outcomes_newest_change_first(
    client: Client, town: Town
) -> None:
    outcome = town.published()
    with clock.moved(dt.timedelta(hours=1)):
        staged = stage()
        staged.publish()
    paper = Paper.make()
    with clock.moved(dt.timedelta(hours=2)):
        post = draft(paper)
        posts.publish(post, by=paper.editor)

    def order() -> list[str]:
        page = client.get("/").content.decode()
        return re.findall(r'card__title"><a href="/(fragor|nytt|ni-sade-vi-gjorde)/', page)

    assert order() == ["nytt", "fragor", "ni-sade-vi-gjorde"]
    with clock.moved(dt.timedelta(hours=3)):
        town.goes_on(outcome)
    assert order() == ["ni-sade-vi-gjorde", "nytt", "fragor"]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_strict_reader_finds_each_step_as_news_of_its_own(client: Client, town: Town, form: str) -> None:
    topic = Topic.objects.create(slug="ljus", name="Ljus")
    outcome = town.published(words="Sex <b>nya</b> & ljusa.\x0b")
    outcome.topics.add(topic)
    streams = ("alla", f"funktion/{town.streets.slug}", "amne/ljus", f"person/{town.kim.pk}-kim-ek")
    first = [read(client, f"/folj/{one}.{form}").entries[0] for one in streams]
    assert {one.title for one in first} == {"Ljusare gångväg"}
    assert first[0].author == "Kim Ek"
    assert first[0].link.endswith(address(outcome))
    whole = first[0].content[0].value if form == "atom" else first[0].summary
    assert SAID in whole
    assert "&lt;b&gt;nya&lt;/b&gt; &amp; ljusa." in whole
    town.goes_on(outcome)
    second = read(client, f"/folj/alla.{form}").entries
    assert len(second) == 1
    assert second[0].id != first[0].id
    services.withdraw(outcome, "Fel", by=town.editor)
    assert read(client, f"/folj/alla.{form}").entries == []


def test_json_feed_tells_it_as_text_too(client: Client, town: Town) -> None:
    town.published()
    (item,) = client.get("/en/folj/alla.json").json()["items"]
    assert item["content_text"] == f"You said: {SAID}\n\nDone: {DONE}"
    assert item["language"] == "sv"


def test_search_shows_it_with_the_words_marked(client: Client, town: Town) -> None:
    outcome = town.published(words="Vi satte upp lyktor & <b>stolpar</b>.")
    page = client.get("/sok", {"q": "lyktorna"}).content.decode()
    assert "Det blev av ”lyktorna”" in page
    assert f'href="{address(outcome)}"' in page
    assert "<mark>lyktor</mark> &amp; &lt;b&gt;stolpar&lt;/b&gt;" in page
    assert "Ännu inget om" not in page
    services.withdraw(outcome, "Fel", by=town.editor)
    assert "Ännu inget om" in client.get("/sok", {"q": "lyktorna"}).content.decode()


def test_it_has_a_short_link_that_ends_with_it(client: Client, town: Town) -> None:
    outcome = town.published()
    code = short_links.code_of(ShortLink.Kind.OUTCOME, str(outcome.pk))
    assert f"/k/{code}" in client.get(address(outcome)).content.decode()
    assert client.get(f"/k/{code}")["Location"] == address(outcome)
    assert client.get(f"/dela/fediversum?om=gjort-{outcome.pk}").status_code == 200
    services.withdraw(outcome, "Fel", by=town.editor)
    assert client.get(f"/k/{code}").status_code == 410
    assert client.get(f"/dela/fediversum?om=gjort-{outcome.pk}").status_code == 404
    for strange in ("gjort-", "gjort-x", "gjort-" + "9" * 30, "gjort-\0"):
        assert client.get("/dela/fediversum", {"om": strange}).status_code == 404


def test_a_question_about_it_begins_with_its_name(client: Client, town: Town) -> None:
    outcome = town.published()
    page = client.get("/skriv", {"om": f"gjort-{outcome.pk}"}).content.decode()
    assert f'href="{address(outcome)}"' in page
    assert "Om: Ljusare gångväg" in page
    assert "Ljusare" not in client.get("/skriv", {"om": "gjort-99999"}).content.decode()


def test_subscribers_get_each_step_once_and_nothing_withdrawn(
    client: Client, town: Town, settings: Any
) -> None:
    sink = town.sink
    settings.GENSVAR_MAIL_OUT = sink.url
    make_contact_point(make_function("Kansli"), address="kommun@norrvik.example")
    letters_scene.follow(client, sink)
    sink.taken.clear()
    outcome = town.published()
    for _minute in range(2):
        letters_scene.work()
    assert [one.mail["Subject"] for one in sink.taken] == ["Ljusare gångväg"]
    assert DONE in sink.taken[0].text
    assert address(outcome) in sink.taken[0].text
    with clock.moved(dt.timedelta(minutes=1)):
        town.goes_on(outcome, "Två till.")
        for _minute in range(2):
            letters_scene.work()
    assert len(sink.taken) == 2
    assert "Två till." in sink.taken[1].text
    assert ToldEntry.objects.filter(kind=3).count() == 2


def test_a_letter_says_where_it_stands_in_the_language_of_its_reader(
    client: Client, town: Town, settings: Any
) -> None:
    settings.GENSVAR_MAIL_OUT = town.sink.url
    make_contact_point(make_function("Kansli"), address="kommun@norrvik.example")
    letters_scene.follow(client, town.sink, language="en")
    with clock.moved(dt.timedelta(minutes=5)):
        town.published()
        letters_scene.work()
    (letter,) = town.sink.to(letters_scene.MAYA)
    assert f"Done: {DONE}" in letter.text
    html = letter.mail.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert f'Done: <span lang="sv">{DONE}</span>' in html


def test_a_headline_with_a_low_line_has_an_address_and_breaks_no_page(client: Client, town: Town) -> None:
    outcome = town.published(title="Registret p_plats är öppet")
    assert "_" in outcome.slug
    for path in ("/", "/ni-sade-vi-gjorde", address(outcome)):
        assert client.get(path).status_code == 200, path
