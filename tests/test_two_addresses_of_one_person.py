"""Whatever staff hold two addresses to be: nobody reads at a private link, or gets by mail, what belongs to the other address.

Nor does whoever only typed an address in the form read, at the link that was shown for it, what the address said or was told.

Attacks from outside: every public address that a key opens, every mail that leaves, after any order of deeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gensvar.answers.models import Delivery
from gensvar.answers.tests.scene import Town, send_waiting
from gensvar.answers.tests.sink import Sink
from gensvar.answers.tests.test_bounces import dsn
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract.addresses import join_plus
from gensvar.conversations import services
from gensvar.conversations.changing import living
from gensvar.conversations.models import (
    Attachment,
    Contact,
    ContactAddress,
    Conversation,
    Message,
    OtherAddress,
    Participant,
)
from gensvar.conversations.states import ImpossibleMove
from gensvar.core import tokens
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.routing.tests.scene import word_comes
from gensvar.square.tests.scene import form_id

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

A, B, C = "anna@example.org", "anna.lind@arbetet.example", "cecilia@example.net"
NAMES: Final = {A: "Anna Lind", B: "A. Lind", C: "Cecilia Ek"}
SECRET: Final = re.compile(r"(?:ord|rubrik|svar)\d+hemligt")
DEEDS: Final = (
    *(f"{who} {what}" for who in "abc" for what in ("writes", "replies", "replies to all", "holds a key")),
    "a at the link",
    "b at the link",
    "a is typed",
    "b is typed",
    "a at the shown link",
    "c holds a shown key",
    "answer the newest",
    "answer the oldest",
    "a is b",
    "b is c",
    "take back",
    "merge",
)
ORDERS: Final = (
    "a writes, a is b, b replies to all, answer the newest",
    "a writes, b writes, answer the oldest, a is b, b replies to all, answer the newest",
    "a writes, a is b, b replies to all, take back, answer the newest",
    "a writes, a is b, b replies to all, take back, b replies, a replies, answer the newest",
    "a writes, a is b, b is c, b writes, b is c, c replies to all, answer the newest, answer the oldest",
    "a writes, b writes, a is b, merge, answer the newest, b at the link, a at the link, answer the newest",
    "a writes, b holds a key, a is b, answer the newest, take back, answer the newest",
    "a writes, a is b, b replies to all, a at the link, answer the newest, take back, merge",
    "a is typed, answer the newest, a at the shown link, answer the newest, a replies, answer the newest",
    "a is typed, a is typed, merge, answer the newest, a at the shown link, a at the link, answer the newest",
    "a writes, a is typed, merge, a is b, b replies to all, c holds a shown key, answer the newest",
)


@dataclass
class Attack:
    """What was said by whom to whom, so that it is known what each address may read."""

    town: Town
    client: Client = field(default_factory=Client)
    words: dict[str, str] = field(default_factory=dict)  # secret → the address that wrote it
    answers: dict[str, set[str]] = field(default_factory=dict)  # secret → the addresses that were answered
    typed: dict[str, int] = field(default_factory=dict)  # secret → the part by whose typed key it came
    told: dict[str, set[int]] = field(
        default_factory=dict
    )  # secret → whose typed key came with all before it
    count: int = 0

    def do(self, deed: str) -> None:
        """One deed; what cannot be done now is left."""
        who = {"a": A, "b": B, "c": C}.get(deed[0], "") if deed[1:2] == " " else ""
        newest = Message.objects.filter(direction="in").exclude(message_id="").order_by("-pk").first()
        if deed.endswith("writes") or newest is None:
            self.writes(who or A)
        elif deed.endswith("replies"):
            mine = Message.objects.filter(direction="in", sender_address=who).order_by("-pk").first()
            self.writes(who, reference=(mine or newest).message_id)
        elif deed.endswith("replies to all"):  # quotes a reference that is another's
            others = Message.objects.filter(direction="in").exclude(sender_address=who).exclude(message_id="")
            self.writes(who, reference=(others.order_by("-pk").first() or newest).message_id)
        elif deed.endswith("holds a key"):
            part = Participant.objects.order_by("pk")[0]
            self.writes(who, to=join_plus(self.town.place.address, part.token))
        elif deed.endswith("holds a shown key"):
            for part in Participant.objects.exclude(typed_key=None).order_by("-pk")[:1]:
                self.writes(who, to=join_plus(self.town.place.address, part.shown_token))
        elif deed.endswith("is typed"):
            self.is_typed(who)
        elif deed.endswith("link"):
            self.at_the_link(who, shown="shown" in deed)
        elif deed.startswith("answer"):
            self.answer(newest if "newest" in deed else Message.objects.order_by("pk")[0])
        else:
            self.staff(deed)

    def secret(self, kind: str) -> str:
        """A word that stands nowhere else."""
        self.count += 1
        return f"{kind}{self.count}hemligt"

    def writes(self, who: str, *, reference: str = "", to: str = "") -> Message:
        """A mail, with its secrets in subject and text."""
        word, subject = self.secret("ord"), self.secret("rubrik")
        self.words |= {word: who, subject: who}
        headers = {"In-Reply-To": f"<{reference}>"} if reference else {}
        return word_comes(
            self.town.place,
            sender=f"{NAMES[who]} <{who}>",
            subject=subject,
            text=word,
            headers=headers,
            to=to,
        )

    def is_typed(self, who: str) -> None:
        """Somebody types that address in the form, and is shown a link."""
        word = self.secret("ord")
        filled = {"form": form_id(), "text": word, "email": who, "answer_by": "email", "website": ""}
        link = self.client.post("/skriv", filled).headers["Location"].partition("?")[0]
        part = next(one for one in Participant.objects.all() if link == f"/samtal/{one.shown_token}")
        self.words[word], self.typed[word] = who, part.pk

    def at_the_link(self, who: str, *, shown: bool = False) -> None:
        """The holder of the newest key of that address, the mailed or the typed one, writes at their private link."""
        parts = Participant.objects.filter(contact__addresses__address=who).order_by("-pk")
        for part in parts.exclude(typed_key=None)[:1] if shown else parts[:1]:
            word = self.secret("ord")
            self.words[word] = who
            if shown:
                self.typed[word] = part.pk
            token = part.shown_token if shown else part.token
            form = {"form": form_id(), "token": token, "text": word, "website": ""}
            assert self.client.post(f"/samtal/{token}", form).status_code == 303

    def answer(self, message: Message) -> None:
        """Kim answers whomever the desk proposes."""
        message.conversation = living(Conversation.objects.get(pk=message.conversation_id))
        said = self.secret("svar")
        before = message.conversation.messages.filter(direction="in").values_list("text", flat=True)
        came_by = {self.typed.get(secret, 0) for text in before for secret in SECRET.findall(text)}
        answer = self.town.answer(message, said)
        parts = Participant.objects.filter(pk__in=answer.shown_to).select_related("contact")
        answered = {part.address for part in parts}
        self.answers[said], self.told[said] = answered, came_by if len(came_by) == 1 else set()
        for secret in SECRET.findall(answer.subject):  # the beginner's, where the beginner is answered too
            assert self.words[secret] in answered, f"{secret} is told to {answered}"
            self.answers[f"{said}: {secret}"] = answered

    def staff(self, deed: str) -> None:
        """What staff hold, take back, and merge."""
        by, first = self.town.user(), Conversation.objects.filter(merged_into=None).order_by("pk")
        if deed == "merge":
            pair = list(first[:2])
            if len(pair) == 2:
                services.merge(pair[1], pair[0], by=by)
        elif deed == "take back":
            stands = OtherAddress.objects.filter(taken_back_at=None).order_by("pk").first()
            begun = first.filter(contact=stands.contact).first() if stands else None
            if stands and begun:
                services.not_also_writes_from(begun, stands.pk, by=by)
        else:
            one, other = (A, B) if deed == "a is b" else (B, C)
            begun = first.filter(contact__addresses__address=one).first()
            if begun:
                with suppress(ImpossibleMove):
                    services.also_writes_from(begun, other, "Hon sade det.", by=by)

    def look(self, *languages: str) -> None:
        """Every key that there is, and every mail that left: nothing of another's; and of one's own, everything."""
        for part in Participant.objects.select_related("contact", "conversation"):
            own = ContactAddress.objects.get(contact=part.contact).address
            for language in ("", *languages):
                opened = self.client.get(f"{language}/samtal/{part.token}")
                assert opened.status_code == 200
                page = opened.content.decode()
                self.only_for(own, page)
            conversation = living(part.conversation)
            mine = Message.objects.filter(conversation=conversation, contact=part.contact, kind="message")
            assert all(message.text in page for message in mine)
            self.look_by_the_typed_key(part)
            for file in Attachment.objects.all():
                seen = self.client.get(f"/samtal/{part.token}/fil/{file.pk}").status_code == 200
                assert seen <= (file.message.contact_id == part.contact_id)
        send_waiting()
        for mail in self.town.sink.taken:
            (to,) = mail.recipients
            self.only_for(to, mail.data.decode() + mail.text + str(mail.mail["Subject"]))
            assert {other for other in (A, B, C) if other != to and other in mail.data.decode()} == set()

    def look_by_the_typed_key(self, part: Participant) -> None:
        """All that came by it, and of our words only those before which nothing else had come."""
        if part.typed_key is not None:
            page = self.client.get(f"/samtal/{part.shown_token}").content.decode()
            mine = {word for word, came_by in self.typed.items() if came_by == part.pk}
            allowed = mine | {said for said, told in self.told.items() if part.pk in told}
            assert mine <= set(SECRET.findall(page)) <= allowed

    def only_for(self, address: str, shown: str) -> None:
        """No secret but those that this address wrote, or was answered with."""
        told = {part for secret, to in self.answers.items() if address in to for part in secret.split(": ")}
        for secret in set(SECRET.findall(shown)):
            assert self.words.get(secret) == address or secret in told, f"{address} reads {secret}"


@pytest.fixture
def town(db: None, settings: SettingsWrapper) -> Iterator[Town]:
    """A town whose mail goes to a server of this test, at once."""
    with Sink() as sink:
        settings.GENSVAR_MAIL_OUT, settings.GENSVAR_UNDO_SECONDS = sink.url, 0
        yield Town(sink)


@pytest.fixture
def attack(town: Town) -> Attack:
    town.place.acknowledges = True
    town.place.save()
    make_contact_point(town.streets, channel="web", address="skriv")
    return Attack(town)


@pytest.fixture
def begun(attack: Attack) -> Attack:
    """Where both have written, and are held to be one."""
    for deed in ("a writes", "b writes", "a is b"):
        attack.do(deed)
    send_waiting()
    return attack


@contextmanager
def undone(begun: Attack) -> Iterator[Attack]:
    """One example that goes on from there, of which nothing is left after it."""
    with transaction.atomic():
        yield Attack(begun.town, words=dict(begun.words), count=begun.count)
        transaction.set_rollback(True)
    begun.town.sink.taken.clear()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=20,
    deadline=None,
)
@given(some.lists(some.sampled_from(DEEDS), min_size=4, max_size=10))
def test_whatever_was_done_everyone_reads_their_own_and_nothing_else(begun: Attack, deeds: list[str]) -> None:
    with undone(begun) as example:
        for deed in deeds:
            example.do(deed)
        example.look()


@pytest.mark.parametrize("deeds", ORDERS)
def test_before_during_and_after_it_was_held_nobody_reads_the_other(attack: Attack, deeds: str) -> None:
    """What the orders above this one begin with in the same way is looked at there."""
    order = deeds.split(", ")
    above = [one.split(", ") for one in ORDERS[: ORDERS.index(deeds)]]
    looked_at = max((_alike(order, one) for one in above), default=0)
    for place, deed in enumerate(order):
        attack.do(deed)
        attack.look() if place >= looked_at else send_waiting()
    attack.look("/en")


def _alike(order: list[str], other: list[str]) -> int:
    """How many of the first deeds are the same."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(order, other, strict=False)))


