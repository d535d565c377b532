"""Following one question: each answer and comment as it is shown, by feed and by mail, and nothing when it is withdrawn."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import feedparser
import pytest
from django.test import Client
from playwright.sync_api import expect

from gensvar.answers.models import Delivery
from gensvar.answers.tests.sink import Sink
from gensvar.conversations import services as conversations
from gensvar.core import clock, runner
from gensvar.core.recurring import TimeCame
from gensvar.publishing import entries, following, services
from gensvar.publishing.comments import gate as comments
from gensvar.publishing.comments import moderation
from gensvar.publishing.models import PublicText
from gensvar.publishing.newsletters import due
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft, home
from gensvar.publishing.tests.scene import stage as another
from gensvar.square import guards
from gensvar.square.tests import comments_scene as stage
from gensvar.square.tests import scene
from gensvar.square.tests.comments_scene import SANDBOX, Commented, ground, shown
from gensvar.square.tests.judging import judge

pytestmark = pytest.mark.django_db

MAYA = "maja@post.example"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server of the others."""
    with Sink() as server:
        settings.GENSVAR_MAIL_OUT = server.url
        yield server


def feed_of(commented: Commented, form: str = "atom") -> str:
    return f"/folj/fraga/{commented.exchange.number}.{form}"


def read(address: str) -> list[Any]:
    """The entries as a strict reader finds them."""
    response = Client().get(address)
    assert response.status_code == 200
    found = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not found.bozo, found.get("bozo_exception")
    return list(found.entries)


def answered(commented: Commented, text: str = SANDBOX) -> Any:
    """A comment that is shown, with our answer below it."""
    one = shown(commented, text)
    writer = stage.letters.writer_of(one.message)
    assert writer is not None
    said = scene.answer(commented.town, writer, "Sanden kommer på fredag.")
    moderation.show_answer(one, said, said.text, by=commented.town.staff)
    return one


def answer_again(commented: Commented, text: str = "Nu är det plogat.") -> PublicText:
    """One more answer of ours, shown below the others."""
    participant = commented.exchange.conversation.participants.first()
    assert participant is not None
    scene.answer(commented.town, participant, text)
    services.prepare(commented.exchange.conversation, by=commented.town.staff)
    row = PublicText.objects.latest("pk")
    assert row.text == text
    services.approve(row, by=commented.town.staff)
    return row


# --- Feeds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_each_word_and_comment_is_an_entry_and_leads_to_its_place_on_the_page(
    commented: Commented, form: str
) -> None:
    answered(commented)
    found = read(feed_of(commented, form))
    assert [one.title.partition(":")[0] for one in found] == [
        "Vårt svar på en kommentar",
        "En kommentar",
        "Svaret",
        "Frågan",
    ]
    page = stage.page(commented)
    for one in found:
        address, _mark, anchor = one.link.partition("#")
        assert address.endswith(commented.page)
        assert f'id="{anchor}"' in page
    assert found[1].author == "Bea"
    assert len({one.id for one in found}) == 4
    assert stage.BEA not in str(found)
    assert Client().get(f"{commented.page}")["Cache-Control"].startswith("public")


def test_json_says_the_same_and_the_page_leads_to_all_of_it(commented: Commented) -> None:
    answered(commented, "When is the sand coming to the box?")
    items = Client().get(f"/en{feed_of(commented, 'json')}").json()
    assert [one["id"] for one in items["items"]] == [one.id for one in read(f"/en{feed_of(commented)}")]
    assert [one["title"].partition(":")[0] for one in items["items"]][:2] == [
        "Our answer to a comment",
        "A comment",
    ]
    assert [one["language"] for one in items["items"]][:2] == ["sv", "en"]
    page = stage.page(commented)
    assert f'href="{feed_of(commented)}"' in page
    way = f"/folj/fraga/{commented.exchange.number}"
    assert f'href="{way}"' in page
    ways = Client().get(way).content.decode()
    assert all(f"{way}.{form}" in ways for form in ("atom", "rss", "json"))
    assert f'href="/folj/brev?om=fraga-{commented.exchange.number}"' in ways


