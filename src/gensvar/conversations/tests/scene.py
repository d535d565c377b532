"""A small municipality for the tests of conversations: mails come in as they do in life, through intake and the runner."""

from __future__ import annotations

from typing import Any

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.tests.factories import make_contact_point
from gensvar.contract.addresses import join_plus
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.conversations.services import record_outgoing
from gensvar.core import runner
from gensvar.core.models import Event
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive
from gensvar.intake.tests.mails import make_mail
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import make_function, make_person, user_of

GATA = "gata@norrvik.example"


class Scene:
    """One function with one place and one person, and ways to let words come and go."""

    def __init__(self, address: str = GATA) -> None:
        self.function: Function = make_function()
        self.place: ContactPoint = make_contact_point(self.function, address=address)
        self.kim: Person = make_person("Kim Ek", self.function)

    def keep(self, raw: bytes, **fields: Any) -> Envelope:
        """Keep a mail without reading it."""
        values: dict[str, Any] = {"contact_point": self.place, "source": Envelope.Source.SMTP, **fields}
        return Envelope.objects.get(pk=receive(raw, **values).envelope_id)

    def read(self) -> None:
        """Read everything that was kept, and nothing that follows from it."""
        Event.objects.exclude(fact="envelope_received").update(state=Event.State.DONE)
        while runner.run_batch(Event.Lane.DATABASE):
            Event.objects.exclude(fact="envelope_received").update(state=Event.State.DONE)

    def mail(self, text: str = "Hej, när plogas vår gata?", *, to: str = "", **fields: Any) -> Message:
        """Let a mail come and be read; gives its message."""
        envelope = self.keep(
            make_mail(text, to=to or self.place.address, **fields), recipient=to or self.place.address
        )
        self.read()
        return Message.objects.select_related("conversation").get(envelope=envelope)

    def reply_address(self, participant: Participant) -> str:
        """The address with the participant's token, as it stands in our mails."""
        return join_plus(self.place.address, participant.token)

    def answer(self, conversation: Conversation, text: str = "I morgon.", **fields: Any) -> Message:
        """Kim answers."""
        values: dict[str, Any] = {
            "person": self.kim,
            "function": self.function,
            "text": text,
            "subject": f"Sv: {conversation.subject}",
            "files": [],
            "by": user_of(self.kim),
            "kind": "answer",
            **fields,
        }
        return record_outgoing(conversation, **values)
