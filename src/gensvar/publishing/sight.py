"""Follows what was done to conversations and may have closed or opened their public side: spam, a merge, a protected identity.

The gate asks at every reading and needs nobody to tell it; search and those who follow do. Neighbours: services, gate, index.
"""

from __future__ import annotations

from gensvar.conversations.events import SightChanged
from gensvar.publishing import gate, index, services
from gensvar.publishing.models import PublicExchange


def follow(fact: SightChanged) -> None:
    """Handler: whatever the gate shows no more, or again, is told to feeds' readers; what is seen as before is not touched."""
    rows = PublicExchange.objects.filter(
        conversation__in=fact.conversations, state=PublicExchange.State.PUBLISHED
    )
    for exchange in rows.order_by("pk"):
        if gate.is_shown(exchange.pk) != index.has(exchange.pk):  # the index holds what was seen last
            services.follow_choice(exchange.conversation_id)
