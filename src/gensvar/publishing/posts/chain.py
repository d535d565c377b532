"""The chain that a post stands in: an editorial, a letter about it, our answer, the next letter. Neighbour: gate."""

from __future__ import annotations

from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef

from gensvar.publishing.posts.models import Source

ANSWERED: Final = Exists(Source.objects.filter(answers_post=OuterRef("pk")))
"""Of a post: whether a text of others answers it. One that neither is nor answers any stands alone."""

# Sources and posts are the points, each answer a line between two; what hangs together is one chain.
_CONNECTED: Final = """
WITH RECURSIVE line (one, other) AS (
  SELECT 2 * id, 2 * answers_id FROM publishing_source WHERE answers_id IS NOT NULL
  UNION ALL SELECT 2 * id, 2 * answers_post_id + 1 FROM publishing_source WHERE answers_post_id IS NOT NULL
  UNION ALL SELECT 2 * page_ptr_id + 1, 2 * answers_id FROM publishing_post WHERE answers_id IS NOT NULL
), found (point) AS (
  SELECT CAST(%s AS bigint)
  UNION
  SELECT CASE WHEN line.one = found.point THEN line.other ELSE line.one END
  FROM found JOIN line ON found.point IN (line.one, line.other)
)
SELECT point FROM found
"""


def around(post_id: int, answers_id: int | None) -> tuple[list[int], list[int]]:
    """The ids of the sources and of the posts that hang together with this post, itself among them.

    `answers_id` is what it answers as it is shown: a draft may differ from its row. One statement.
    """
    start = 2 * answers_id if answers_id is not None else 2 * post_id + 1
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTED, [start])
        points = {int(point) for (point,) in cursor.fetchall()}
    points.add(2 * post_id + 1)
    return [one // 2 for one in points if one % 2 == 0], [one // 2 for one in points if one % 2]
