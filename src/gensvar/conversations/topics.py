"""What conversations are about: topics chosen by staff, and proposals from the words of earlier conversations.

Neighbours: core.topics holds the vocabulary; the desk shows both beside a conversation.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from gensvar.conversations.changing import acting
from gensvar.conversations.events import AboutChanged
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.stems import stems
from gensvar.core import topics
from gensvar.core.events import emit
from gensvar.core.models import Topic, User
from gensvar.core.roles import May

LEARNED_FROM: Final = 400  # of the newest topics given
MOST_PROPOSED: Final = 3
READ: Final = 2000  # characters of a message
ENOUGH: Final = 2.0  # how much shared words must tell


def set_topics(conversation: Conversation, slugs: Sequence[str], *, by: User) -> tuple[Topic, ...]:
    """Let the conversation be about these topics and no others; unknown words are left aside. Gives what it is about now."""
    chosen = tuple(topics.in_use().filter(slug__in=list(slugs)))
    with acting(conversation, by, May.ASSIGN, "topics", topics=[one.slug for one in chosen]) as found:
        found.topics.set(chosen)
        emit(AboutChanged(found.pk))
    return chosen


def proposed(conversation: Conversation) -> list[Topic]:
    """At most three topics that it seems to be about, the likeliest first: by their own names and by earlier words.

    Only topics that it does not have. Three queries.
    """
    have = {one.pk for one in conversation.topics.all()}
    candidates = {one.pk: one for one in topics.in_use() if one.pk not in have}
    if not candidates:
        return []
    said = set(stems(conversation.subject, *_first_words(conversation)))
    points = _by_earlier_words(conversation, said)
    for pk, topic in candidates.items():
        if any(set(own) <= said for name in (topic.name, topic.name_en) if (own := stems(name))):
            points[pk] += 2 * ENOUGH
    best = sorted(
        (pk for pk in candidates if points[pk] >= ENOUGH), key=lambda pk: (-points[pk], candidates[pk].name)
    )
    return [candidates[pk] for pk in best[:MOST_PROPOSED]]


def _first_words(conversation: Conversation) -> list[str]:
    words = conversation.messages.filter(
        direction=Message.Direction.IN, author=Message.Author.RESIDENT
    ).order_by("pk")
    return [text[:READ] for text in words.values_list("text", flat=True)[:2]]


def _by_earlier_words(conversation: Conversation, said: set[str]) -> defaultdict[int, float]:
    """How much the shared words tell for each topic: a word counts more the rarer it is, and the more of the topic's it is in."""
    given = (
        Conversation.topics.through.objects.exclude(conversation=conversation)
        .order_by("-pk")
        .values_list("conversation_id", "topic_id", "conversation__subject", "conversation__preview")
    )
    texts: dict[int, set[str]] = {}
    about: defaultdict[int, set[int]] = defaultdict(set)
    for conversation_id, topic_id, subject, preview in given[:LEARNED_FROM]:
        if conversation_id not in texts:
            texts[conversation_id] = {one for one in stems(subject, preview) if len(one) > 2} & said
        about[topic_id].add(conversation_id)
    in_all = Counter(one for found in texts.values() for one in found)
    points: defaultdict[int, float] = defaultdict(float)
    for topic_id, conversations in about.items():
        here = Counter(one for pk in conversations for one in texts[pk])
        for one, times in here.items():
            rare = math.log((len(texts) + 1) / in_all[one])
            points[topic_id] += rare * times / in_all[one] * min(1.0, 2 * times / len(conversations))
    return points
