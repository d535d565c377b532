"""What staff hold two addresses to be: who may say it, of whom, what follows, and that a take-back leaves nothing of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gensvar.conversations import services
from gensvar.conversations.models import Contact, ContactAddress, Conversation, Message, OtherAddress
from gensvar.conversations.other_addresses import MOST_CONTACTS, others_of, said_of
from gensvar.conversations.reading import read_envelope
from gensvar.conversations.states import ImpossibleMove
from gensvar.conversations.tests.scene import Scene
from gensvar.core.access import NotAllowed
from gensvar.core.models import AuditEntry, Event, User
from gensvar.core.roles import Role
from gensvar.intake.events import EnvelopeReceived
from gensvar.intake.tests.mails import make_mail
from gensvar.people.tests.factories import make_function, make_person, make_user, user_of

pytestmark = pytest.mark.django_db
WORK = "anna@work.example"
WHY = "Hon sade det i telefon."
TO_FIRST = ("In-Reply-To: <first@example.se>",)


def owner(address: str) -> Contact:
    return ContactAddress.objects.get(address=address).contact


def held(conversation: Conversation) -> list[str]:
    """The other addresses that are held to be the writer's."""
    contact = Contact.objects.get(conversations=conversation)
    return [str(other.address) for other in others_of(contact, said_of(contact))]


# --- What follows ----------------------------------------------------------------------------------------------------


def test_a_known_address_and_a_new_one_keep_contacts_of_their_own(
    scene: Scene, conversation: Conversation, kim: User
) -> None:
    known = scene.mail("Från jobbet", sender=f"A. Lind <{WORK}>")
    for address in (WORK, "Anna@Hemma.Example"):
        services.also_writes_from(conversation, address, WHY, by=kim)
    assert held(conversation) == [WORK, "anna@hemma.example"]
    assert held(known.conversation) == ["anna@example.se", "anna@hemma.example"]
    assert Contact.objects.count() == ContactAddress.objects.count() == 3
    assert len({owner(one).same_person_id for one in ("anna@example.se", WORK, "anna@hemma.example")}) == 1


def test_the_one_that_is_taken_back_goes_and_the_others_stay(
    scene: Scene, conversation: Conversation, kim: User
) -> None:
    said = services.also_writes_from(conversation, WORK, WHY, by=kim)
    begun = scene.mail("Från jobbet", sender=WORK).conversation
    services.also_writes_from(begun, "anna@hemma.example", WHY, by=kim)
    assert held(conversation) == [WORK, "anna@hemma.example"]
    services.not_also_writes_from(begun, said.pk, by=kim)
    assert held(conversation) == []
    assert held(begun) == ["anna@hemma.example"]
    assert owner("anna@example.se").same_person is None
    services.also_writes_from(conversation, WORK, "Ändå.", by=kim)
    assert held(conversation) == [WORK, "anna@hemma.example"]
    assert OtherAddress.objects.filter(taken_back_at=None).count() == 2


def test_both_acts_stand_in_the_log_without_address_and_reason(conversation: Conversation, kim: User) -> None:
    said = services.also_writes_from(conversation, WORK, WHY, by=kim)
    services.not_also_writes_from(conversation, said.pk, by=kim)
    rows = AuditEntry.objects.filter(action__contains="also_writes_from").order_by("pk")
    assert [row.action for row in rows] == [
        "conversation.also_writes_from",
        "conversation.not_also_writes_from",
    ]
    for row in rows:
        assert (row.user, row.target_id) == (kim, str(conversation.pk))
        assert row.details == {"said": said.pk, "contact": conversation.contact_id}
    said.refresh_from_db()
    assert (said.said_by, said.taken_back_by, said.reason) == (kim, kim, WHY)


def test_once_taken_back_its_mail_threads_no_more_where_it_took_no_part(
    scene: Scene, conversation: Conversation, kim: User
) -> None:
    said = services.also_writes_from(conversation, WORK, WHY, by=kim)
    services.not_also_writes_from(conversation, said.pk, by=kim)
    reply = scene.mail("Från jobbet", sender=WORK, headers=TO_FIRST)
    assert reply.conversation != conversation
    assert reply.conversation.linked_from == conversation


