"""Following by mail: asked for twice, told once, ended by one click; through a real mail server, on a moved clock."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from gensvar.answers.events import DeliveryQueued
from gensvar.answers.models import Delivery
from gensvar.answers.tests.sink import Sink
from gensvar.core import clock, runner
from gensvar.core.models import AuditEntry, Event, Topic
from gensvar.core.recurring import TimeCame
from gensvar.people.tests.factories import make_function
from gensvar.publishing import services
from gensvar.publishing.newsletters import due, letters
from gensvar.publishing.newsletters import services as newsletters
from gensvar.publishing.newsletters.models import Subscriber, ToldEntry
from gensvar.publishing.newsletters.times import next_time
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.wordpress.exports import export, item
from gensvar.publishing.wordpress import importing as wordpress
from gensvar.publishing.wordpress.making import Choices
from gensvar.square import guards
from gensvar.square.tests.letters_scene import MAYA, ask, follow, link_in, published, work

pytestmark = pytest.mark.django_db


def test_nothing_is_sent_before_the_mailbox_itself_has_confirmed_it(client: Client, sink: Sink) -> None:
    answer = ask(client)
    assert (answer.status_code, answer["Location"]) == (303, "/folj/brev/skickat")
    assert client.get("/folj/brev/skickat").status_code == 200
    runner.run_waiting()
    published()
    work()
    (mail,) = sink.to(MAYA)
    confirm = link_in(mail.text, "bekrafta/")
    assert MAYA not in mail.text
    assert client.get(confirm).status_code == 200
    assert Subscriber.objects.get().confirmed_at is None, "a machine that opens links confirms nothing"
    own = client.post(confirm)
    assert "Tack. Breven börjar" in client.get(own["Location"]).content.decode()
    work()
    assert len(sink.to(MAYA)) == 1, "what was there before is not told"
    with clock.moved(dt.timedelta(minutes=5)):
        published()
        work()
        work()
    assert len(sink.to(MAYA)) == 2
    queued = Event.objects.filter(fact=DeliveryQueued.name).order_by("pk")
    lanes = {row.payload["delivery_id"]: row.lane for row in queued}
    news = Delivery.objects.filter(kind="news").order_by("pk").values_list("pk", flat=True)
    assert [lanes[pk] for pk in news] == [Event.Lane.NETWORK, Event.Lane.LATER], "nobody waits for a letter"


def test_a_letter_is_text_and_html_and_can_be_ended_with_one_click(client: Client, sink: Sink) -> None:
    subscriber = follow(client, sink)
    with clock.moved(dt.timedelta(minutes=5)):
        staged = published()
        work()
    (mail,) = sink.to(MAYA)
    assert mail.mail["Subject"] == "Snö på Storgatan"
    assert mail.mail.get_content_type() == "multipart/alternative"
    assert f"/fragor/{staged.conversation.number}-" in mail.text
    html = mail.mail.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert f"/fragor/{staged.conversation.number}-" in html
    assert "<span" not in html  # all of it is in the language of the letter
    assert mail.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.mail["Auto-Submitted"] == "auto-generated"
    address = link_in(str(mail.mail["List-Unsubscribe"]).strip("<>"), "")
    assert client.get(address).status_code == 200
    stranger = Client(enforce_csrf_checks=True)
    outside = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
    answer = stranger.post(address, {"List-Unsubscribe": "One-Click"}, headers=outside)
    assert answer.status_code == 200
    subscriber.refresh_from_db()
    assert (subscriber.address, subscriber.ended_why) == ("", "wish")
    assert AuditEntry.objects.filter(action="newsletters.ended", target_id=str(subscriber.pk)).exists()
    kept = Delivery.objects.filter(kind="news")
    assert kept.count() == 2
    for delivery in kept:
        assert MAYA not in f"{delivery.recipient}{delivery.text}{delivery.raw!r}"
    with clock.moved(dt.timedelta(minutes=9)):
        published()
        work()
    assert len(sink.to(MAYA)) == 1


def test_an_entry_in_two_streams_is_told_once_and_not_again_when_it_comes_back(
    client: Client, sink: Sink
) -> None:
    snow = Topic.objects.create(slug="sno", name="Snö")
    published(topics=snow)
    follow(client, sink, stream=["alla", "amne-sno"])
    with clock.moved(dt.timedelta(minutes=5)):
        staged = published(topics=snow)
        exchange = staged.conversation.public_exchange
        work()
        services.withdraw(exchange, "Fel", by=staged.editor)
        services.publish(exchange, by=staged.editor)
        work()
    assert len(sink.to(MAYA)) == 1


def test_who_follows_a_topic_hears_of_it_alone_and_of_posts_too(client: Client, sink: Sink) -> None:
    snow = Topic.objects.create(slug="sno", name="Snö", name_en="Snow")
    published(topics=snow)
    follow(client, sink, stream=["amne-sno"], language="en")
    with clock.moved(dt.timedelta(minutes=5)):
        published()
        paper = Paper.make()
        written = draft(paper, "Så plogar vi")
        written.topics.add(snow)
        posts.publish(written, by=paper.editor)
        work()
    (mail,) = sink.to(MAYA)
    assert mail.mail["Subject"] == "Så plogar vi"
    html = mail.mail.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert f'<span lang="sv">{written.title}</span>' in html
    assert f'<span lang="sv">{written.lead}</span>' in html
    assert "\nKim Ek, Streets & parks\n" in mail.text
    assert "End it:" in mail.text
    assert "/en/folj/brev/" in mail.text


def test_nobody_is_told_of_what_came_home_from_an_old_blog_however_new(
    client: Client, sink: Sink, tmp_path: Path
) -> None:
    follow(client, sink)
    with clock.moved(dt.timedelta(minutes=5)):
        now = f"{clock.now():%Y-%m-%d %H:%M:%S}"
        blog = export(tmp_path / "blogg.xml", item(5, "Nyss", "Ord", slug="nyss", date_gmt=now))
        wordpress.bring_home([blog], Choices(make_function()))
        published()
        with clock.moved(dt.timedelta(minutes=10)):
            work()
    (mail,) = sink.to(MAYA)
    assert "Nyss" not in mail.text
    assert "Snö på Storgatan" in mail.text


def test_what_is_withdrawn_before_its_letter_goes_is_not_mailed_and_the_rest_is(
    client: Client, sink: Sink
) -> None:
    follow(client, sink)
    sink.greylists = True
    with clock.moved(dt.timedelta(minutes=5)):
        gone, stays = published(), published()
        work()
        assert Delivery.objects.get(letter__asks=False).state == Delivery.State.DELAYED
        services.withdraw(gone.conversation.public_exchange, "Fel", by=gone.editor)
    sink.greylists = False
    with clock.moved(dt.timedelta(minutes=30)):
        runner.run_waiting()
        assert sink.to(MAYA) == []
        work()
    (mail,) = sink.to(MAYA)
    assert stays.conversation.number in mail.text
    assert gone.conversation.number not in mail.text


def test_a_post_that_was_withdrawn_and_corrected_before_its_letter_goes_is_told_as_it_stands(
    client: Client, sink: Sink
) -> None:
    paper = Paper.make()
    follow(client, sink)
    post = draft(paper, lead="Plogen kommer i kväll.")
    posts.publish(post, by=paper.editor)
    due.write_letters(TimeCame("newsletters.write_letters", 60))
    posts.withdraw(post, "Fel dag", by=paper.editor)
    post.refresh_from_db()
    post.lead = "Plogen kommer på fredag."
    posts.publish(post, by=paper.editor)
    runner.run_waiting()
    assert sink.to(MAYA) == []
    work()
    (mail,) = sink.to(MAYA)
    assert "på fredag" in mail.text
    assert "i kväll" not in mail.text


@pytest.mark.parametrize(
    ("pace", "after", "expected"),
    [
        ("daily", "2026-03-28T08:00", "2026-03-29T07:00"),  # summer time begins that night
        ("daily", "2026-10-24T08:00", "2026-10-25T07:00"),  # and ends
        ("daily", "2026-05-04T06:59", "2026-05-04T07:00"),
        ("weekly", "2026-10-19T07:00", "2026-10-26T07:00"),
        ("weekly", "2026-03-23T12:00", "2026-03-30T07:00"),
    ],
)
def test_collected_letters_go_at_seven_by_the_towns_clock_also_when_it_is_changed(
    pace: str, after: str, expected: str
) -> None:
    zone = ZoneInfo("Europe/Stockholm")
    found = next_time(pace, dt.datetime.fromisoformat(after).replace(tzinfo=zone))
    assert found == dt.datetime.fromisoformat(expected).replace(tzinfo=zone)


@pytest.mark.parametrize("pace", ["daily", "weekly"])
def test_a_collected_letter_tells_of_all_at_its_time_and_comes_only_when_there_is_something(
    client: Client, sink: Sink, pace: str
) -> None:
    subscriber = follow(client, sink, pace=pace)
    assert subscriber.next_at is not None
    wait = subscriber.next_at - clock.now()
    with clock.moved(dt.timedelta(seconds=30)):
        numbers = [published().conversation.number for _ in range(2)]
        work()
        assert sink.to(MAYA) == []
    with clock.moved(wait + dt.timedelta(minutes=1)):
        work()
        work()
    (mail,) = sink.to(MAYA)
    assert all(number in mail.text for number in numbers)
    with clock.moved(wait + dt.timedelta(days=8)):
        work()
    assert len(sink.to(MAYA)) == 1
    subscriber.refresh_from_db()
    assert subscriber.next_at > clock.now() + wait


@pytest.mark.usefixtures("one_span")
def test_one_address_is_asked_three_times_a_day_and_one_network_ten_times(client: Client, sink: Sink) -> None:
    tagged = MAYA.replace("@", "+b@")  # the same mailbox
    for address in (MAYA, tagged, MAYA, MAYA, tagged):
        assert ask(client, address).status_code == 303
    runner.run_waiting()
    assert (len(sink.to(MAYA)), len(sink.to(tagged))) == (2, 1)
    found = [ask(client, f"maja{number}@post.example").status_code for number in range(6)]
    assert found == [303] * 5 + [422]


def test_who_asks_once_more_has_as_long_to_confirm_it_as_at_first(client: Client, sink: Sink) -> None:
    ask(client, pace="daily")
    with clock.moved(dt.timedelta(days=6, hours=20)):
        ask(client, language="en")
    with clock.moved(dt.timedelta(days=7, hours=1)):
        work()
        mail = sink.to(MAYA)[-1]
        assert "Was it you?" in mail.text, "in the language that was asked for last"
        assert client.get(link_in(mail.text, "bekrafta/")).status_code == 200
    with clock.moved(dt.timedelta(days=14)):
        work()
    assert Subscriber.objects.get().ended_why == Subscriber.Ending.SILENT


@pytest.mark.parametrize(
    "address", ["", "maja", "maja@", "a@b\r\nBcc: c@d.example", "x" * 400 + "@post.example"]
)
def test_what_is_no_address_is_said_and_nothing_is_kept(client: Client, sink: Sink, address: str) -> None:
    answer = ask(client, address)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_our_own_addresses_and_foreign_forms_get_nothing(client: Client, sink: Sink) -> None:
    assert ask(client, "kommun@norrvik.example").status_code == 303
    outside = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    data = {"form": guards.new_form_id(), "address": MAYA, "stream": "alla"}
    assert client.post("/folj/brev", data, headers=outside).status_code == 422
    assert ask(client, stream=["amne-finns-inte"]).status_code == 422
    assert not Subscriber.objects.exists()


def test_two_goes_tell_the_same_only_once(client: Client, sink: Sink) -> None:
    follow(client, sink)
    with clock.moved(dt.timedelta(minutes=5)):
        published()
        for _ in range(3):
            work()
    assert ToldEntry.objects.count() == 1
    assert len(sink.to(MAYA)) == 1


def test_follow_leads_to_the_letters_where_we_speak_by_mail(client: Client, sink: Sink) -> None:
    published(topics=Topic.objects.create(slug="sno", name="Snö"))
    page = client.get("/folj").content.decode()
    assert 'href="/folj/brev?om=amne-sno"' in page
    form = client.get("/folj/brev?om=amne-sno").content.decode()
    assert re.search(r'value="amne-sno"[^>]* checked', form)
    assert not client.get("/folj/brev").cookies


@pytest.mark.usefixtures("one_span")
def test_wishes_are_changed_so_often_from_one_network_and_ended_always(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gensvar.square.subscribing.CHANGED", 1)
    now, function = clock.now(), make_function("park")
    maya = Subscriber.objects.create(address=MAYA, pace="each", asked_at=now, confirmed_at=now)
    for scope, slug in (("alla", ""), ("funktion", function.slug)):
        maya.followings.create(scope=scope, slug=slug, pace="each", asked_at=now, confirmed_at=now)
    address = letters.own_page(maya)

    def followed() -> tuple[str, set[str]]:
        maya.refresh_from_db()
        return maya.pace, {one.name for one in newsletters.followed(maya)}

    both = ["alla", f"funktion-{function.slug}"]
    client.post(address, {"stream": both, "pace": "daily"})
    changes = AuditEntry.objects.count()
    response = client.post(address, {"stream": both, "pace": "weekly"})
    assert (followed(), AuditEntry.objects.count()) == (("daily", set(both)), changes)
    assert "tio minuter" in client.get(response["Location"]).content.decode()
    client.post(address, {"stream": "alla", "pace": "weekly"})
    assert followed() == ("daily", {"alla"}), "what she follows no more is ended"
    response = client.post(address, {"stream": both[1], "pace": "weekly"})
    assert (followed(), maya.ended_at) == (("daily", set()), None), "she wants another, not the end"
    assert "tio minuter" in client.get(response["Location"]).content.decode()
    client.post(address)
    maya.refresh_from_db()
    assert maya.ended_at is not None
