"""Posts, appearances and answers that stand in public count among what was said, and cover no place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import Locale

from gensvar.answers import outbox
from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting
from gensvar.answers.tests.sink import Sink
from gensvar.conversations.models import Message
from gensvar.core import clock, runner
from gensvar.core.models import Topic
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person
from gensvar.publishing.appearances import services as appearances
from gensvar.publishing.comments import moderation
from gensvar.publishing.comments.models import Comment
from gensvar.publishing.posts import clockwork, guest_bylines
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.events import PostChanged
from gensvar.publishing.posts.models import Byline, GuestByline, Post
from gensvar.publishing.tests.appearances_scene import appearance, facts
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.wordpress.models import OldItem, OldSite
from gensvar.routing.tests.scene import fresh
from gensvar.voices import cells, counting, said
from gensvar.voices.models import POST, LastAnswer, SaidDay, SaidWord
from gensvar.voices.rebuilding import is_missing, rebuild
from gensvar.voices.shares import Unit, by_channel, by_function, by_person
from gensvar.voices.tests.test_counting import NOTHING, answered, sums, today

pytestmark = pytest.mark.django_db
BODY = [
    ("text", "<h2>Så går det till</h2><p>Sju bilar kör.</p>"),  # seven words
    ("facts", {"heading": "Plogarna", "text": "<p>Sju bilar.</p>"}),  # three
]
LEAD = "Först skolvägarna, sedan resten."  # four


@pytest.fixture
def paper() -> Paper:
    return Paper.make()


@pytest.fixture
def sam(paper: Paper) -> Person:
    return make_person("Sam Åberg", paper.function)


@pytest.fixture
def town(db: None, settings: Any) -> Iterator[Town]:
    with Sink() as sink:
        settings.GENSVAR_MAIL_OUT = sink.url
        settings.GENSVAR_UNDO_SECONDS = 0
        yield Town(sink)


def signed(paper: Paper, *more: Byline, **fields: Any) -> Post:
    """A draft by Kim and these, in words that can be counted."""
    post = draft(paper, lead=LEAD, body=BODY, **fields)
    post.bylines = [Byline(person=paper.person, function=paper.function), *more]
    post.save_revision(user=paper.editor)
    return post


def published(paper: Paper, *more: Byline, **fields: Any) -> Post:
    """The same in public, and counted."""
    post = signed(paper, *more, **fields)
    posts.publish(post, by=paper.editor)
    runner.run_waiting()
    return post


def test_a_post_counts_for_everybody_who_signed_it_and_its_words_once(paper: Paper, sam: Person) -> None:
    snow = Topic.objects.create(slug="sno", name="Snö")
    post = signed(paper, Byline(person=sam, function=paper.function))
    post.topics = [snow]
    runner.run_waiting()
    assert sums() == NOTHING, "a draft is not said"
    posts.publish(post, by=paper.editor)
    runner.run_waiting()
    assert by_person(today(), Unit.MESSAGES) == {paper.person.pk: 1, sam.pk: 1}
    assert by_person(today(), Unit.WORDS) == {paper.person.pk: 7, sam.pk: 7}
    assert by_function(today(), Unit.MESSAGES) == {paper.function.pk: 2}
    assert by_channel(today(channel=POST, topic=snow.pk), Unit.WORDS) == {
        POST: {paper.person.pk: 7, sam.pk: 7}
    }
    kept = sums()
    counting.count_post(PostChanged(post.pk))
    assert sums() == kept
    posts.withdraw(post, "Fel", by=paper.editor)
    runner.run_waiting()
    assert sums() == NOTHING


def test_words_under_a_guests_own_name_are_shared_with_the_guest(paper: Paper) -> None:
    post = signed(paper)  # fourteen words
    GuestByline.objects.create(
        post=post, name="Bo Ek", kind=GuestByline.Kind.RESIDENT, function=paper.function
    )
    guest = GuestByline.objects.get()
    guest.agreed_to = guest_bylines.digest_of(post, guest)
    guest.save()
    posts.publish(post, by=paper.editor)
    runner.run_waiting()
    assert by_person(today(), Unit.MESSAGES) == {paper.person.pk: 1}
    assert by_person(today(), Unit.WORDS) == {paper.person.pk: 7}


def test_words_that_cannot_be_shared_equally_are_all_counted_and_a_guests_part_is_nobodys(
    paper: Paper, sam: Person
) -> None:
    twice = Byline(person=sam, function=paper.function)
    published(
        paper, Byline(person=sam, function=paper.function), twice, Byline(guest="Bo", function=paper.function)
    )
    assert by_person(today(), Unit.MESSAGES) == {paper.person.pk: 1, sam.pk: 1}
    assert by_person(today(), Unit.WORDS) == {
        paper.person.pk: 5,
        sam.pk: 5,
    }  # of fourteen; four are the guest's


def test_other_bylines_move_the_count_and_a_quotation_is_not_ours(paper: Paper, sam: Person) -> None:
    post = published(paper)
    post = Post.objects.get(pk=post.pk)
    post.bylines = [Byline(person=sam, function=paper.function)]
    post.body = [*BODY, ("film", {"title": "Plogen i natt", "url": "https://film.example/1", "image": None})]
    post.save_revision(user=paper.editor)
    runner.run_waiting()
    assert by_person(today(), Unit.WORDS) == {paper.person.pk: 14}, "a newer draft says nothing"
    posts.publish(post, by=paper.editor)
    runner.run_waiting()
    assert by_person(today(), Unit.WORDS) == {sam.pk: 14}


def test_a_scheduled_post_counts_when_it_is_shown_and_no_more_when_it_expires(paper: Paper) -> None:
    post = signed(paper, go_live_at=clock.now() + dt.timedelta(hours=1))
    post.save_revision(user=paper.editor).publish(user=paper.editor)
    runner.run_waiting()
    assert not SaidWord.objects.exists()
    revision = post.revisions.latest("pk")  # Wagtail asks its own clock, so its time comes by its row
    past = clock.now() - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    tick = TimeCame("publishing.keep_times_of_posts", 10)
    clockwork.keep_times(tick)
    runner.run_waiting()
    assert SaidWord.objects.count() == 1
    Post.objects.update(expire_at=past)
    clockwork.keep_times(tick)
    runner.run_waiting()
    assert not SaidWord.objects.exists()


def test_of_a_post_and_its_translations_one_counts(paper: Paper) -> None:
    post = published(paper)
    with clock.moved(dt.timedelta(minutes=5)):
        english = post.copy_for_translation(Locale.objects.get(language_code="en"))
        english.title, english.slug = "How we plough", "how-we-plough"
        posts.publish(english, by=paper.editor)
    runner.run_waiting()
    assert [row.source_id for row in SaidWord.objects.all()] == [post.pk]
    posts.withdraw(Post.objects.get(pk=post.pk), "Fel", by=paper.editor)
    runner.run_waiting()
    assert [row.source_id for row in SaidWord.objects.all()] == [english.pk]


def test_what_was_brought_home_from_an_old_blog_is_not_counted(paper: Paper) -> None:
    site = OldSite.objects.create(address="gammal.example", first_at=clock.now())
    post = signed(paper)
    OldItem.objects.create(site=site, number=1, kind="post", post=post, raw_size=0)
    posts.publish(post, by=paper.editor)
    runner.run_waiting()
    assert rebuild() == 0


def test_an_appearance_counts_on_its_day_without_words_and_follows_what_is_told_of_it(
    paper: Paper, sam: Person
) -> None:
    one = appearance(paper.person, paper.function, by=paper.editor)
    runner.run_waiting()
    assert by_channel(today(), Unit.MESSAGES) == {"outside-interview": {paper.person.pk: 1}}
    assert by_person(today(), Unit.WORDS) == {paper.person.pk: 0}
    yesterday = clock.today() - dt.timedelta(days=1)
    other = facts(sam, paper.function, kind="talk", day=yesterday)
    appearances.correct(one, other, "Fel person.", by=paper.editor)
    Topic.objects.create(slug="sno", name="Snö")
    appearances.save_topics(one, ["sno"], by=paper.editor)
    runner.run_waiting()
    row = SaidWord.objects.get()
    assert (row.person_id, row.day, row.channel, bool(row.topics)) == (
        sam.pk,
        yesterday,
        "outside-talk",
        True,
    )
    assert SaidDay.objects.count() == 1
    appearances.withdraw(one, "Fel", by=paper.editor)
    runner.run_waiting()
    assert sums() == NOTHING


def test_neither_covers_a_place(paper: Paper) -> None:
    published(paper)
    appearance(paper.person, paper.function, by=paper.editor)
    runner.run_waiting()
    assert SaidDay.objects.count() == 2
    assert not LastAnswer.objects.exists()
    assert cells.covered_today().people == frozenset()


def test_an_answer_that_stands_under_a_comment_counts_though_it_never_left_and_once_where_it_did(
    town: Town,
) -> None:
    word = town.asks()
    answer = town.answer(word, "Vi plogar i natt.")
    outbox.fail(Delivery.objects.get(message=answer), "no such domain")
    send_waiting()
    assert not SaidWord.objects.exists()
    assert fresh(word.conversation).answered_at is None
    page = Comment.objects.create(
        on_kind="exchange", on_key="2026-000001", message=word, came_at=word.at, state=Comment.State.SHOWN
    )
    editor = make_person("Robin Öst", town.streets, roles=(Role.EDITOR,))
    shown = moderation.show_answer(page, answer, "Vi plogar i natt.", by=town.user(editor))
    send_waiting()
    assert by_person(today(), Unit.WORDS) == {town.kim.pk: 4}
    assert fresh(word.conversation).answered_at is not None
    assert list(said.messages()) == [answer]
    other = town.answer(word, "Vi sandar också.")
    outbox.fail(Delivery.objects.get(message=other), "no such domain")
    assert fresh(word.conversation).answered_at == shown.approved_at, "it stands there whatever fails"
    send_waiting()
    Message.objects.filter(pk=answer.pk).update(marks=["forward"])
    assert not said.messages().exists(), "what was passed on answers nobody"
    moderation.hide_answer(shown, by=town.user(editor))
    assert fresh(word.conversation).answered_at is None
    send_waiting()
    assert not SaidWord.objects.exists()
    left = answered(town, subject="Annat", sender="Bo <bo@example.org>")
    moderation.show_answer(
        Comment.objects.create(
            on_kind="exchange",
            on_key="2026-000001",
            message=left.conversation.messages.earliest("pk"),
            came_at=word.at,
            state=Comment.State.SHOWN,
        ),
        left,
        left.text,
        by=town.user(editor),
    )
    send_waiting()
    assert by_person(today(), Unit.MESSAGES) == {town.kim.pk: 1}


def test_made_anew_from_all_that_was_said_it_is_the_same(
    town: Town, paper: Paper, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(town, "Ett två tre.")
    published(paper, Byline(person=sam, function=paper.function))
    published(paper)
    appearance(sam, paper.function, by=paper.editor)
    runner.run_waiting()
    kept = sums()
    assert [len(part) for part in kept] == [5, 4, 1, 4]
    monkeypatch.setattr("gensvar.voices.rebuilding.STEP", 2)
    assert rebuild() == 5
    assert sums() == kept
    SaidWord.objects.filter(source="post").first().delete()  # type: ignore[union-attr]
    SaidWord.objects.filter(source="appearance").update(source_id=29)  # of none that there is
    SaidDay.objects.update(messages=9)
    SaidDay.objects.filter(contact_point=None).first().delete()  # type: ignore[union-attr]
    assert rebuild() == 5
    assert sums() == kept


def test_what_was_said_before_it_was_counted_is_missing_kind_by_kind(town: Town, paper: Paper) -> None:
    answered(town)
    published(paper)
    assert not is_missing()
    SaidWord.objects.filter(source="post").delete()
    assert is_missing(), "messages are counted, posts are not"
    rebuild()
    assert not is_missing()


def test_one_post_that_is_counted_does_not_hide_those_that_are_not(paper: Paper) -> None:
    old = published(paper)
    SaidWord.objects.filter(source_id=old.pk).delete()
    published(paper)  # after the upgrade began, before its counting
    assert is_missing()
    assert rebuild() == 2
    assert not is_missing()


def test_of_what_has_no_place_there_is_one_sum_too_and_a_message_always_has_one(paper: Paper) -> None:
    published(paper)
    row = SaidDay.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SaidWord.objects.update(source="message")
