"""A question and an answer as rows, for the gate's tests: everything about them may be published."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group

from gensvar.contactpoints.models import ContactPoint
from gensvar.conversations.models import Contact, Conversation, Message, Participant
from gensvar.conversations.numbering import next_number
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person, Tenure
from gensvar.publishing import services
from gensvar.publishing.models import PublicExchange

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation and those around it."""

    editor: User
    person: Person
    function: Function
    contact: Contact
    participant: Participant
    conversation: Conversation
    question: Message
    answer: Message

    def publish(self) -> PublicExchange:
        """Prepare, approve everything, publish; as staff would."""
        exchange = services.prepare(self.conversation, by=self.editor)
        for text in exchange.texts.all():
            services.approve(text, by=self.editor)
        exchange = PublicExchange.objects.get(pk=exchange.pk)
        services.publish(exchange, by=self.editor)
        return exchange


def member(email: str, *roles: Role) -> User:
    """A log-in with these roles."""
    user = User.objects.create_user(email, None)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def stage(*, question: str = "När plogas vår gata?", answer: str = "I kväll.", **changes: Any) -> Scene:
    """Make the rows. `changes` go to the question's message."""
    number = next(_numbers)
    editor = member(f"editor{number}@norrvik.example", Role.EDITOR)
    function = Function.objects.create(slug=f"gata-{number}", name="Gata & park")
    person = Person.objects.create(user=editor, name="Kim Ek", title="gatuingenjör", shown=True)
    Tenure.objects.create(person=person, function=function, starts=dt.date(2020, 1, 1))
    point = ContactPoint.objects.create(
        channel="email", address=f"gata{number}@norrvik.example", name="Gata", function=function, state="live"
    )
    now = clock.now()
    contact = Contact.objects.create(name="Anna Lindqvist", created_at=now)
    conversation = Conversation.objects.create(
        number=next_number(),
        subject="Snö på Storgatan",
        channel="email",
        contact_point=point,
        function=function,
        contact=contact,
        opened_at=now,
        last_at=now,
        language="sv",
    )
    participant = Participant.objects.create(
        conversation=conversation, contact=contact, channel="email", address="anna@post.example"
    )
    shared = {"conversation": conversation, "channel": "email", "at": now}
    asked = Message.objects.create(
        **{
            **shared,
            "direction": Message.Direction.IN,
            "author": Message.Author.RESIDENT,
            "contact": contact,
            "text": question,
            "may_publish": True,
            **changes,
        }
    )
    answered = Message.objects.create(
        **{**shared, "at": now + dt.timedelta(minutes=1)},
        direction=Message.Direction.OUT,
        author=Message.Author.STAFF,
        person=person,
        function=function,
        text=answer,
    )
    return Scene(editor, person, function, contact, participant, conversation, asked, answered)