def test_a_reply_to_what_was_merged_or_marked_as_spam_goes_where_the_first_address_would(
    scene: Scene, conversation: Conversation, kim: User, boss: User
) -> None:
    services.also_writes_from(conversation, WORK, WHY, by=kim)
    into = scene.mail("Om samma sak", sender="bo@example.se").conversation
    services.merge(conversation, into, by=boss)
    assert scene.mail("per referens", sender=WORK, headers=TO_FIRST).conversation == into
    services.mark_spam(into, by=boss)
    assert scene.mail("igen", sender=WORK, headers=TO_FIRST).conversation.state == "spam"


def test_only_the_mail_of_an_address_of_which_something_is_held_costs_one_statement_more(
    scene: Scene, conversation: Conversation, kim: User
) -> None:
    scene.mail("Från jobbet", sender=WORK)
    services.add_note(conversation, "Vi ser.", by=kim)

    def cost() -> int:
        fact = EnvelopeReceived(scene.keep(make_mail("svar", sender=WORK, headers=TO_FIRST)).pk)
        Event.objects.update(state=Event.State.DONE)
        with CaptureQueriesContext(connection) as captured:
            read_envelope(fact)()
        return sum("same_person_id = " in str(one["sql"]) for one in captured)

    assert cost() == 0
    services.also_writes_from(conversation, WORK, WHY, by=kim)
    assert cost() == 1
    assert scene.mail("Annat", sender="bo@example.se").contact is not None


# --- What cannot be said ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "reason", "words"),
    [
        (WORK, " ", "Skriv varför"),
        ("", WHY, "adress"),
        ("anna", WHY, "ingen e-postadress"),
        ("x@y\r\nBcc: z@example.se", WHY, "adress"),
        ("anna@example.se", WHY, "hör redan till"),
        ("gata@norrvik.example", WHY, "kan inte läggas till"),
        ("noreply@example.se", WHY, "kan inte läggas till"),
        ("kim", WHY, "kan inte läggas till"),
    ],
)
def test_what_is_no_other_address_of_a_resident_is_refused_and_changes_nothing(
    scene: Scene, conversation: Conversation, kim: User, address: str, reason: str, words: str
) -> None:
    before = list(Contact.objects.order_by("pk").values())
    with pytest.raises((ValueError, ImpossibleMove), match=words):
        services.also_writes_from(
            conversation, scene.kim.email if address == "kim" else address, reason, by=kim
        )
    assert list(Contact.objects.order_by("pk").values()) == before
    assert not OtherAddress.objects.exists()


def test_a_person_has_no_more_addresses_than_a_list_can_bear(conversation: Conversation, kim: User) -> None:
    for number in range(1, MOST_CONTACTS):
        services.also_writes_from(conversation, f"anna{number}@example.net", WHY, by=kim)
    with pytest.raises(ImpossibleMove, match=str(MOST_CONTACTS)):
        services.also_writes_from(conversation, WORK, WHY, by=kim)
    assert len(held(conversation)) == MOST_CONTACTS - 1


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.EXTERNAL, Role.ADMINISTRATOR])
def test_who_does_not_answer_or_may_not_see_contacts_says_nothing(
    conversation: Conversation, kim: User, role: Role
) -> None:
    said, by = services.also_writes_from(conversation, WORK, WHY, by=kim), make_user(role)
    with pytest.raises(NotAllowed):
        services.also_writes_from(conversation, "anna@hemma.example", WHY, by=by)
    with pytest.raises(NotAllowed):
        services.not_also_writes_from(conversation, said.pk, by=by)
    assert held(conversation) == [WORK]


def test_nor_does_who_does_not_see_the_conversation(scene: Scene, conversation: Conversation) -> None:
    other = user_of(make_person("Sam Åberg", make_function("Skola")))
    with pytest.raises(NotAllowed):
        services.also_writes_from(conversation, WORK, WHY, by=other)
    assert not ContactAddress.objects.filter(address=WORK).exists()


