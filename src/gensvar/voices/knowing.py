"""Who knows about a conversation: those who answered alike before, and of those who know about as well the seldom heard first.

A proposal and its reasons; nobody's figures are told (decision 34). Neighbours: counting keeps what is read here, the
desk says it in words.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q, Sum

from gensvar.conversations.models import Conversation, Message
from gensvar.core import clock
from gensvar.core.models import Topic
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.people.queries import holders_of, on_duty_who_may
from gensvar.voices.models import LastAnswer, SaidDay, topics_of

MOST: Final = 3  # persons that are proposed
REMEMBERED: Final = dt.timedelta(days=730)  # who answered longer ago may have forgotten
LOOKED_BACK: Final = dt.timedelta(days=90)  # for who is heard seldom
# Points of answers to the same words, about a topic, about further ones, and at the same contact point.
ALIKE, ABOUT, MORE, HERE = 3, 2, 1, 1
AS_WELL: Final = 2  # who has at least one part in so many of the most points knows about as well


@dataclass(slots=True)
class Knowing:
    """Somebody who is there today and why they may know: answers to the same words, topics, the place, and since when.

    `seldom`: said less than half of what those who say anything do on the average, in ninety days.
    """

    person: Person
    alike: int = 0
    topics: list[Topic] = field(default_factory=list)
    here: bool = False
    holds: bool = False  # the conversation's function; asked only where nobody answered alike
    last: dt.date | None = None  # of the answers by topic or place
    seldom: bool = False
    plainly: bool = False  # comes before others who are heard less, for what speaks for them

    @property
    def points(self) -> int:
        """How much speaks for them: that they answered such things, not how often: who says most has said all of it more often."""
        return (
            ALIKE * bool(self.alike)
            + ABOUT * bool(self.topics)
            + MORE * (len(self.topics) > 1)
            + HERE * self.here
        )


def who_knows(
    conversation: Conversation, *, about: Collection[Topic], alike: Iterable[Message], asks: Person | None
) -> list[Knowing]:
    """At most three others than whoever asks and whoever has it, the likeliest first; five queries at most.

    `about` is what the conversation is or seems to be about, `alike` are our answers to others that share its words.
    Among those who know about as well as whoever knows most, and then among the others, the seldom heard come first. Where
    nobody answered alike, those who hold the function are proposed.
    """
    left_out = {asks.pk if asks else None, conversation.assignee_id}
    there = on_duty_who_may(May.ANSWER)
    found = {one.pk: Knowing(one) for one in there if one.pk not in left_out}
    if not found:
        return []
    for person, times in Counter(message.person_id for message in alike).items():
        if person in found:
            found[person].alike = times
    _by_answers(found, conversation, {one.pk: one for one in about})
    known = [one for one in found.values() if one.points] or _holding(found, conversation)
    heard = _heard()
    mean = sum(heard.values()) / len(heard) if heard else 0.0
    for one in known:
        one.seldom = heard[one.person.pk] < mean / 2
    enough = max((one.points for one in known), default=0) / AS_WELL
    known.sort(
        key=lambda one: (
            one.points < enough,
            heard[one.person.pk],
            -one.points,
            one.person.name,
            one.person.pk,
        )
    )
    least = min((heard[one.person.pk] for one in known if one.points < enough), default=None)
    for one in known:
        one.plainly = one.points >= enough and least is not None and heard[one.person.pk] > least
    return known[:MOST]


def _by_answers(found: dict[int, Knowing], conversation: Conversation, about: dict[int, Topic]) -> None:
    merged = {
        one.pk: one.merged_into_id
        for one in Topic.objects.filter(merged_into__in=about)
        if one.merged_into_id
    }
    near = Q(contact_point=conversation.contact_point_id)
    for pk in (*about, *merged):
        near |= Q(topics__contains=f",{pk},")
    rows = LastAnswer.objects.filter(near, day__gte=clock.today() - REMEMBERED, person__in=found)
    topics: defaultdict[int, set[int]] = defaultdict(set)
    for person, point, key, day in rows.values_list("person_id", "contact_point_id", "topics", "day"):
        one = found[person]
        one.here = one.here or point == conversation.contact_point_id
        one.last = max(one.last or day, day)
        topics[person] |= {merged.get(pk, pk) for pk in topics_of(key)} & about.keys()
    for person, known in topics.items():
        found[person].topics = [topic for pk, topic in about.items() if pk in known]


def _holding(found: dict[int, Knowing], conversation: Conversation) -> list[Knowing]:
    if conversation.function is None:
        return []
    holders = set(holders_of(conversation.function).values_list("pk", flat=True))
    for pk in holders & found.keys():
        found[pk].holds = True
    return [one for one in found.values() if one.holds]


def _heard() -> Counter[int]:
    """How many messages each person said in the last ninety days."""
    rows = SaidDay.objects.filter(day__gt=clock.today() - LOOKED_BACK).order_by().values("person")
    return Counter({row["person"]: row["total"] for row in rows.annotate(total=Sum("messages"))})
