"""What goes out is counted once, as it stands; what is made anew from the words is the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gensvar.answers import cosigning, outbox
from gensvar.answers import services as answers
from gensvar.answers.events import WordSent
from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting, the_delivery
from gensvar.answers.tests.sink import Sink
from gensvar.conversations import services as conversations
from gensvar.conversations.events import AboutChanged
from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock, freshness, topics
from gensvar.core.models import Topic
from gensvar.core.recurring import TimeCame
from gensvar.core.roles import Role
from gensvar.people.tests.factories import make_user
from gensvar.voices import counting, in_step
from gensvar.voices.models import LastAnswer, SaidDay, SaidMonth, SaidWord, key_of, topics_of
from gensvar.voices.rebuilding import is_missing, rebuild
from gensvar.voices.shares import Selection, Unit, by_channel, by_function, by_person

pytestmark = pytest.mark.django_db
NOTHING: tuple[set[tuple[Any, ...]], ...] = (set(), set(), set(), set())


@pytest.fixture
def town(db: None, settings: Any) -> Iterator[Town]:
    with Sink() as sink:
        settings.GENSVAR_MAIL_OUT = sink.url
        settings.GENSVAR_UNDO_SECONDS = 0
        yield Town(sink)


def today(**more: Any) -> Selection:
    return Selection(clock.today(), clock.today(), **more)


def sums() -> tuple[set[tuple[Any, ...]], ...]:
    """All that is counted, without the rows' own ids."""
    names = (*counting.KEY, "words")
    return (
        set(SaidWord.objects.values_list("source", "source_id", "conversation_id", *names)),
        set(SaidDay.objects.values_list("messages", *names)),
        set(LastAnswer.objects.values_list(*counting.PLACE, "day")),
        set(SaidMonth.objects.values_list("messages", "words", *counting.MONTH)),
    )


def answered(town: Town, text: str = "Vi kommer i dag.", *topic: str, **asks: Any) -> Message:
    """Anna asks, Kim answers, it goes out; the conversation is about these topics then."""
    word = town.asks(**asks)
    sent = town.answer(word, text)
    send_waiting()
    if topic:
        conversations.set_topics(word.conversation, topic, by=town.user())
        send_waiting()
    return Message.objects.get(pk=sent.pk)


