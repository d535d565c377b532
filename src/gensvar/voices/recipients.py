"""Whom a word of ours is known to have reached: those whom a letter with it left for, counted when it is read, never kept.

An answer reaches whoever it was sent to; what is public also those who follow us by mail, once for each letter that told
of it. Readers of a page are not known, since nothing here follows anybody: where no letter is known, nothing is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection

from gensvar.answers.models import Delivery
from gensvar.answers.outbox import SAID
from gensvar.conversations.forwards import FORWARD
from gensvar.conversations.models import Message
from gensvar.core import clock
from gensvar.publishing import entries, following
from gensvar.publishing.comments.models import CommentAnswer
from gensvar.publishing.models import PublicText
from gensvar.publishing.newsletters.models import Letter, ToldEntry
from gensvar.publishing.posts.models import Post
from gensvar.voices.models import SaidWord

_WORD, _TOLD, _LETTER, _DELIVERY, _MESSAGE, _TEXT, _BELOW = (
    model._meta.db_table
    for model in (SaidWord, ToldEntry, Letter, Delivery, Message, PublicText, CommentAnswer)
)
_PAGE: Final = Post._meta.get_field("translation_key").model._meta.db_table
_KINDS: Final = ", ".join(f"'{kind.value}'" for kind in sorted(SAID))
_ARRIVED: Final = f"d.sent_at IS NOT NULL AND d.state IN ('{Delivery.State.SENT}', '{Delivery.State.KEPT}')"
_OURS: Final = (
    f"m.direction = '{Message.Direction.OUT}' AND m.author = '{Message.Author.STAFF}'"
    f""" AND m.marks <> '["{FORWARD}"]'"""
)
_OF_POSTS: Final = f"said.source = '{SaidWord.Source.POST}'"
_OF_MESSAGES: Final = f"said.source = '{SaidWord.Source.MESSAGE}'"

# A letter of an exchange tells of its first answer alone. Whoever was told of a post in two languages counts once.
# What is read where it is needed (NOT MATERIALIZED) is so that PostgreSQL knows how much there is of it.
_SQL: Final = f"""
WITH said AS NOT MATERIALIZED (SELECT * FROM {_WORD} WHERE day BETWEEN %s AND %s),
letter AS NOT MATERIALIZED (
    SELECT t.kind, t.place, t.subscriber_id FROM {_TOLD} t
    JOIN {_LETTER} l ON l.id = t.letter_id JOIN {_DELIVERY} d ON d.id = l.delivery_id
    WHERE l.at >= %s AND {_ARRIVED}
),
told AS MATERIALIZED (SELECT kind, place, count(*) AS number FROM letter GROUP BY kind, place),
told_post AS MATERIALIZED (
    SELECT p.translation_key, count(DISTINCT letter.subscriber_id) AS number
    FROM letter JOIN {_PAGE} p ON p.id = letter.place WHERE letter.kind = {entries.POST} GROUP BY p.translation_key
),
shown AS NOT MATERIALIZED (
    SELECT x.id, x.exchange_id, x.message_id,
        row_number() OVER (PARTITION BY x.exchange_id ORDER BY m.at, m.id) AS place
    FROM {_TEXT} x JOIN {_MESSAGE} m ON m.id = x.message_id WHERE x.approved AND {_OURS}
),
told_message AS MATERIALIZED (
    SELECT shown.message_id, told.number FROM shown
    JOIN told ON told.kind = {entries.EXCHANGE} AND told.place = shown.exchange_id WHERE shown.place = 1
    UNION ALL
    SELECT x.message_id, told.number FROM {_TEXT} x JOIN told ON told.kind = {following.WORD} AND told.place = x.id
    UNION ALL
    SELECT b.message_id, told.number FROM {_BELOW} b JOIN told ON told.kind = {following.ANSWER} AND told.place = b.id
),
reached AS (
    SELECT said.id, 1 AS number FROM said JOIN {_DELIVERY} d ON d.message_id = said.source_id
    WHERE {_OF_MESSAGES} AND d.kind IN ({_KINDS}) AND {_ARRIVED}
    UNION ALL
    SELECT said.id, t.number FROM told_message t JOIN said ON {_OF_MESSAGES} AND said.source_id = t.message_id
    UNION ALL
    SELECT said.id, t.number FROM said JOIN {_PAGE} p ON p.id = said.source_id
    JOIN told_post t ON t.translation_key = p.translation_key WHERE {_OF_POSTS}
),
known AS (SELECT id, sum(number) AS number FROM reached GROUP BY id)
SELECT substr(CAST(said.day AS text), 1, 7), said.person_id, said.function_id, said.channel, said.topics,
    coalesce(sum(known.number), 0), count(known.number), count(*),
    coalesce(sum(CASE WHEN known.number > 0 THEN said.words END), 0), sum(said.words)
FROM said LEFT JOIN known ON known.id = said.id GROUP BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """What one person said in a month for one function, by one channel, about the same topics, and whom it reached.

    `recipients` of everybody who signed it are the same, as with messages; of `known` of `messages`, which have
    `known_words` of `words`, any is known.
    """

    month: dt.date  # its first day
    person: int
    function: int
    channel: str
    topics: str
    recipients: int
    known: int
    messages: int
    known_words: int
    words: int


def read(starts: dt.date, ends: dt.date) -> tuple[Reached, ...]:
    """Of these days, both included, in one statement that gives a row for each group."""
    ops = connection.ops
    days = [ops.adapt_datefield_value(day) for day in (starts, ends)]
    with connection.cursor() as cursor:  # what is told was said before: no older letters need be read
        cursor.execute(_SQL, [*days, ops.adapt_datetimefield_value(clock.begins(starts))])
        return tuple(
            Reached(dt.date.fromisoformat(f"{month}-01"), *keys, *map(int, numbers))
            for month, *keys, numbers in ((*row[:5], row[5:]) for row in cursor.fetchall())
        )
