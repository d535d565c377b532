"""Letters to those who follow us, when something changes: what they follow, how often, how much there is, whether the mailbox is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from gensvar.answers.models import Delivery
from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.events import ReportReceived
from gensvar.core import clock, tokens
from gensvar.core.models import Topic
from gensvar.people.tests.factories import make_function
from gensvar.publishing.newsletters import refused
from gensvar.publishing.newsletters import services as newsletters
from gensvar.publishing.newsletters.models import Letter, Subscriber
from gensvar.square.tests.letters_scene import MAYA, ask, follow, published, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server, and a place of ours that speaks."""
    with Sink() as server:
        settings.GENSVAR_MAIL_OUT = server.url
        make_contact_point(make_function("Information", coordinates=True), address="kommun@norrvik.example")
        yield server


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
    newsletters.end_reported(replace(report, status="5.1.1"))
    subscriber.refresh_from_db()
    assert (subscriber.ended_why, subscriber.address) == ("bounced", "")


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
BARE = "The mail server mail.example:551 refuses it: 550 Unknown user"


@pytest.mark.parametrize(
    ("replies", "another", "gone"),
    [
        ((NOBODY, NOBODY), False, True),
        ((NOBODY, RELAY), True, False),
        ((RELAY, RELAY), True, False),
        ((BARE, BARE), False, False),
        ((BARE, NOBODY), True, True),
        (("What broke had no number: mail.example:550", NOBODY), True, False),
    ],
    ids=["nobody there", "once ours", "ours", "bare", "bare, another was taken", "broken"],
)
def test_only_a_refusal_of_the_mailbox_ends_it_for_the_first_may_be_a_fault_of_ours(
    replies: tuple[str, str], another: bool, gone: bool
) -> None:
    now = clock.now()

    def told(address: str, minutes: int, state: str, reply: str) -> Subscriber:
        subscriber, _new = Subscriber.objects.get_or_create(address=address, defaults={"asked_at": now})
        at = now + dt.timedelta(minutes=minutes)
        delivery = Delivery.objects.create(
            kind=Delivery.Kind.NEWS,
            channel="email",
            state=state,
            reply=reply,
            attempts=1,
            raw_size=0,
            message_identifier=f"{minutes}@norrvik.example",
            created_at=at,
            send_after=at,
            sent_at=at if state == "sent" else None,
        )
        Letter.objects.create(subscriber=subscriber, delivery=delivery, at=at)
        return subscriber

    maya = told(MAYA, 0, "failed", replies[0])
    told("bea@post.example", 5 if another else 20, "sent", "250 ok")
    told(MAYA, 10, "failed", replies[1])
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
