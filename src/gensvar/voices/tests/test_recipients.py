"""Whom a word is known to have reached: counted in one statement as word by word, and never where no letter is known."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale

from gensvar.answers.models import Delivery
from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Message
from gensvar.core import clock, runner
from gensvar.core.recurring import TimeCame
from gensvar.people.tests.factories import make_person
from gensvar.publishing import entries, following
from gensvar.publishing.comments.models import Comment, CommentAnswer
from gensvar.publishing.models import PublicExchange, PublicText
from gensvar.publishing.newsletters import due
from gensvar.publishing.newsletters import services as newsletters
from gensvar.publishing.newsletters.models import Following, Letter, Subscriber, ToldEntry
from gensvar.publishing.posts.models import Byline
from gensvar.publishing.tests.posts_scene import Paper
from gensvar.voices import rebuilding, said
from gensvar.voices.models import SaidWord
from gensvar.voices.shares import Known, Selection, Unit, by_channel, by_month, by_person, by_topic, known_in
from gensvar.voices.tests.test_counting import today
from gensvar.voices.tests.test_counting_elsewhere import published
from tests import many_answers
from tests.many_answers import Size

STATES = [*Delivery.State.values, "not yet"]


def follower(name: str) -> Subscriber:
    now = clock.now()
    one = Subscriber.objects.create(address=f"{name}@post.example", asked_at=now, confirmed_at=now)
    Following.objects.create(subscriber=one, scope="alla", pace="each", asked_at=now, confirmed_at=now)
    return one


@pytest.fixture
def sink(db: None, settings: Any) -> Iterator[Sink]:
    with Sink() as server:
        settings.GENSVAR_MAIL_OUT, settings.GENSVAR_UNDO_SECONDS = server.url, 0
        yield server


def test_a_post_reached_those_whose_letter_left_and_stays_counted_when_they_leave_us(sink: Sink) -> None:
    paper = Paper.make()
    make_contact_point(paper.function, address="kommun@norrvik.example")
    sam = make_person("Sam Åberg", paper.function)
    first, second = follower("maja"), follower("bo")
    post = published(paper, Byline(person=sam, function=paper.function))
    assert known_in(today()) == Known(words=0, of_words=14, messages=0, of_messages=2), "no letter left yet"
    due.write_letters(TimeCame("newsletters.write_letters", 60))
    runner.run_waiting()
    assert by_person(today(), Unit.RECIPIENTS) == {paper.person.pk: 2, sam.pk: 2}
    newsletters.end(first, Subscriber.Ending.WISH)
    assert not Delivery.objects.get(letter__subscriber=first).recipient, "nothing tells who it was"
    assert by_person(today(), Unit.RECIPIENTS) == {paper.person.pk: 2, sam.pk: 2}
    Delivery.objects.filter(letter__subscriber=second).update(state=Delivery.State.FAILED)  # it came back
    assert by_person(today(), Unit.RECIPIENTS) == {paper.person.pk: 1, sam.pk: 1}
    assert known_in(today()) == Known(words=14, of_words=14, messages=2, of_messages=2)
    english = post.copy_for_translation(Locale.objects.get(language_code="en"))
    told = Letter.objects.get(subscriber=first)
    ToldEntry.objects.create(letter=told, subscriber=first, kind=entries.POST, place=english.pk)
    assert by_person(today(), Unit.RECIPIENTS)[sam.pk] == 1, "the same, in another language"


@pytest.fixture
def answers(db: None) -> None:
    """Answers of some days, counted; of every other conversation two are public, and one stands under a comment."""
    boss = many_answers.make(Size(persons=6, points=3, topics=4, answers=24, days=40))
    rebuilding.rebuild()
    ours = list(Message.objects.filter(author="staff").order_by("conversation", "at", "pk"))
    for at in range(0, len(ours), 8):
        first, second, third = ours[at + 1 : at + 4]
        exchange = PublicExchange.objects.create(
            conversation=first.conversation,
            number=str(at),
            slug="x",
            title="X",
            function_id=first.function_id or 0,
        )
        passed_on = Message.objects.create(
            conversation=first.conversation,
            direction="out",
            author="staff",
            channel="email",
            at=first.at - dt.timedelta(days=1),
            marks=["forward"],
        )
        for message in (second, first, passed_on):
            PublicText.objects.create(exchange=exchange, message=message, text="X", approved=True)
        question = first.conversation.messages.get(author="resident")
        comment = Comment.objects.create(on_kind="exchange", on_key="x", message=question, came_at=first.at)
        CommentAnswer.objects.create(
            comment=comment, message=third, text="X", approved_at=first.at, approved_by=boss
        )


def tell(at: int, follower: int, state: str) -> None:
    """A letter to that follower told of an exchange, a word of one, or an answer under a comment."""
    exchanges, texts = PublicExchange.objects.order_by("pk"), PublicText.objects.order_by("pk")
    places = [(entries.EXCHANGE, one.pk) for one in exchanges] + [(following.WORD, one.pk) for one in texts]
    places += [(following.ANSWER, one.pk) for one in CommentAnswer.objects.order_by("pk")]
    kind, place = places[at % len(places)]
    now = clock.now()
    who, _new = Subscriber.objects.get_or_create(address=f"{follower}@x.example", defaults={"asked_at": now})
    mail = Delivery.objects.create(
        kind=Delivery.Kind.NEWS,
        raw_size=0,
        channel="email",
        state=Delivery.State.WAITING if state == "not yet" else state,
        sent_at=None if state == "not yet" else now,
        message_identifier=f"{kind}-{place}-{follower}",
        created_at=now,
        send_after=now,
    )
    letter = Letter.objects.create(subscriber=who, delivery=mail, at=now)
    ToldEntry.objects.create(letter=letter, subscriber=who, kind=kind, place=place)


def one_by_one(chosen: Selection) -> dict[int, int]:
    """How many each word reached (its row's id), found word by word."""
    left = {"state__in": ["sent", "kept"], "sent_at__isnull": False}
    arrived = ToldEntry.objects.filter(letter__delivery__in=Delivery.objects.filter(**left))
    found = {}
    for row in SaidWord.objects.filter(day__gte=chosen.starts, day__lte=chosen.ends):
        reached = Delivery.objects.filter(message=row.source_id, **left).count()
        for text in PublicText.objects.filter(message=row.source_id):
            reached += arrived.filter(kind=following.WORD, place=text.pk).count()
            answered = text.exchange.texts.exclude(message__marks=["forward"])
            if text == answered.order_by("message__at", "message").first():
                reached += arrived.filter(kind=entries.EXCHANGE, place=text.exchange_id).count()
        below = CommentAnswer.objects.filter(message=row.source_id).values("pk")
        found[row.pk] = reached + arrived.filter(kind=following.ANSWER, place__in=below).count()
    return found


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])  # rolled back by hand
@given(
    told=st.dictionaries(
        st.tuples(st.integers(0, 11), st.integers(1, 3)), st.sampled_from(STATES), min_size=3, max_size=12
    ),
    lost=st.sets(st.integers(0, 23), max_size=8),
    days=st.integers(0, 45),
)
def test_one_statement_counts_what_word_by_word_is_found(
    answers: None, told: dict[tuple[int, int], str], lost: set[int], days: int
) -> None:
    with transaction.atomic():
        ours = list(said.messages().order_by("pk").values_list("pk", flat=True))
        Delivery.objects.filter(message__in=[ours[at] for at in lost]).update(state=Delivery.State.FAILED)
        for (at, follower), state in told.items():
            tell(at, follower, state)
        chosen = Selection(clock.today() - dt.timedelta(days=days), clock.today())
        reached = one_by_one(chosen)
        words = SaidWord.objects.in_bulk(reached)
        persons: Counter[int] = Counter()
        for pk, number in reached.items():
            persons[words[pk].person_id] += number
        assert by_person(chosen, Unit.RECIPIENTS) == dict(persons)
        some = {pk for pk, number in reached.items() if number}
        assert known_in(chosen) == Known(
            words=sum(words[pk].words for pk in some),
            of_words=sum(one.words for one in words.values()),
            messages=len(some),
            of_messages=len(words),
        )
        for apart in (by_month(chosen, Unit.RECIPIENTS), by_channel(chosen, Unit.RECIPIENTS)):
            assert sum(sum(of.values()) for of in apart.values()) == sum(persons.values())
        web = Selection(chosen.starts, chosen.ends, channel="web")
        of_web = sum(number for pk, number in reached.items() if words[pk].channel == "web")
        assert sum(by_person(web, Unit.RECIPIENTS).values()) == of_web
        for topic, amounts in by_topic(chosen, Unit.RECIPIENTS).items():
            about = Selection(chosen.starts, chosen.ends, topic=topic)
            assert not topic or by_person(about, Unit.RECIPIENTS) == amounts
        transaction.set_rollback(True)
