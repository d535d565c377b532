"""What staff and residents do to conversations: who may, what follows, and that the numbers beside the queues stay right."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gensvar.conversations import counts, queries, services
from gensvar.conversations.models import Conversation, Mention, Message, Participant, QueueCount
from gensvar.conversations.notes import asked_in
from gensvar.conversations.states import ImpossibleMove
from gensvar.conversations.tests.scene import Scene
from gensvar.core import clock
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, Event, User
from gensvar.core.roles import Role
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_function, make_person, make_user, user_of

pytestmark = pytest.mark.django_db


# --- Whose it is, whose turn it is --------------------------------------------------------------


def test_assigned_closed_reopened_each_is_counted_and_written_down(
    conversation: Conversation, scene: Scene, kim: User
) -> None:
    services.assign(conversation, scene.kim, by=kim)
    assert conversation.assignee == scene.kim
    assert queries.queue_counts(kim)["mine"] == 1
    services.close(conversation, by=kim)
    assert (conversation.state, conversation.closed_at is not None) == ("closed", True)
    assert queries.queue_counts(kim)["mine"] == 0
    services.reopen(conversation, by=kim)
    services.assign(conversation, None, by=kim)
    assert (conversation.state, conversation.closed_at, conversation.assignee_id) == ("open", None, None)
    assert counts.differences() == {}
    acts = AuditEntry.objects.filter(user=kim).order_by("pk").values_list("action", flat=True)
    assert list(acts) == [f"conversation.{act}" for act in ("assign", "close", "reopen", "assign")]


def test_of_two_who_take_it_at_the_same_moment_the_second_is_told(
    conversation: Conversation, scene: Scene, kim: User
) -> None:
    robin = make_person("Robin Öst", scene.function)
    seen = Conversation.objects.get(pk=conversation.pk)
    services.take(conversation, robin, had=None, by=user_of(robin))
    with pytest.raises(ImpossibleMove, match="Robin Öst"):
        services.take(seen, scene.kim, had=None, by=kim)
    services.take(conversation, robin, had=None, by=user_of(robin))  # pressed twice
    services.take(seen, scene.kim, had=robin.pk, by=kim)
    assert Conversation.objects.get().assignee == scene.kim


def test_passed_on_it_is_nobody_s_in_person_and_seen_by_the_others(
    conversation: Conversation, scene: Scene, kim: User
) -> None:
    school = make_function("Skolan")
    teacher = user_of(make_person("Bo Berg", school))
    services.assign(conversation, scene.kim, by=kim)
    services.pass_to(conversation, school, by=kim)
    assert (conversation.function, conversation.assignee) == (school, None)
    assert not queries.visible_to(kim).exists()
    assert queries.visible_to(teacher).get() == conversation
    assert len(queries.search_messages(teacher, "plogas").rows) == 1
    assert not queries.search_messages(kim, "plogas").rows
    assert counts.differences() == {}


def test_routing_places_without_a_person_and_says_whether_it_did(
    conversation: Conversation, scene: Scene
) -> None:
    due = clock.now() + dt.timedelta(days=3)
    assert services.place(conversation, function=scene.function, assignee=scene.kim, due_at=due)
    assert not services.place(conversation, function=scene.function, assignee=scene.kim, due_at=due)
    assert Conversation.objects.get().assignee == scene.kim
    assert counts.differences() == {}


def test_spam_is_kept_out_of_everything_but_its_own_queue(conversation: Conversation, kim: User) -> None:
    services.mark_spam(conversation, by=kim)
    numbers = queries.queue_counts(kim)
    assert (numbers["spam"], numbers["functions"], numbers["unassigned"]) == (1, 0, 0)
    assert not queries.search_messages(kim, "plogas").rows
    assert len(queries.search_messages(kim, "plogas", state="spam").rows) == 1
    Conversation.objects.update(closed_at=clock.now())  # as where it was closed before
    services.not_spam(conversation, by=kim)
    assert (conversation.state, conversation.closed_at) == ("open", None)
    assert queries.queue_counts(kim)["functions"] == 1
    assert counts.differences() == {}


def test_snoozed_it_rests_until_its_time(conversation: Conversation, kim: User) -> None:
    services.snooze(conversation, clock.now() + dt.timedelta(hours=2), by=kim)
    assert (queries.queue_counts(kim)["functions"], queries.queue_counts(kim)["snoozed"]) == (0, 1)
    assert not queries.queue(kim, "functions").exists()
    assert services.wake_snoozed(clock.now()) == 0
    with clock.moved(dt.timedelta(hours=3)):
        assert services.wake_snoozed(clock.now()) == 1
    with clock.moved(dt.timedelta(days=365)):  # a clock that is ahead, and is set right
        services.snooze(conversation, clock.now() + dt.timedelta(hours=2), by=kim)
    assert services.wake_snoozed(clock.now()) == 1
    services.snooze(conversation, clock.now() + dt.timedelta(days=1), by=kim)
    with CaptureQueriesContext(connection) as asked:
        assert services.wake_snoozed(clock.now()) == 0, "only what was chosen by the wrong clock"
    (sql,) = (one["sql"] for one in asked if "core_auditentry" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        assert "audit_target (target_type=?)" not in str(cursor.fetchall()), "all that was ever done to one"
    services.snooze(conversation, None, by=kim)
    assert queries.queue_counts(kim)["functions"] == 1
    assert counts.differences() == {}


def test_a_new_word_wakes_what_was_snoozed(conversation: Conversation, scene: Scene, kim: User) -> None:
    services.snooze(conversation, clock.now() + dt.timedelta(days=2), by=kim)
    scene.mail("Hör ni?", headers=("In-Reply-To: <first@example.se>",))
    assert Conversation.objects.get().snoozed_until is None
    assert counts.differences() == {}


def test_a_step_that_the_states_do_not_know_changes_nothing(conversation: Conversation, kim: User) -> None:
    services.close(conversation, by=kim)
    with pytest.raises(ImpossibleMove):
        services.close(conversation, by=kim)
    assert AuditEntry.objects.filter(action="conversation.close").count() == 1


def test_opened_it_is_no_longer_new(conversation: Conversation, kim: User) -> None:
    before = queries.version_for(kim)
    services.mark_opened(conversation, by=kim)
    assert not Conversation.objects.get().unread
    assert queries.version_for(kim) > before


ACTS: list[Callable[[Conversation, User, Person], object]] = [
    lambda one, by, person: services.assign(one, person, by=by),
    lambda one, by, person: services.take(one, person, had=None, by=by),
    lambda one, by, person: services.pass_to(one, person.tenures.get().function, by=by),
    lambda one, by, person: services.close(one, by=by),
    lambda one, by, person: services.reopen(one, by=by),
    lambda one, by, person: services.mark_spam(one, by=by),
    lambda one, by, person: services.not_spam(one, by=by),
    lambda one, by, person: services.snooze(one, clock.now() + dt.timedelta(days=1), by=by),
    lambda one, by, person: services.add_note(one, "hej", by=by),
    lambda one, by, person: services.mark_opened(one, by=by),
    lambda one, by, person: services.link(one, one, by=by),
    lambda one, by, person: services.merge(one, one, by=by),
]


def test_nobody_does_anything_to_what_they_may_not_see(conversation: Conversation, scene: Scene) -> None:
    stranger = user_of(make_person("Bo Berg", make_function("Skolan")))
    users = (stranger, make_user(), make_user(Role.ADMINISTRATOR))
    for act, user in product(ACTS, users):
        with pytest.raises(NotAllowed):
            act(conversation, user, scene.kim)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.unread, conversation.message_count) == ("open", True, 1)


def test_an_external_person_only_notes_and_answers(conversation: Conversation, scene: Scene) -> None:
    until = clock.today() + dt.timedelta(days=9)
    consultant = make_person("Eva", scene.function, roles=(Role.EXTERNAL,), kind="external", until=until)
    for act in ACTS[:8]:
        with pytest.raises(NotAllowed):
            act(conversation, user_of(consultant), scene.kim)
    services.add_note(conversation, "Jag tittar på det", by=user_of(consultant))


# --- Notes -----------------------------------------------------------------------------------------


def test_a_note_asks_a_colleague_who_then_sees_the_conversation(
    conversation: Conversation, kim: User
) -> None:
    bo = make_person("Bo Berg", make_function("Skolan"))
    note = services.add_note(conversation, "@Bo Berg, vet du något om plogen?", by=kim)
    assert [mention.person for mention in note.mentions.all()] == [bo]
    assert Event.objects.filter(fact="person_mentioned").count() == 1
    assert queries.get_visible(user_of(bo), conversation.number) == conversation
    assert len(queries.search_messages(user_of(bo), "plogas").rows) == 1
    assert (note.direction, note.person.name if note.person else "") == ("note", "Kim Ek")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@Kim Ek kan du?", ["Kim Ek"]),
        ("@kim ek", ["Kim Ek"]),
        ("fråga @Eva.", ["Eva Ek"]),
        ("@Anna", []),
        ("@Anna Lindström och @Anna Lind", ["Anna Lindström", "Anna Lind"]),
        ("kim@ek.se", []),
        ("@Kimberley", []),
        ("@", []),
    ],
)
def test_who_is_asked_is_found_by_name(text: str, asked: list[str]) -> None:
    people = [
        Person(pk=n, name=name)
        for n, name in enumerate(("Kim Ek", "Eva Ek", "Anna Lind", "Anna Lindström"), 1)
    ]
    assert [person.name for person in asked_in(text, people)] == asked


def test_an_empty_note_is_none(conversation: Conversation, kim: User) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        services.add_note(conversation, " \n", by=kim)


# --- Our own words ----------------------------------------------------------------------------------


def test_an_answer_makes_it_their_turn_and_is_found(
    conversation: Conversation, scene: Scene, kim: User
) -> None:
    Conversation.objects.update(due_at=clock.now())
    message = scene.answer(conversation, "Plogbilen kommer i övermorgon")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.due_at, conversation.unread) == ("waiting", None, False)
    assert conversation.answered_at == message.at
    assert len(queries.search_messages(kim, "plogbilar").rows) == 1
    assert queries.queue_counts(kim)["waiting"] == 1
    assert counts.differences() == {}


def test_a_failed_answer_is_our_turn_again_until_something_is_sent(
    conversation: Conversation, scene: Scene, kim: User
) -> None:
    scene.answer(conversation)
    services.record_failure(conversation)
    numbers = queries.queue_counts(kim)
    assert (conversation.state, numbers["failed"], numbers["functions"]) == ("open", 1, 1)
    assert queries.queue(kim, "failed").get() == conversation
    scene.answer(conversation)
    assert queries.queue_counts(kim)["failed"] == 0
    assert counts.differences() == {}


def test_we_may_begin_a_conversation(scene: Scene, kim: User) -> None:
    part = services.begin(
        scene.place,
        address="bo@example.se",
        subject="Er ansökan",
        function=scene.function,
        person=scene.kim,
        by=kim,
    )
    scene.answer(part.conversation, "Vi behöver en ritning", kind="first")
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.assignee, conversation.contact_name) == (
        "waiting",
        scene.kim,
        "bo@example.se",
    )
    reply = scene.mail("Här är den", sender="bo@example.se", to=scene.reply_address(part))
    assert reply.conversation == conversation
    assert counts.differences() == {}


# --- What the private link shows -----------------------------------------------------------------------


def test_the_private_link_shows_their_own_words_and_what_was_said_to_them(scene: Scene, kim: User) -> None:
    first = scene.mail(message_id="first@example.se", headers=("Cc: bo@example.se",))
    conversation = first.conversation
    anna, bo = conversation.participants.order_by("pk")
    services.add_note(conversation, "En intern anteckning", by=kim)
    answer = scene.answer(conversation)
    second = scene.mail("Jag med", sender="bo@example.se", headers=("In-Reply-To: <first@example.se>",))
    forwarded = scene.answer(conversation, "Till en annan", kind="forward") if kim.may("forward") else None  # type: ignore[arg-type]
    assert forwarded is not None
    assert [message.pk for message in queries.resident_thread(anna)] == [first.pk, answer.pk]
    assert [message.pk for message in queries.resident_thread(bo)] == [second.pk]


def test_the_token_opens_the_participant_s_own_conversation_only(conversation: Conversation) -> None:
    part = conversation.participants.get()
    found = queries.participant_for_token(part.token)
    assert found == part
    for forged in ("", "a" * 36, part.key, conversation.number, part.token[:-1]):
        assert queries.participant_for_token(forged) is None


def test_their_own_yes_is_theirs_alone(conversation: Conversation, scene: Scene) -> None:
    theirs, ours = conversation.messages.get(), scene.answer(conversation)
    part = conversation.participants.get()
    assert theirs.may_publish is None
    services.set_may_publish(theirs, True)
    services.set_may_publish(ours, True)
    services.set_show_name(part, True)
    assert Message.objects.get(pk=theirs.pk).may_publish is True
    assert Message.objects.get(pk=ours.pk).may_publish is None
    assert Participant.objects.get(pk=part.pk).show_name
    services.set_may_publish(theirs, False)
    assert Message.objects.get(pk=theirs.pk).may_publish is False


# --- Numbers -----------------------------------------------------------------------------------------------


def test_wrong_numbers_are_found_and_set_right(conversation: Conversation) -> None:
    QueueCount.objects.filter(key="open").update(value=7)
    QueueCount.objects.create(key="waiting:f99", value=2)
    wrong = {"open": (7, 1), "waiting:f99": (2, 0)}
    assert counts.differences() == wrong
    assert services.recount() == wrong
    assert counts.differences() == {}


@pytest.mark.django_db(transaction=True)
def test_two_staff_and_a_reader_at_once_keep_the_numbers_right() -> None:
    scene = Scene()
    conversations = [scene.mail(f"ord {n}", message_id=f"m{n}@x").conversation for n in range(6)]
    users = [user_of(scene.kim), make_user(Role.COORDINATOR), make_user(Role.COORDINATOR)]
    start = threading.Barrier(len(users))

    def act(user: User) -> None:
        try:
            start.wait(120)
            for one in conversations:
                try:
                    services.assign(one, scene.kim, by=user)
                    services.close(one, by=user)
                    services.reopen(one, by=user)
                except ImpossibleMove:
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(act, users))
    assert counts.differences() == {}
    assert not Mention.objects.exists()