def test_a_file_of_one_address_is_not_the_others(attack: Attack) -> None:
    from gensvar.desk.tests.scene import question_with_photograph

    begun = question_with_photograph(attack.town.place)
    services.also_writes_from(begun, B, "Hon sade det.", by=attack.town.user())
    attack.writes(B, reference="lampan@example.org")
    (file,) = Attachment.objects.all()
    seen = {
        part.address: attack.client.get(f"/samtal/{part.token}/fil/{file.pk}").status_code
        for part in begun.participants.all()
    }
    assert seen == {"bo@example.org": 200, B: 404}


def test_a_choice_at_one_link_is_none_for_the_words_of_the_other(attack: Attack) -> None:
    for deed in ("a writes", "a is b", "b replies to all"):
        attack.do(deed)
    first, second = Message.objects.order_by("pk")
    part = Participant.objects.get(address=B)
    chosen = {"may_publish": [str(first.pk), str(second.pk)], "show_name": "on"}
    assert attack.client.post(f"/samtal/{part.token}/val", chosen).status_code == 303
    assert list(Message.objects.order_by("pk").values_list("may_publish", flat=True)) == [None, True]
    assert list(Participant.objects.order_by("pk").values_list("show_name", flat=True)) == [False, True]


def test_the_answer_goes_where_the_word_came_from_and_names_no_other_address(attack: Attack) -> None:
    for deed in ("a writes", "a is b", "b replies to all", "answer the newest"):
        attack.do(deed)
    assert Conversation.objects.count() == 1
    send_waiting()
    answer = Delivery.objects.get(kind="answer")
    assert answer.recipient == B
    (mail,) = (one for one in attack.town.sink.to(B) if "svar" in one.text)
    assert A not in mail.data.decode()
    attack.do("a replies")
    attack.do("answer the newest")
    assert list(Delivery.objects.filter(kind="answer").values_list("recipient", flat=True)) == [B, A]


