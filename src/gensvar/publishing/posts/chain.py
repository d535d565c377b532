"""The chain that a post stands in: an editorial, a letter about it, our answer, the next letter. Neighbour: gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from gensvar.publishing.posts.models import Post, Source
from gensvar.publishing.posts.values import Link, PublishedPost

ANSWERED: Final = Exists(Source.objects.filter(answers_post=OuterRef("pk")))
"""Of a post: whether a text of others answers it. One that neither is nor answers any stands alone."""

# Sources and posts are the points, each answer a line between two; what hangs together is one chain. A draft of somebody's, or what
# was withdrawn, ties nothing together: whoever only drafts could hang a source under a public post by it.
_CONNECTED: Final = """
WITH RECURSIVE line (one, other) AS (
  SELECT 2 * id, 2 * answers_id FROM publishing_source WHERE answers_id IS NOT NULL
  UNION ALL SELECT 2 * source.id, 2 * page.id + 1 FROM publishing_source source
    JOIN wagtailcore_page page ON page.id = source.answers_post_id WHERE page.live OR page.id = %s
  UNION ALL SELECT 2 * page.id + 1, 2 * post.answers_id FROM publishing_post post
    JOIN wagtailcore_page page ON page.id = post.page_ptr_id
    WHERE post.answers_id IS NOT NULL AND (page.live OR page.id = %s)
), found (point) AS (
  SELECT CAST(%s AS bigint)
  UNION
  SELECT CASE WHEN line.one = found.point THEN line.other ELSE line.one END
  FROM found JOIN line ON found.point IN (line.one, line.other)
)
SELECT point FROM found
"""


def of(
    post: Post, short: PublishedPost, shown: Callable[[Collection[int]], Iterable[PublishedPost]]
) -> tuple[Link, ...]:
    """All that hangs together with this post, oldest first; empty for a post that stands alone.

    `shown` gives those posts of these ids that may be seen.
    """
    if post.answers_id is None and not getattr(post, "is_answered", True):
        return ()
    sources, posts = _around(post.pk or 0, post.answers_id)
    links = [
        Link(
            ours=False,
            title=one.title,
            date=one.date,
            kind=one.get_kind_display(),
            medium=one.medium,
            writer=one.writer,
            quote=one.quote,
            url=one.url,
            answered=one.pk == post.answers_id,
        )
        for one in Source.objects.filter(pk__in=sources)
    ]
    if not links:
        return ()
    links += [_link(one, here=False) for one in shown(set(posts) - {post.pk})]
    links.append(_link(short, here=True))
    return tuple(sorted(links, key=lambda one: (one.date, one.ours, one.title)))


def posts_around(*, source: int | None = None, post: int = 0) -> set[int]:
    """The ids of the posts that hang together with that source or post, itself among them, whether or not they may be seen."""
    points = _connected(2 * source if source is not None else 2 * post + 1)
    return {one // 2 for one in points if one % 2}


def _link(post: PublishedPost, *, here: bool) -> Link:
    return Link(
        ours=True,
        title=post.title,
        date=timezone.localtime(post.first_published_at).date(),
        year=post.year,
        slug=post.slug,
        here=here,
        bylines=post.bylines,
    )


def _around(post_id: int, answers_id: int | None) -> tuple[list[int], list[int]]:
    """The ids of the sources and of the posts that hang together with this post, itself among them.

    `answers_id` is what it answers as it is shown: a draft may differ from its row. One statement.
    """
    points = _connected(2 * answers_id if answers_id is not None else 2 * post_id + 1, here=post_id)
    points.add(2 * post_id + 1)
    return [one // 2 for one in points if one % 2 == 0], [one // 2 for one in points if one % 2]


def _connected(start: int, here: int = 0) -> set[int]:
    """The points that hang together with that one, by posts that are live and by the one that is looked at `here`."""
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTED, [here, here, start])
        return {int(point) for (point,) in cursor.fetchall()}
