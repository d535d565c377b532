"""Letters to those who follow us, when something changes: what they follow, how often, how much there is, whether the mailbox is there."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.answers.tests.sink import Sink
from gensvar.conversations import services as conversations
from gensvar.conversations.events import ReportReceived
from gensvar.core import clock, tokens, topics
from gensvar.core.models import Topic
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_user
from gensvar.publishing import services, streams
from gensvar.publishing.newsletters import due, letters, refused
from gensvar.publishing.newsletters import services as newsletters
from gensvar.publishing.newsletters.models import Letter, Subscriber, ToldEntry
from gensvar.square.tests.letters_scene import MAYA, ask, follow, published, work

pytestmark = pytest.mark.django_db


def test_who_follows_what_becomes_part_of_another_follows_that_one(client: Client, sink: Sink) -> None:
    snow = Topic.objects.create(slug="sno", name="Snö")
    winter = Topic.objects.create(slug="vinter", name="Vinter")
    one, two = published(topics=snow), published(topics=winter)
    staff = make_user(Role.ADMINISTRATOR, Role.COORDINATOR, Role.EDITOR)
    subscriber = follow(client, sink, stream=["amne-sno", "amne-vinter", f"fraga-{one.conversation.number}"])
    published(topics=winter)  # older than any letter that still waits when the topics become one
    subscriber.followings.filter(slug="vinter").update(ended_at=clock.now())
    with clock.moved(dt.timedelta(days=2)):
        topics.merge_topics(snow, winter, by=staff)
        conversations.merge(one.conversation, two.conversation, by=staff)
        names = {"amne-vinter", f"fraga-{two.conversation.number}"}
        assert {found.name for found in newsletters.followed(subscriber)} == names
        news = published(topics=winter)
        prepared = services.prepare(two.conversation, by=staff)
        for text in prepared.texts.filter(approved=False):
            services.approve(text, by=staff)
        work()
        assert len(newsletters.followed(subscriber)) == 2
    (mail,) = sink.to(MAYA)
    assert f"/fragor/{news.conversation.number}-" in mail.text
    assert f"/fragor/{two.conversation.number}-{prepared.slug}#ord-" in mail.text
    assert ToldEntry.objects.filter(kind=0).count() == 1, "what the other topic was about before is no news"


def test_who_changes_the_pace_hears_of_what_waited_and_of_nothing_from_before(
    client: Client, sink: Sink
) -> None:
    published()
    with clock.moved(dt.timedelta(minutes=5)):
        subscriber = follow(client, sink, pace="weekly")
    with clock.moved(dt.timedelta(minutes=10)):
        waited = published()
    with clock.moved(dt.timedelta(days=4)):
        newsletters.change(subscriber, [streams.everything()], pace="each", language="sv")
        work()
        work()
    (mail,) = sink.to(MAYA)
    assert waited.conversation.number in mail.text
    assert ToldEntry.objects.count() == 1


def test_of_very_much_a_letter_tells_the_newest_in_full_and_leads_to_the_rest(
    client: Client, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "READ_AT_ONCE", 2)
    monkeypatch.setattr(letters, "IN_FULL", 1)
    follow(client, sink)
    with clock.moved(dt.timedelta(minutes=5)):
        numbers = [published().conversation.number for _ in range(3)]
        work()
        work()
    (mail,) = sink.to(MAYA)
    html = mail.mail.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    for form in (mail.text, html):
        places = [form.index(f"/fragor/{number}-") for number in (numbers[2], numbers[0], numbers[1])]
        assert places == sorted(places)
        assert "Och 2 äldre till:" in form
        assert "Part(" not in form


def test_an_address_that_bounces_or_complains_gets_no_more(client: Client, sink: Sink) -> None:
    subscriber = follow(client, sink)
    with clock.moved(dt.timedelta(minutes=5)):
        published()
        work()
    letter = Letter.objects.get(asks=False)
    token = tokens.make("bounce", letter.delivery.key)
    report = ReportReceived(
        message_id=1,
        token=token,
        original_message_id="",
        recipient="",
        status="4.2.2",
        action="failed",
        diagnostic="",
    )
    newsletters.end_reported(report)
    subscriber.refresh_from_db()
    assert subscriber.ended_at is None, "a full mailbox is emptied"
    newsletters.end_reported(replace(report, status="5.7.1", diagnostic="550 5.7.26 no DMARC"))
    subscriber.refresh_from_db()
    assert subscriber.ended_at is None, "a rule says nothing of the mailbox, and may be about us"
    newsletters.end_reported(replace(report, status="5.1.1"))
    subscriber.refresh_from_db()
    assert (subscriber.ended_why, subscriber.address) == ("bounced", "")


def test_what_our_own_server_refused_is_told_again_once_it_lets_others_through(
    client: Client, sink: Sink
) -> None:
    subscriber = follow(client, sink)
    with clock.moved(dt.timedelta(minutes=5)):
        first = published()
    for minutes, others, letters_now in ((6, False, 1), (7, False, 1), (8, True, 2), (9, True, 2)):
        with clock.moved(dt.timedelta(minutes=minutes)):
            if others:
                letter_to("bea@post.example", -1, "sent", "250 ok")
            work()
            letter = subscriber.letters.filter(asks=False).last()
            assert letter is not None
            assert subscriber.letters.filter(asks=False).count() == letters_now, minutes
            Delivery.objects.filter(letter=letter).update(state="failed", sent_at=None, reply=RELAY)
    assert letter is not None
    assert first.conversation.number in letter.delivery.text
    assert letter.told.count() == ToldEntry.objects.count(), "once, and not for ever"
    with clock.moved(dt.timedelta(minutes=10)):
        second = published()
        work()
        work()
    letter = subscriber.letters.filter(asks=False).last()
    assert letter is not None
    for entry in (first, second):  # what never came goes along with the next
        assert entry.conversation.number in letter.delivery.text
    assert subscriber.letters.filter(asks=False).count() == 3


def test_what_is_to_be_told_again_is_asked_in_two_statements_however_many_letters_failed(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for minutes, number in itertools.product((0, 10), range(5)):
        one = letter_to(f"{number}@post.example", minutes, "failed", RELAY)
        ToldEntry.objects.create(letter=one.letters.latest("pk"), subscriber=one, kind=0, place=minutes)
    letter_to("bea@post.example", 20, "sent", "250 ok")
    with clock.moved(dt.timedelta(hours=1)), django_assert_num_queries(2):
        assert len(list(refused.to_tell_again(clock.now() - due.LOOKED_BACK))) == 10
    letter_to("bo@post.example", 5, "sent", "250 ok")
    with clock.moved(dt.timedelta(hours=1)), django_assert_num_queries(2):
        again = list(refused.to_tell_again(clock.now() - due.LOOKED_BACK))
    assert [one.told.get().place for one in again] == [0] * 5, "others left between the two"


def test_an_address_that_is_refused_twice_gets_no_more(client: Client, sink: Sink) -> None:
    subscriber = follow(client, sink)
    sink.refuses.add(MAYA)
    for minutes in (5, 10, 15):
        with clock.moved(dt.timedelta(minutes=minutes)):
            published()
            work()
    subscriber.refresh_from_db()
    assert subscriber.ended_why == "bounced"
    assert sink.tried.count(MAYA) == 3, "the mail that confirms, and two letters"


RELAY = "The mail server mail.example:587 refuses it: 554 5.7.1 <maja@post.example>: Relay access denied"
NOBODY = "E-postservern mail.example:587 tar inte emot det: 550 5.1.1 Nobody of that name lives here"
REPORTED = "unrouteable mail domain"  # what Exim gives: no number
BY_A_RULE = "5.7.1 550 Blocked"
BARE = "The mail server mail.example:551 refuses it: 550 Unknown user"


def letter_to(address: str, minutes: int, state: str, reply: str) -> Subscriber:
    at = clock.now() + dt.timedelta(minutes=minutes)
    subscriber, _new = Subscriber.objects.get_or_create(address=address, defaults={"asked_at": at})
    delivery = Delivery.objects.create(
        kind=Delivery.Kind.NEWS,
        channel="email",
        state=state,
        reply=reply,
        attempts=1,
        raw_size=0,
        message_identifier=f"{address}{at.timestamp()}",
        created_at=at,
        send_after=at,
        sent_at=at if state == "sent" or reply in {REPORTED, BY_A_RULE} else None,
    )
    Letter.objects.create(subscriber=subscriber, delivery=delivery, at=at)
    return subscriber


@pytest.mark.parametrize(
    ("replies", "another", "gone"),
    [
        ((NOBODY, NOBODY), False, True),
        ((NOBODY, RELAY), True, False),
        ((RELAY, RELAY), True, False),
        ((BARE, BARE), False, False),
        ((REPORTED, REPORTED), True, True),
        ((REPORTED, REPORTED), False, False),
        ((BY_A_RULE, BY_A_RULE), True, False),
        ((BARE, NOBODY), True, True),
        (("What broke had no number: mail.example:550", NOBODY), True, False),
    ],
    ids=[
        "nobody there",
        "once ours",
        "ours",
        "bare",
        "reported",
        "reported of all",
        "by a rule",
        "bare, another was taken",
        "broken",
    ],
)
def test_only_a_refusal_of_the_mailbox_ends_it_for_the_first_may_be_a_fault_of_ours(
    replies: tuple[str, str], another: bool, gone: bool
) -> None:
    maya = letter_to(MAYA, 0, "failed", replies[0])
    letter_to("bea@post.example", 5 if another else 20, "sent", "250 ok")
    letter_to(MAYA, 10, "failed", replies[1])
    assert list(refused.gone()) == ([maya] if gone else [])


def test_who_never_confirms_is_forgotten_in_a_week(client: Client, sink: Sink) -> None:
    ask(client)
    with clock.moved(dt.timedelta(days=8)):
        work()
    found = Subscriber.objects.get()
    assert (found.address, found.ended_why) == ("", "silent")


def test_one_changes_what_one_follows_and_how_often(client: Client, sink: Sink) -> None:
    published(topics=Topic.objects.create(slug="sno", name="Snö"))
    subscriber = follow(client, sink)
    own = f"/folj/brev/{tokens.make('newsletter', subscriber.key)}"
    client.post(own, {"stream": ["amne-sno"], "pace": "weekly", "language": "en"})
    subscriber.refresh_from_db()
    assert (subscriber.pace, subscriber.language) == ("weekly", "en")
    assert subscriber.next_at is not None
    assert [one.name for one in newsletters.followed(subscriber)] == ["amne-sno"]
    client.post(own, {"pace": "weekly"})
    subscriber.refresh_from_db()
    assert subscriber.ended_at is not None
    assert client.get(own).status_code == 410
    assert client.get("/folj/brev/" + "a" * 36).status_code == 404
    assert client.get(f"/folj/brev/bekrafta/{tokens.make('newsletter', subscriber.key)}").status_code == 404
