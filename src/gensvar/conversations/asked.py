"""Questions to a colleague in a note: whom they wait for, and when they have been seen to. Neighbours: notes asks, queues shows."""

from __future__ import annotations

from django.db.models import QuerySet

from gensvar.conversations.changing import acting
from gensvar.conversations.models import Conversation, Mention
from gensvar.conversations.states import LIVE
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.people.queries import person_of

__all__ = ["see_to", "seen_to", "waiting"]


def waiting() -> QuerySet[Mention]:
    """All questions that wait, unordered: nobody has seen to them, and their conversation lives."""
    return Mention.objects.filter(
        seen_at=None, message__conversation__state__in=LIVE, message__conversation__merged_into=None
    )


def seen_to(conversation: Conversation, *by: Person | None, asked_by: Person | None = None) -> list[int]:
    """Whoever writes in a conversation has seen to what they were asked there, by that colleague or by all.

    Gives the ids of the mentions, for a way back. In the caller's transaction.
    """
    people = [person.pk for person in by if person is not None]
    asked = Mention.objects.filter(message__conversation=conversation, person__in=people, seen_at=None)
    if asked_by is not None:
        asked = asked.filter(message__person=asked_by)
    found = list(asked.values_list("pk", flat=True))
    if found:
        Mention.objects.filter(pk__in=found).update(seen_at=clock.now())
    return found


def see_to(conversation: Conversation, *, by: User, asked_by: Person | None = None) -> None:
    """Say without a word that one has seen to what one was asked there, by that colleague or by all. Raises NotAllowed."""
    with acting(conversation, by, May.NOTE, "see_to") as found:
        seen_to(found, person_of(by), asked_by=asked_by)