def test_what_may_not_be_seen_any_more_is_in_no_feed(commented: Commented) -> None:
    one = answered(commented)
    places = {entry.kind: entry.place for entry in followed(commented)}
    assert set(places) == following.KINDS
    assert all(entries.is_shown(kind, place) for kind, place in places.items())
    moderation.remove(one, ground(), "", by=commented.town.staff)
    assert {entry.kind for entry in followed(commented)} == {following.WORD}
    assert not entries.is_shown(following.COMMENT, places[following.COMMENT])
    assert not entries.is_shown(following.ANSWER, places[following.ANSWER])
    later = answer_again(commented)
    assert len(followed(commented)) == 3
    services.unapprove(later, by=commented.town.staff)
    assert len(followed(commented)) == 2
    assert not entries.is_shown(following.WORD, later.pk)
    conversations.set_may_publish(commented.exchange.conversation.messages.earliest("pk"), False)
    assert followed(commented) == ()


def followed(commented: Commented) -> tuple[entries.Entry, ...]:
    return entries.page("sv", which=entries.Narrowing(exchange=commented.exchange.number)).entries


def test_a_withdrawn_question_is_gone_from_every_way_to_follow_it_and_comes_back(
    commented: Commented,
) -> None:
    ways = [feed_of(commented, form) for form in ("atom", "rss", "json")]
    ways.append(f"/folj/fraga/{commented.exchange.number}")
    services.withdraw(commented.exchange, "Önskan", by=commented.town.staff)
    for way in (*ways, commented.page):
        response = Client().get(way)
        assert response.status_code == 410
        assert "I kväll." not in response.content.decode()
    services.publish(commented.exchange, by=commented.town.staff)
    assert {Client().get(way).status_code for way in ways} == {200}
    for nobodys in ("2026-999999", "x", "2026-1-x"):
        assert Client().get(f"/folj/fraga/{nobodys}.atom").status_code == 404
    assert Client().get("/folj/fraga/2026-999999").status_code == 404


def test_the_hub_is_not_named_for_one_question(commented: Commented, settings: Any) -> None:
    settings.GENSVAR_WEBSUB_HUB = "https://hub.example/"
    for form in ("atom", "rss", "json"):
        response = Client().get(feed_of(commented, form))
        assert "hub.example" not in response.content.decode()
        assert "Link" not in response.headers


def test_pages_of_a_followed_question_turn_by_key(commented: Commented, settings: Any) -> None:
    settings.GENSVAR_COMMENTS = "after"
    for number in range(3):
        shown(commented, f"Kommentar {number}", email=f"bea{number}@post.example")
    which = entries.Narrowing(exchange=commented.exchange.number)
    seen, before = [], None
    for _ in range(3):
        page = entries.page("sv", before, 2, which)
        seen += [one.key for one in page.entries]
        before = page.next
    assert before is None
    assert seen == [one.key for one in followed(commented)]
    assert len(set(seen)) == 5


