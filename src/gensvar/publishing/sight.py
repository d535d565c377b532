"""Follows what was done elsewhere and is seen in public: a conversation is spam, merged or of a protected identity, a person is
named otherwise.

The gates ask at every reading and need nobody to tell them; search and those who follow do. Neighbours: services, gate, index.
"""

from __future__ import annotations

from django.db.models import Q

from gensvar.conversations.events import SightChanged
from gensvar.conversations.turns import take_turn
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.core.models import Topic
from gensvar.people.events import NamedOtherwise
from gensvar.people.models import Function
from gensvar.publishing import gate, index, services
from gensvar.publishing.events import EntryChanged
from gensvar.publishing.models import PublicExchange, PublicText
from gensvar.publishing.posts.models import Byline


def follow(fact: SightChanged) -> None:
    """Handler: whatever the gate shows no more, or again, is told to feeds' readers; what is seen as before is not touched."""
    rows = PublicExchange.objects.filter(
        conversation__in=fact.conversations, state=PublicExchange.State.PUBLISHED
    )
    for exchange in rows.order_by("pk"):
        if gate.is_shown(exchange.pk) != index.has(exchange.pk):  # the index holds what was seen last
            services.follow_choice(exchange.conversation_id)


def follow_name(fact: NamedOtherwise) -> None:
    """Handler: feeds' readers are told of every stream with a question or a post that this person stands behind."""
    take_turn()  # first, as whoever else writes to several of these rows
    behind = Q(message__person=fact.person_id) | Q(message__co_signer=fact.person_id)
    texts = PublicText.objects.filter(behind, approved=True)
    answered = PublicExchange.objects.filter(
        pk__in=texts.values("exchange"), state=PublicExchange.State.PUBLISHED
    )
    answered.update(changed_at=clock.now())
    signed = Byline.objects.filter(person=fact.person_id, post__live=True)
    functions = Function.objects.filter(
        Q(pk__in=answered.values("function")) | Q(pk__in=signed.values("function"))
    )
    topics = Topic.objects.filter(
        Q(pk__in=answered.values("topics")) | Q(pk__in=signed.values("post__topics"))
    )
    emit(
        EntryChanged(
            functions=sorted(functions.values_list("slug", flat=True)),
            topics=sorted(topics.values_list("slug", flat=True)),
            persons=[fact.person_id],
        )
    )