def test_an_answer_counts_when_it_has_left_and_not_before(town: Town, settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 60
    message = town.answer(town.asks(), "Vi plogar i natt.")
    send_waiting()
    assert not SaidWord.objects.exists()
    with clock.moved(dt.timedelta(seconds=61)):
        send_waiting()
    assert by_person(today(), Unit.MESSAGES) == {town.kim.pk: 1}
    assert by_person(today(), Unit.WORDS) == {town.kim.pk: 4}
    assert by_function(today(), Unit.MESSAGES) == {town.streets.pk: 1}
    assert by_channel(today(), Unit.MESSAGES) == {message.channel: {town.kim.pk: 1}}
    assert LastAnswer.objects.get().day == clock.today()


def test_what_was_taken_back_or_only_noted_is_not_said(town: Town, settings: Any) -> None:
    settings.GENSVAR_UNDO_SECONDS = 60
    word = town.asks()
    answers.take_back(town.answer(word), by=town.user())
    conversations.add_note(word.conversation, "Vet du?", by=town.user())
    with clock.moved(dt.timedelta(seconds=61)):
        send_waiting()
    assert sums() == NOTHING


def test_what_bounced_and_is_taken_back_before_it_goes_again_is_said_no_more(town: Town) -> None:
    message = answered(town)
    assert SaidWord.objects.count() == 1
    outbox.fail(the_delivery(message), "550 no such user")
    send_waiting()
    assert SaidWord.objects.count() == 1  # it had left us
    answers.retry_delivery(the_delivery(message), by=town.user())
    answers.take_back(message, by=town.user())
    send_waiting()
    assert sums() == NOTHING


def test_what_is_posted_counts_when_it_is_done(town: Town) -> None:
    message = town.answer(town.asks())
    Delivery.objects.filter(message=message).update(channel="phone", state=Delivery.State.BY_HAND)
    send_waiting()
    assert not SaidWord.objects.exists()
    answers.done_by_hand(the_delivery(message), by=town.user())
    send_waiting()
    assert SaidWord.objects.get().source_id == message.pk


def test_what_two_answered_together_counts_for_both_and_its_words_are_shared(town: Town) -> None:
    draft = town.draft(town.asks(), "Vi plogar i natt igen.")
    asked = cosigning.ask(draft, town.bo, by=town.user())
    cosigning.sign(asked, cosigning.words_of(draft), by=town.user(town.bo))
    answers.send_answer(draft, by=town.user())
    send_waiting()
    assert by_person(today(), Unit.MESSAGES) == {town.kim.pk: 1, town.bo.pk: 1}
    assert by_person(today(), Unit.WORDS) == {town.kim.pk: 3, town.bo.pk: 2}
    assert set(LastAnswer.objects.values_list("person", flat=True)) == {town.kim.pk, town.bo.pk}
    before = sums()
    rebuild()
    assert sums() == before


def test_a_handler_that_runs_twice_counts_once(town: Town) -> None:
    message = answered(town)
    before = sums()
    counting.count_word(WordSent(message.pk))
    counting.count_word(WordSent(message.pk))
    counting.count_anew(AboutChanged(message.conversation_id))
    assert sums() == before
    assert SaidDay.objects.get().messages == 1


def test_words_move_with_the_topics_of_their_conversation(town: Town) -> None:
    snow, light = (Topic.objects.create(slug=slug, name=slug) for slug in ("sno", "ljus"))
    message = answered(town)
    assert by_person(today(topic=snow.pk), Unit.MESSAGES) == {}
    for chosen, counted in ((["sno"], {snow}), (["sno", "ljus"], {snow, light}), ([], set())):
        conversations.set_topics(message.conversation, chosen, by=town.user())
        send_waiting()
        for topic in (snow, light):
            expected = {town.kim.pk: 1} if topic in counted else {}
            assert by_person(today(topic=topic.pk), Unit.MESSAGES) == expected
        assert by_person(today(), Unit.MESSAGES) == {town.kim.pk: 1}  # once, whatever it is about
        assert SaidDay.objects.count() == LastAnswer.objects.count() == 1


def test_words_that_are_about_something_else_make_no_public_page_anew_but_one_that_is_taken_away_does(
    town: Town,
) -> None:
    for slug in ("sno", "ljus"):
        Topic.objects.create(slug=slug, name=slug)
    message = answered(town, "Ja.", "sno")
    answered(town, "Nej.", "ljus", subject="Något annat", sender="Bo <bo@example.org>")
    before = freshness.signature()
    for chosen in (["ljus"], [], ["sno", "ljus"]):
        conversations.set_topics(message.conversation, chosen, by=town.user())
        send_waiting()
    assert freshness.signature() == before
    Delivery.objects.filter(message=message).update(sent_at=None)
    counting.count_word(WordSent(message.pk))
    assert SaidDay.objects.count() == 1
    assert freshness.signature() != before


def test_two_topics_that_become_one_count_once_without_another_handler(town: Town) -> None:
    snow, winter = (Topic.objects.create(slug=slug, name=slug) for slug in ("sno", "vinter"))
    answered(town, "Ja.", "sno", "vinter")
    topics.merge_topics(snow, winter, by=make_user(Role.ADMINISTRATOR))
    assert by_person(today(topic=winter.pk), Unit.MESSAGES) == {town.kim.pk: 1}


def test_a_merged_conversation_takes_its_words_along(town: Town) -> None:
    snow = Topic.objects.create(slug="sno", name="Snö")
    first = answered(town, "Ja.", "sno")
    second = answered(town, "Nej.", subject="Något annat", sender="Bo <bo@example.org>")
    conversations.merge(second.conversation, first.conversation, by=town.user())
    send_waiting()
    assert by_person(today(topic=snow.pk), Unit.MESSAGES) == {town.kim.pk: 2}
    assert set(SaidWord.objects.values_list("conversation_id", flat=True)) == {first.conversation_id}


def test_a_day_is_the_municipalitys_and_both_ends_are_included(town: Town) -> None:
    message = answered(town)
    late = dt.datetime(2026, 10, 31, 23, 30, tzinfo=dt.UTC)  # 1 November 00:30 in Sweden
    Message.objects.filter(pk=message.pk).update(at=late)
    counting.count_word(WordSent(message.pk))
    first = dt.date(2026, 11, 1)
    assert timezone.localdate(late) == first
    for starts, ends, there in ((first, first, 1), (dt.date(2026, 10, 1), dt.date(2026, 10, 31), 0)):
        assert sum(by_person(Selection(starts, ends), Unit.MESSAGES).values()) == there
    with pytest.raises(ValueError, match="before the first"):
        Selection(first, dt.date(2026, 10, 31))


def test_made_anew_from_the_words_it_is_the_same(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in ("sno", "ljus"):
        Topic.objects.create(slug=slug, name=slug)
    answered(town, "Ett två tre.", "sno")
    answered(town, "Fyra.", "sno", "ljus", subject="Annat", sender="Bo <bo@example.org>")
    answered(town, "Fem sex.", subject="Tredje", sender="Li <li@example.org>")
    kept = sums()
    assert [len(part) for part in kept] == [3, 3, 3, 1]
    monkeypatch.setattr("gensvar.voices.rebuilding.STEP", 2)
    assert rebuild() == 3
    assert sums() == kept
    # Whatever went wrong with the sums before: rows lost, doubled, or of words that there are not.
    SaidDay.objects.update(messages=9, words=99)
    word = SaidWord.objects.order_by("pk").first()
    assert word is not None
    word.delete()
    LastAnswer.objects.update(day="2020-01-01")
    SaidMonth.objects.update(messages=9, words=99)
    ghost = SaidWord.objects.order_by("pk").first()
    assert ghost is not None
    ghost.pk, ghost.source_id = None, ghost.source_id + 50
    ghost.save()
    told: list[tuple[int, int]] = []
    assert rebuild(lambda done, total: told.append((done, total))) == 3
    assert sums() == kept
    assert told[-1][0] == told[-1][1]


def test_months_that_a_process_of_an_older_version_left_wrong_are_found_and_mended(town: Town) -> None:
    answered(town, "Ett två tre.")
    kept, hourly = sums(), TimeCame("voices.mend_months", 3600)
    spoils: list[Callable[[], object]] = [
        SaidMonth.objects.all().delete,  # it knew no months
        lambda: SaidMonth.objects.update(words=1),
        lambda: SaidMonth.objects.create(
            month=dt.date(2020, 1, 1),
            person=town.kim,
            function=town.streets,
            channel="x",
            messages=1,
            words=1,
        ),
    ]
    for spoil in spoils:
        spoil()
        assert in_step.mend_months(hourly)() > clock.now()
        assert sums() == kept
    with CaptureQueriesContext(connection) as asked:
        in_step.mend_months(hourly)()
    assert [one["sql"].partition(" ")[0] for one in asked] == ["SELECT"], (
        "nothing is wrong: nothing is written"
    )


@pytest.mark.parametrize("lost", ["a row", "its numbers"])
def test_a_sum_that_is_too_low_stays_in_nobodys_way(town: Town, lost: str) -> None:
    message = answered(town)
    kept = sums()
    if lost == "a row":
        SaidDay.objects.all().delete()
    else:
        SaidDay.objects.update(messages=0, words=0)
    Message.objects.filter(pk=message.pk).update(function=None)
    counting.count_word(WordSent(message.pk))  # takes it from a sum that does not hold it
    assert sums() == NOTHING
    Message.objects.filter(pk=message.pk).update(function=town.streets)
    assert rebuild() == 1
    assert sums() == kept


def test_words_that_went_out_before_there_was_a_counting_are_missing(town: Town) -> None:
    assert not is_missing()  # nothing was said
    answered(town)
    assert not is_missing()
    SaidWord.objects.all().delete()
    assert is_missing()


def test_a_rebuilding_stopped_after_any_step_is_finished_by_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(town, "Ett två tre.")
    answered(town, "Fyra.", subject="Annat", sender="Bo <bo@example.org>")
    kept = sums()
    monkeypatch.setattr("gensvar.voices.rebuilding.STEP", 2)
    SaidWord.objects.all().delete()
    for patience in range(3):  # two steps of words, one day
        asked = iter([False] * patience + [True] * 99)
        assert rebuild(stopped=lambda asked=asked: next(asked)) is None  # type: ignore[misc]
    assert rebuild() == 2
    assert sums() == kept


def test_only_words_of_a_person_for_a_function_that_left_us_count(town: Town) -> None:
    message = answered(town)
    Message.objects.filter(pk=message.pk).update(function=None)
    assert rebuild() == 0
    assert sums() == NOTHING
    assert Conversation.objects.filter(pk=message.conversation_id).exists()


def test_the_key_of_topics_holds_whole_ids() -> None:
    assert key_of([]) == ""
    assert key_of([17, 3, 17]) == ",3,17,"
    assert topics_of(",3,17,") == [3, 17]
    many = key_of(list(range(10**6, 10**6 + 200)))
    assert len(many) <= 400
    assert topics_of(many) == list(range(10**6, 10**6 + len(topics_of(many))))
