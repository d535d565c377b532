"""What others ask of an old blog's posts. Neighbour: newsletters, which tell nobody of what was public long ago elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from gensvar.publishing.wordpress.models import OldItem


def came_home(posts: Iterable[int]) -> frozenset[int]:
    """Those of these posts that were public on an old blog before they stood here; no query where none is asked of."""
    wanted = list(posts)
    if not wanted:
        return frozenset()
    return frozenset(OldItem.objects.filter(post__in=wanted, shown=True).values_list("post_id", flat=True))