def test_nothing_is_said_in_spam(conversation: Conversation, kim: User) -> None:
    services.mark_spam(conversation, by=kim)
    with pytest.raises(ImpossibleMove):
        services.also_writes_from(conversation, WORK, WHY, by=kim)


def test_what_was_said_of_somebody_else_is_not_taken_back_here(
    scene: Scene, conversation: Conversation, kim: User
) -> None:
    said = services.also_writes_from(conversation, WORK, WHY, by=kim)
    other = scene.mail("Hej", sender="bo@example.se").conversation
    with pytest.raises(OtherAddress.DoesNotExist):
        services.not_also_writes_from(other, said.pk, by=kim)


# --- A protected identity -----------------------------------------------------------------------------------------------


def test_of_a_protected_identity_nothing_is_said(conversation: Conversation, kim: User, boss: User) -> None:
    Contact.objects.update(protected=True)
    for by in (kim, boss):
        with pytest.raises(ImpossibleMove, match="Det går inte att säga något om den som skrev") as refusal:
            services.also_writes_from(conversation, WORK, WHY, by=by)
    Conversation.objects.update(state="spam")
    Contact.objects.update(protected=False)
    with pytest.raises(
        ImpossibleMove, match=f"^{refusal.value}$"
    ):  # the words do not tell which of the two it was
        services.also_writes_from(conversation, WORK, WHY, by=kim)
    assert not ContactAddress.objects.filter(address=WORK).exists()


@pytest.mark.parametrize("address", ["anna@example.se", WORK])
def test_one_that_becomes_protected_is_not_found_by_what_was_said_before(
    scene: Scene, conversation: Conversation, kim: User, address: str
) -> None:
    said = services.also_writes_from(conversation, WORK, WHY, by=kim)
    begun = scene.mail("Från jobbet", sender=WORK).conversation
    Contact.objects.filter(addresses__address=address).update(protected=True)
    assert held(conversation) == held(begun) == []
    assert scene.mail("svar", sender=WORK, headers=TO_FIRST).conversation != conversation
    for one in (conversation, begun):
        with pytest.raises((ImpossibleMove, OtherAddress.DoesNotExist)):
            services.not_also_writes_from(one, said.pk, by=kim)
    Contact.objects.update(protected=False)
    assert held(conversation) == [WORK]


# --- Two at once -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_say_the_same_at_once_and_take_it_back_at_once_do_it_once() -> None:
    scene = Scene()
    kim = user_of(scene.kim)
    first = scene.mail(message_id="first@example.se").conversation
    second = scene.mail("Från jobbet", sender=WORK).conversation
    said = at_once(
        lambda: services.also_writes_from(first, WORK, WHY, by=kim),
        lambda: services.also_writes_from(second, "anna@example.se", WHY, by=kim),
        lambda: services.also_writes_from(first, WORK, "Jag vet det.", by=kim),
    )
    assert said.count(None) == 1
    row = OtherAddress.objects.get()
    back = at_once(*[lambda: services.not_also_writes_from(first, row.pk, by=kim)] * 3)
    assert back.count(None) == 1
    assert not Contact.objects.exclude(same_person=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_comes_while_its_address_is_said_has_one_contact() -> None:
    scene = Scene()
    kim = user_of(scene.kim)
    first = scene.mail(message_id="first@example.se").conversation
    fact = EnvelopeReceived(scene.keep(make_mail("svar", sender=f"Anna L <{WORK}>", headers=TO_FIRST)).pk)
    Event.objects.update(state=Event.State.DONE)

    def read() -> None:
        settle = read_envelope(fact)
        assert settle is not None
        with transaction.atomic():
            settle()

    assert at_once(read, lambda: services.also_writes_from(first, WORK, WHY, by=kim)) == [None, None]
    assert Message.objects.get(text="svar").contact == owner(WORK)
    assert owner(WORK).same_person is not None
    assert Contact.objects.count() == 2


def at_once(*deeds: Callable[[], object]) -> list[ImpossibleMove | None]:
    """Do them in threads of their own, begun together; gives what refused each."""
    start = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> ImpossibleMove | None:
        try:
            start.wait(60)
            deed()
        except ImpossibleMove as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
