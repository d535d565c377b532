"""A town whose words lead to something: residents who wrote by mail and by the form, and an outcome that Kim writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from gensvar.answers.tests import scene
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.learning import services, ties
from gensvar.learning.models import Outcome, Step
from gensvar.people.models import Person
from gensvar.people.tests.factories import make_person, user_of

SAID = "Gångvägen vid stationen är mörk."
DONE = "Vi har satt upp sex nya lyktor."


@dataclass
class Town(scene.Town):
    """The town of the answers, with an editor who speaks for the streets too."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.robin: Person = make_person("Robin Öst", self.streets, roles=(Role.EDITOR,), title="redaktör")

    @property
    def editor(self) -> User:
        """Robin's log-in."""
        return user_of(self.robin)

    def wrote(self, sender: str = "Anna Lind <anna@example.org>", **options: Any) -> Conversation:
        """Somebody has written by mail."""
        return self.asks(sender=sender, **options).conversation

    def outcome(self, *conversations: Conversation, title: str = "Ljusare gångväg", **words: Any) -> Outcome:
        """Proposed, with a first step in Kim's name, and tied to these conversations; not public."""
        kim = self.user()
        found = services.propose(
            title=title,
            said=words.pop("said", SAID),
            function=words.pop("function", self.streets),
            language="sv",
            by=kim,
        )
        for one in conversations:
            ties.tie(found, one, by=user_of(self.bo) if one.function_id is None else kim)
        self.step(found, **words)
        return Outcome.objects.get(pk=found.pk)

    def step(self, outcome: Outcome, words: str = DONE, status: str = "done", **changes: Any) -> Step:
        """Kim writes the next step; not public."""
        fields = {"day": clock.today(), "person": self.kim, "function": self.streets, "by": self.user()}
        return services.save_step(outcome, status=status, words=words, **{**fields, **changes})

    def published(self, *conversations: Conversation, tell: bool = False, **words: Any) -> Outcome:
        """An outcome that everybody can read."""
        found = self.outcome(*conversations, **words)
        services.publish(found, tell=tell, by=self.editor)
        return Outcome.objects.get(pk=found.pk)

    def goes_on(
        self, outcome: Outcome, words: str = "Och två till.", *, tell: bool = False, **changes: Any
    ) -> Step:
        """A further step, public."""
        self.step(outcome, words, **changes)
        return services.publish(outcome, tell=tell, by=self.editor)


def later(outcome: Outcome, hours: float = 1) -> Any:
    """The clock moved ahead, so that what follows is newer."""
    return clock.moved(dt.timedelta(hours=hours))


def told(conversation: Conversation) -> list[Message]:
    """What was said in it of outcomes, oldest first."""
    return list(Message.objects.filter(conversation=conversation, kind="outcome").order_by("pk"))


def writer(conversation: Conversation) -> Participant:
    """The one who wrote in it."""
    return Participant.objects.select_related("contact").get(conversation=conversation, author=True)
