"""A town that answers: a function with an owner, its mail address, and a real mail server that takes what is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gensvar.answers import drafts, services
from gensvar.answers.models import Delivery, Draft
from gensvar.answers.tests.sink import Sink
from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.conversations.models import Message
from gensvar.core import runner
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person, user_of
from gensvar.routing.tests.scene import word_comes


@dataclass
class Town:
    """The people and places, and what they do in tests."""

    sink: Sink
    streets: Function = field(default_factory=lambda: make_function("Gata & park"))
    information: Function = field(default_factory=lambda: make_function("Information", coordinates=True))

    def __post_init__(self) -> None:
        self.kim: Person = make_person("Kim Ek", self.streets, title="gatuingenjör")
        self.bo: Person = make_person("Bo Alm", self.information, roles=(Role.COORDINATOR,))
        self.place: ContactPoint = make_contact_point(
            self.streets, address="gata@norrvik.example", owner=self.kim, acknowledges=False
        )

    def user(self, person: Person | None = None) -> User:
        """The log-in of a person (Kim)."""
        return user_of(person or self.kim)

    def draft(
        self, message: Message, text: str = "Vi kommer i dag.", *, person: Person | None = None
    ) -> Draft:
        """A draft of an answer in the message's conversation."""
        return drafts.save_draft(
            person=person or self.kim, kind=Draft.Kind.ANSWER, text=text, conversation=message.conversation
        )

    def answer(self, message: Message, text: str = "Vi kommer i dag.", **options: Any) -> Message:
        """Kim answers; nothing has been sent yet."""
        return services.send_answer(self.draft(message, text), by=self.user(), **options)

    def asks(self, **options: Any) -> Message:
        """Anna writes to the place."""
        return word_comes(self.place, **options)


def send_waiting() -> None:
    """Let the workers do all that is due."""
    runner.run_waiting()


def the_delivery(message: Message) -> Delivery:
    """The one delivery of a message, as the database has it."""
    return Delivery.objects.get(message=message)