def test_a_comment_on_a_later_page_of_a_long_thread_is_led_to_there(
    commented: Commented, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GENSVAR_COMMENTS = "after"
    first = shown(commented, "Först")
    answered(commented, "Sist")
    shown(commented, "Ett svar", reply_to=str(first.pk), email="cia@post.example")
    monkeypatch.setattr(comments, "PAGE", 1)
    told = {entry.further.word.text: entry.further.path for entry in followed(commented)}  # type: ignore[union-attr]
    for text, page in (("Först", ""), ("Ett svar", ""), ("Sist", "2"), ("Sanden kommer på fredag.", "2")):
        address, _mark, anchor = told[text].partition("#")
        assert address == commented.page + (f"?kommentarer={page}" if page else "")
        assert f'id="{anchor}"' in Client().get(address).content.decode()


def test_the_feed_costs_the_same_however_much_is_said(
    commented: Commented, settings: Any, django_assert_num_queries: Callable[[int], Any]
) -> None:
    settings.GENSVAR_COMMENTS = "after"
    answered(commented)
    client = Client()
    for number in range(2):
        shown(commented, f"Kommentar {number}", email=f"bea{number}@post.example")
        client.get(feed_of(commented))
        with django_assert_num_queries(12):
            client.get(feed_of(commented))


# --- Letters ----------------------------------------------------------------------------------------


def letters_now(minutes: int) -> None:
    """What the worker does then."""
    with clock.moved(dt.timedelta(minutes=minutes)):
        due.write_letters(TimeCame("newsletters.write_letters", 60))
        runner.run_waiting()


def follow(commented: Commented, sink: Sink) -> None:
    """Maya asks on the page of the question, opens the mail, confirms."""
    form = Client().get(f"/folj/brev?om=fraga-{commented.exchange.number}").content.decode()
    assert re.search(rf'value="fraga-{commented.exchange.number}" id="[^"]+" checked', form)
    data = {
        "form": guards.new_form_id(),
        "address": MAYA,
        "stream": [f"fraga-{commented.exchange.number}"],
        "pace": "each",
    }
    assert Client().post("/folj/brev", data).status_code == 303
    runner.run_waiting()
    (mail,) = sink.to(MAYA)
    sink.taken.clear()
    link = re.search(r"/folj/brev/bekrafta/\S+", mail.text)
    assert link is not None
    assert commented.exchange.title in Client().get(link[0]).content.decode()
    own = Client().post(link[0])["Location"]
    assert commented.exchange.title in Client().get(own).content.decode()


def test_who_follows_by_mail_hears_of_what_is_said_there_once_and_of_nothing_else(
    commented: Commented, sink: Sink
) -> None:
    follow(commented, sink)
    letters_now(1)
    assert sink.to(MAYA) == [], "what was there before is not told"
    with clock.moved(dt.timedelta(minutes=5)):
        answered(commented)
        answer_again(commented)
        another(question="När öppnar badet?").publish()
    letters_now(6)
    letters_now(7)
    (mail,) = sink.to(MAYA)
    for words in (SANDBOX, "Sanden kommer på fredag.", "Nu är det plogat.", f"{commented.page}#kommentar-"):
        assert words in mail.text
    assert "badet" not in mail.text
    assert stage.BEA not in mail.text
    with clock.moved(dt.timedelta(days=20)):
        text = PublicText.objects.filter(exchange=commented.exchange, text="Nu är det plogat.").get()
        services.save_text(text, "Nu är det plogat överallt.", by=commented.town.staff)
        services.approve(text, by=commented.town.staff)
    letters_now(20 * 24 * 60 + 5)
    assert len(sink.to(MAYA)) == 1, "what is mended long after is shown anew, and no news"


def test_of_a_withdrawn_question_nothing_more_is_mailed_not_even_what_waits(
    commented: Commented, sink: Sink
) -> None:
    follow(commented, sink)
    sink.greylists = True
    with clock.moved(dt.timedelta(minutes=5)):
        answer_again(commented)
    letters_now(6)
    assert Delivery.objects.get(letter__asks=False).state == Delivery.State.DELAYED
    with clock.moved(dt.timedelta(minutes=7)):
        services.withdraw(commented.exchange, "Önskan", by=commented.town.staff)
    sink.greylists = False
    for minutes in (40, 41, 90):
        letters_now(minutes)
    assert sink.to(MAYA) == []
    form = Client().get(f"/folj/brev?om=fraga-{commented.exchange.number}").content.decode()
    assert commented.exchange.title not in form


# --- By links -----------------------------------------------------------------------------------------


def linked(page: str, words: str) -> str:
    """The page behind the link with these words."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>\s*{words}\s*</a>', page)
    assert found, words
    return Client().get(html.unescape(found[1])).content.decode()


def test_search_and_following_lead_on_by_links(commented: Commented) -> None:
    paper = Paper.make()
    posts.publish(
        draft(paper, "Så plogar vi gatorna", body=[("text", "<p>Sju traktorer kör.</p>")]), by=paper.editor
    )
    found = linked(Client().get("/sok?q=trakotrer").content.decode(), "traktorer")
    assert "<h1" in linked(found, "Så plogar vi gatorna")
    form = linked(linked(stage.page(commented), "Följ den här frågan"), "Följ med mejl")
    name = f"fraga-{commented.exchange.number}"
    assert re.search(rf'value="{name}" id="[^"]+" checked', form)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_post_and_its_translation_name_each_other_for_everyone(
    open_page: Callable[..., Any], live_server: Any
) -> None:
    paper = Paper.make()
    post = draft(paper, "Så plogar vi gatorna", body=[("text", "<p>Sju traktorer kör.</p>")])
    posts.publish(post, by=paper.editor)
    english = post.copy_for_translation(home("en").locale)
    english.title, english.slug = "How we clear the streets", "clearing"
    posts.publish(english, by=paper.editor)
    page = open_page(base_url=live_server.url)
    page.goto(f"/nytt/{clock.today().year}/{post.slug}")
    assert judge(page) == []
    page.locator("article").get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How we clear the streets")
