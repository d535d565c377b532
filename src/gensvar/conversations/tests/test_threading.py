"""Where a word belongs, and that nobody gets into a conversation that is not theirs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from gensvar.conversations import counts, services
from gensvar.conversations.models import Contact, Conversation, Message, Participant
from gensvar.conversations.tests.scene import Scene
from gensvar.core import runner, tokens
from gensvar.core.models import Event, User
from gensvar.core.roles import Role
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.intake.tests.mails import make_mail
from gensvar.people.tests.factories import make_user

pytestmark = pytest.mark.django_db
STRANGER = "Eva <eva@elsewhere.example>"


@pytest.fixture
def first(scene: Scene) -> Message:
    return scene.mail(message_id="first@example.se")


def part_of(message: Message) -> Participant:
    return message.conversation.participants.order_by("pk")[0]


# --- What belongs together comes together -----------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["In-Reply-To: <first@example.se>", "References: <unknown@x> <first@example.se>"]
)
def test_a_reply_by_reference_comes_into_its_conversation(scene: Scene, first: Message, header: str) -> None:
    reply = scene.mail("En sak till", headers=(header,))
    conversation = first.conversation
    conversation.refresh_from_db()
    assert reply.conversation == conversation
    assert (conversation.message_count, conversation.preview) == (2, "En sak till")


def test_our_token_is_enough_whatever_the_subject_and_references_say(scene: Scene, first: Message) -> None:
    reply = scene.mail("Tack", to=scene.reply_address(part_of(first)), subject="Helt annat")
    assert reply.conversation == first.conversation


def test_our_token_in_a_message_id_that_is_answered_is_enough(scene: Scene, first: Message) -> None:
    header = f"In-Reply-To: <{part_of(first).token}.1234@norrvik.example>"
    assert scene.mail("Tack", headers=(header,)).conversation == first.conversation


def test_the_same_subject_alone_joins_nothing(scene: Scene, first: Message) -> None:
    assert scene.mail("Samma rubrik", subject="Re: Snöröjningen").conversation != first.conversation


def test_a_reply_from_another_address_of_the_same_person_belongs(
    scene: Scene, first: Message, kim: User
) -> None:
    services.also_writes_from(first.conversation, "anna@work.example", "Hon sade det i telefon.", by=kim)
    reply = scene.mail(
        "Från jobbet", sender="anna@work.example", headers=("In-Reply-To: <first@example.se>",)
    )
    assert reply.conversation == first.conversation
    assert [part.address for part in reply.conversation.participants.order_by("pk")] == [
        "anna@example.se",
        "anna@work.example",
    ]


def test_whoever_was_copied_may_reply_to_all(scene: Scene) -> None:
    first = scene.mail(message_id="first@example.se", headers=("Cc: bo@example.se",))
    reply = scene.mail("Jag också", sender="bo@example.se", headers=("In-Reply-To: <first@example.se>",))
    assert reply.conversation == first.conversation


def test_a_reply_that_is_faster_than_what_it_replies_to_finds_together_with_it(scene: Scene) -> None:
    reply = scene.mail("Svar på mig själv", headers=("In-Reply-To: <slow@example.se>",))
    assert scene.mail("Det första", message_id="slow@example.se").conversation == reply.conversation


def test_a_closed_conversation_opens_again_and_a_snoozed_one_wakes(scene: Scene, first: Message) -> None:
    services.close(first.conversation, by=make_user(Role.COORDINATOR))
    scene.mail("Ännu en sak", headers=("In-Reply-To: <first@example.se>",))
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.closed_at, conversation.unread) == ("open", None, True)
    assert counts.differences() == {}


def test_what_is_spam_stays_spam(scene: Scene, first: Message) -> None:
    services.mark_spam(first.conversation, by=make_user(Role.COORDINATOR))
    assert scene.mail("Köp nu", headers=("In-Reply-To: <first@example.se>",)).conversation.state == "spam"


def test_a_reply_to_a_merged_conversation_arrives_where_it_went(scene: Scene, first: Message) -> None:
    other = scene.mail("Om samma sak", sender="bo@example.se")
    token = part_of(first).token
    services.merge(first.conversation, other.conversation, by=make_user(Role.COORDINATOR))
    for reply in (
        scene.mail("per referens", headers=("In-Reply-To: <first@example.se>",)),
        scene.mail("per token", to=f"gata+{token}@norrvik.example"),
    ):
        assert reply.conversation == other.conversation
    assert counts.differences() == {}


def test_of_two_threads_the_one_of_this_place_is_meant(scene: Scene) -> None:
    other = Scene("skolan@norrvik.example")
    raw = make_mail(message_id="both@example.se")
    scene.keep(raw)
    scene.keep(raw, contact_point=other.place)
    scene.read()
    assert Conversation.objects.count() == 2
    for one in (scene, other):
        reply = one.mail("Mer", headers=("In-Reply-To: <both@example.se>",))
        assert reply.conversation.contact_point == one.place


# --- Strangers stay outside -----------------------------------------------------------------------------


def test_a_stranger_who_quotes_the_references_gets_a_linked_conversation_of_their_own(
    scene: Scene, first: Message
) -> None:
    attack = scene.mail("Jag är Anna", sender=STRANGER, headers=("In-Reply-To: <first@example.se>",))
    assert attack.conversation != first.conversation
    assert attack.conversation.linked_from == first.conversation
    assert first.conversation.participants.count() == 1


def test_the_number_in_a_subject_opens_nothing(scene: Scene, first: Message) -> None:
    attack = scene.mail(
        "Släpp in mig", sender=STRANGER, subject=f"Re: [{first.conversation.number}] Snöröjningen"
    )
    assert attack.conversation != first.conversation
    assert attack.conversation.linked_from is None


def test_a_forged_token_opens_nothing(scene: Scene, first: Message) -> None:
    token = part_of(first).token
    forged = [
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        "a" * 36,
        tokens.make("bounce", part_of(first).key),
    ]
    for one in forged:
        attack = scene.mail("Släpp in mig", sender=STRANGER, to=f"gata+{one}@norrvik.example")
        assert attack.conversation != first.conversation


def test_a_token_of_another_conversation_leads_only_there(scene: Scene, first: Message) -> None:
    own = scene.mail("Min fråga", sender=STRANGER)
    attack = scene.mail(
        "Släpp in mig",
        sender=STRANGER,
        to=scene.reply_address(part_of(own)),
        headers=("In-Reply-To: <first@example.se>",),
    )
    assert attack.conversation == own.conversation


def test_who_holds_the_token_takes_part_from_then_on(scene: Scene, first: Message) -> None:
    reply = scene.mail(
        "Jag svarar åt Anna", sender="Bo <bo@example.se>", to=scene.reply_address(part_of(first))
    )
    assert reply.conversation == first.conversation
    assert {part.address for part in reply.conversation.participants.all()} == {
        "anna@example.se",
        "bo@example.se",
    }
    later = scene.mail("En gång till", sender="bo@example.se", headers=("In-Reply-To: <first@example.se>",))
    assert later.conversation == first.conversation


# --- Machines and our own people ---------------------------------------------------------------------------


def test_an_automatic_reply_is_kept_with_what_it_replies_to_and_changes_no_turn(
    scene: Scene, first: Message
) -> None:
    scene.answer(first.conversation)
    notice = scene.mail(
        "Jag är borta", headers=("In-Reply-To: <first@example.se>", "Auto-Submitted: auto-replied")
    )
    conversation = Conversation.objects.get()
    assert notice.conversation == conversation
    assert (conversation.state, conversation.unread, conversation.message_count) == ("waiting", False, 3)
    assert conversation.preview == "I morgon."


BOUNCE = (
    "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
    "Message-ID: <{id}@mx.example>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    "Final-Recipient: rfc822; anna@example.se\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\n\r\n--b--\r\n"
)


def test_a_bounce_is_kept_with_what_it_concerns_and_told_on(scene: Scene, first: Message) -> None:
    scene.answer(first.conversation)
    original = f"{part_of(first).token}.77@norrvik.example"
    scene.keep(BOUNCE.format(to=scene.place.address, id=1, original=original).encode(), mail_from="")
    scene.keep(make_mail("efter"))
    with_events = Event.objects.filter(fact="report_received")
    runner.run_batch(Event.Lane.DATABASE)
    bounce = Message.objects.get(kind="bounce")
    assert bounce.conversation == first.conversation
    assert Conversation.objects.get(pk=first.conversation_id).state == "waiting"
    report, *others = [told.payload for told in with_events]
    assert all(other == report for other in others), "everyone who is told is told the same"
    assert (report["recipient"], report["status"], report["original_message_id"]) == (
        "anna@example.se",
        "5.1.1",
        original,
    )
    assert bounce.conversation.participants.count() == 1


def test_a_bounce_of_nothing_that_we_know_opens_no_question(scene: Scene) -> None:
    scene.keep(BOUNCE.format(to=scene.place.address, id=2, original="unknown@x").encode())
    scene.read()
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.unread) == ("closed", False)
    assert not conversation.participants.exists()
    assert counts.counted() == {}


def test_staff_who_answer_from_their_own_program_are_seen_among_us_only(scene: Scene, first: Message) -> None:
    from gensvar.conversations.queries import resident_thread

    outside = scene.mail(
        "Jag svarade Anna", sender=scene.kim.email, headers=("In-Reply-To: <first@example.se>",)
    )
    assert outside.conversation == first.conversation
    assert (outside.direction, outside.person, "outside" in outside.marks) == ("note", scene.kim, True)
    assert [message.pk for message in resident_thread(part_of(first))] == [first.pk]
    assert Conversation.objects.get().state == "open"


def test_staff_who_write_something_new_are_residents_too(scene: Scene) -> None:
    assert scene.mail("Min egen gata", sender=scene.kim.email).direction == "in"


# --- Two at once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_the_same_contacts_and_threads_make_each_once() -> None:
    scene = Scene()
    for number in range(6):
        receive(
            make_mail(f"första {number}", sender=f"r{number % 3}@example.se", message_id=f"f{number}@x"),
            contact_point=scene.place,
            source=Envelope.Source.SMTP,
        )
        for reply in range(4):
            receive(
                make_mail(
                    f"svar {number} {reply}",
                    sender=f"r{number % 3}@example.se",
                    headers=(f"In-Reply-To: <f{number}@x>",),
                ),
                contact_point=scene.place,
                source=Envelope.Source.SMTP,
            )
    start = threading.Barrier(3)

    def work(_: int) -> None:
        try:
            start.wait(120)
            while Event.objects.filter(fact="envelope_received", state=Event.State.WAITING).exists():
                runner.run_batch(Event.Lane.DATABASE, 2)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert not Envelope.objects.exclude(state=Envelope.State.READ).exists()
    assert Message.objects.filter(envelope__isnull=False).count() == 30
    assert Contact.objects.count() == 3
    assert Conversation.objects.count() == 6
    assert set(Conversation.objects.values_list("message_count", flat=True)) == {5}
    assert counts.differences() == {}
    numbers = sorted(Conversation.objects.values_list("number", flat=True))
    assert [number[5:] for number in numbers] == [f"{n:06d}" for n in range(1, 7)]


def test_a_machine_that_replies_gets_no_part_and_so_no_answers(scene: Scene, first: Message) -> None:
    to = scene.reply_address(part_of(first))
    notice = scene.mail(
        "Ticket #1", sender="robot@example.se", to=to, headers=("Auto-Submitted: auto-replied",)
    )
    assert notice.conversation == first.conversation
    assert [part.address for part in first.conversation.participants.all()] == ["anna@example.se"]