def test_a_bounce_marks_the_address_that_bounced_and_no_other(attack: Attack) -> None:
    for deed in ("a writes", "a is b", "b replies to all", "answer the newest"):
        attack.do(deed)
    send_waiting()
    sent = Delivery.objects.get(kind="answer", recipient=B)
    to = join_plus(attack.town.place.address, tokens.make("bounce", sent.key))
    receive(dsn(sent, to=to), contact_point=attack.town.place, source=Envelope.Source.SMTP, recipient=to)
    send_waiting()
    bounced = dict(ContactAddress.objects.values_list("address", "bounced_at"))
    assert bounced[B] is not None
    assert bounced[A] is None


def test_the_names_of_both_are_masked_before_anything_is_shown(attack: Attack) -> None:
    from gensvar.publishing.services import known_names

    attack.do("b writes")
    attack.do("a writes")
    begun = Conversation.objects.get(contact__addresses__address=A)
    assert NAMES[B] not in known_names(begun)
    attack.do("a is b")
    assert {NAMES[A], NAMES[B]} <= set(known_names(begun))
    attack.do("take back")
    assert NAMES[B] not in known_names(begun)


def test_taken_back_everything_is_as_if_it_had_not_been_said(attack: Attack) -> None:
    for deed in ("a writes", "b writes", "c writes", "b replies to all"):
        attack.do(deed)
    before = rows()
    for deed in ("a is b", "b is c"):
        attack.do(deed)
    assert rows() != before
    for said in OtherAddress.objects.order_by("pk"):
        begun = Conversation.objects.filter(contact=said.contact).first()
        assert begun is not None
        services.not_also_writes_from(begun, said.pk, by=attack.town.user())
    assert rows() == before


def rows() -> dict[str, list[Any]]:
    """Everything that is kept of who wrote what where."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Contact, ContactAddress, Conversation, Participant, Message)
    }
