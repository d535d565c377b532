"""What changes the public's view is noted with the change itself, and told after the commit."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Contact, Conversation, Message
from gensvar.core import freshness, runner
from gensvar.core.generation import Generation, generation
from gensvar.core.models import Event, PublicChange
from gensvar.people.models import Function
from gensvar.publishing.guests import agreeing
from gensvar.publishing.posts import services as posts
from gensvar.publishing.tests.guests_scene import handed_in, wording_of
from gensvar.publishing.tests.posts_scene import Paper, draft
from gensvar.publishing.tests.scene import stage
from gensvar.square.tests.scene import town


@pytest.fixture(autouse=True)
def _wakes_with_the_rows_known(transactional_db: None) -> None:
    freshness.look(late=0)


def raised() -> tuple[int, bool]:
    """How often the generation was raised in the block that just ended, and whether something was taken away."""
    before = getattr(raised, "before", 0)
    now = generation().number
    raised.before = now  # type: ignore[attr-defined]
    return now - before, generation().took_away_after(before)


def test_a_change_raises_the_number_after_its_commit_once_and_leaves_a_row() -> None:
    raised()
    with transaction.atomic():
        function = Function.objects.create(slug="gata", name="Gata")
        function.name = "Gata & park"
        function.save()
        assert raised() == (0, False), "nobody is told before the commit"
        assert list(PublicChange.objects.values_list("takes_away", flat=True)) == [False, True]
    times, taken = raised()
    assert 1 <= times <= 2
    assert taken
    assert generation().seen == freshness.signature()
    assert not freshness.look(late=0), "what was told is not found again"


def test_what_is_rolled_back_is_told_to_nobody() -> None:
    raised()
    with transaction.atomic():
        Function.objects.create(slug="gata", name="Gata")
        transaction.set_rollback(True)
    assert raised() == (0, False)
    assert not PublicChange.objects.exists()
    with transaction.atomic():
        with transaction.atomic():
            Function.objects.create(slug="gata", name="Gata")
            transaction.set_rollback(True)
        Function.objects.create(slug="park", name="Park")
    assert raised() == (1, False), "a savepoint that went back takes its note with it, and hinders no other"
    assert PublicChange.objects.count() == 1


def test_a_change_outside_a_transaction_is_committed_with_its_row() -> None:
    raised()
    ContactPoint.objects.all().update(name="x")
    assert raised() == (1, True)
    assert PublicChange.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("update people_person set name = 'x'")
    assert raised() == (1, True), "plain SQL is seen as well"


def test_words_that_arrive_change_no_public_page_but_a_choice_does() -> None:
    staged = stage()
    raised()
    Message.objects.filter(pk=staged.question.pk).update(text="x")
    Conversation.objects.filter(pk=staged.conversation.pk).update(state="waiting", message_count=3)
    Contact.objects.filter(pk=staged.contact.pk).update(name="y")
    assert raised() == (0, False)
    Message.objects.filter(pk=staged.question.pk).update(may_publish=False)
    assert raised() == (1, True)
    Contact.objects.filter(pk=staged.contact.pk).update(protected=True)
    assert raised() == (1, True)
    Conversation.objects.filter(pk=staged.conversation.pk).update(visibility="private")
    assert raised() == (1, True)


def test_a_whole_word_by_the_form_from_its_post_to_its_conversation_changes_no_public_page() -> None:
    town()
    client = Client()
    form = re.search(rb'name="form" value="([^"]+)"', client.get("/skriv").content)
    assert form
    raised()
    sent = client.post("/skriv", {"form": form[1].decode(), "text": "Bron är trasig.", "answer_by": "here"})
    assert sent.status_code == 303
    runner.run_batch(Event.Lane.DATABASE)
    assert Message.objects.filter(text="Bron är trasig.").exists()
    assert raised() == (0, False)


def test_publishing_adds_and_withdrawing_takes_away() -> None:
    from gensvar.conversations import services as conversations
    from gensvar.core.roles import Role
    from gensvar.publishing import services
    from gensvar.publishing.tests.scene import member

    staged = stage()
    exchange = services.prepare(staged.conversation, by=staged.editor)
    for text in exchange.texts.all():
        services.approve(text, by=staged.editor)
    exchange.refresh_from_db()
    raised()
    services.publish(exchange, by=staged.editor)
    assert raised() == (1, False)
    services.withdraw(exchange, "fel", by=staged.editor)
    assert raised() == (1, True)
    coordinator = member("holder@norrvik.example", Role.COORDINATOR)
    conversations.mark_spam(staged.conversation, by=coordinator)
    assert raised() == (1, True)
    conversations.not_spam(staged.conversation, by=coordinator)
    assert raised() == (1, False)


def test_a_draft_that_is_saved_changes_no_public_page_and_its_first_showing_takes_nothing_away() -> None:
    paper = Paper.make()
    post = draft(paper)
    for public in (False, True):
        raised()
        post.title = f"Så plogar vi {public}"
        post.save_revision(user=paper.editor)
        assert raised() == (0, False)
        posts.publish(post, by=paper.editor)
        assert raised() == (1, public), "what is said otherwise does take away"
        post.refresh_from_db()
    posts.withdraw(post, "Fel", by=paper.editor)
    assert raised()[1]
    guest = handed_in(paper)
    raised()
    agreeing.say_yes(guest, wording_of(guest).digest)
    assert not raised()[1], "nobody sees what a guest says yes to before it is published"


def test_what_is_prepared_takes_nothing_from_anybody_until_it_is_seen() -> None:
    from gensvar.publishing import services

    staged = stage()
    exchange = services.prepare(staged.conversation, by=staged.editor)
    question, answer = exchange.texts.order_by("pk")
    services.save_text(question, "När plogas gatan?", by=staged.editor)
    raised()
    services.save_title(exchange, "Plogning", by=staged.editor)
    services.save_text(answer, "I morgon.", by=staged.editor)
    services.approve(question, by=staged.editor)
    services.approve(answer, by=staged.editor)
    assert not raised()[1]
    services.publish(exchange, by=staged.editor)
    assert not raised()[1]
    seen = type(exchange).objects.get(pk=exchange.pk)
    answer.exchange = seen
    services.save_title(seen, "Plogningen", by=staged.editor)
    assert raised()[1], "the older headline must be shown to nobody"
    services.save_text(answer, "I övermorgon.", by=staged.editor)
    assert raised()[1]
    services.approve(answer, by=staged.editor)
    services.withdraw(seen, "fel", by=staged.editor)
    assert raised()[1]
    services.save_title(seen, "Plogning", by=staged.editor)
    assert not raised()[1]


def test_rows_that_nobody_told_of_are_found_by_looking() -> None:
    raised()
    PublicChange.objects.create(at="2026-11-23T12:00:00Z", takes_away=False)
    assert freshness.look(late=1.0)
    assert raised() == (1, False)
    PublicChange.objects.create(at="2026-11-23T12:00:00Z", takes_away=True)
    assert freshness.look(late=1.0)
    assert raised() == (1, True)
    assert not freshness.look(late=1.0)


def test_the_number_is_one_for_all_who_open_the_file_and_tells_when_each_generation_ended(
    tmp_path: Path,
) -> None:
    mine, theirs = Generation(tmp_path / "run" / "number"), Generation(tmp_path / "run" / "number")
    assert mine.number == theirs.number == 0
    room = (tmp_path / "run" / "number").stat().st_blocks
    assert room, (
        "its room on the disk is taken: the first touch of a hole on a full one would end the process"
    )
    before = time.monotonic_ns()
    mine.raise_(takes_away=False, late=1.0)
    assert theirs.number == 1
    assert before - 10**9 <= theirs.ended(0) <= time.monotonic_ns() - 10**9
    assert not theirs.took_away_after(0)
    theirs.raise_(takes_away=True, seen=(3, 2, 1))
    assert mine.seen == (3, 2, 1)
    assert mine.took_away_after(1)
    assert not mine.took_away_after(2)
    for _ in range(100):
        mine.raise_(takes_away=False)
    assert theirs.ended(1) == 0, "too long ago to be known"
