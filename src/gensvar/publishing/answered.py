"""Since when answers of ours stand in public: an answer does whatever becomes of its mail (TOLD of config/flow.py).

Neighbours: services and comments.moderation have the conversation look anew when they show or hide one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from gensvar.publishing.comments.models import CommentAnswer
from gensvar.publishing.models import PublicExchange, PublicText


def since(messages: Collection[int]) -> dict[int, dt.datetime | None]:
    """Those of these answers that stand under a comment or with their question."""
    under = CommentAnswer.objects.filter(message__in=list(messages), shown=True)
    found: dict[int, dt.datetime | None] = dict(under.values_list("message_id", "approved_at"))
    texts = PublicText.objects.filter(
        message__in=list(messages), exchange__state=PublicExchange.State.PUBLISHED
    )
    for message, approved_at, published_at in texts.values_list(
        "message_id", "approved_at", "exchange__published_at"
    ):
        if approved_at is not None and published_at is not None:
            found[message] = max(approved_at, published_at)  # no word is in both
    return found
