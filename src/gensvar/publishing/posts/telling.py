"""Whatever way a post became public, changed or ceased to be, the same is told; neighbour: models says what stands there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wagtail.log_actions import get_active_log_context

from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.publishing import index, short_links
from gensvar.publishing.events import EntryChanged, GuestPublished
from gensvar.publishing.models import ShortLink
from gensvar.publishing.posts import guest_bylines, words
from gensvar.publishing.posts.events import PostChanged, PostTimed


@dataclass(frozen=True, slots=True)
class Shown:
    """What the public sees of a post's row: whether it is live, which revision of it, and the streams it stands in."""

    live: bool = False
    revision: int | None = None
    functions: frozenset[str] = frozenset()  # slugs
    topics: frozenset[str] = frozenset()  # slugs
    persons: frozenset[int] = frozenset()


def tell(key: int, before: Shown, after: Shown) -> None:
    """Say in the caller's transaction that it was published, changed or withdrawn; silent where nothing of that is so.

    A post that is brought home from elsewhere has no revision that went live, and comes silently.
    """
    if after.live and after.revision is not None:
        short_links.make(ShortLink.Kind.PAGE, str(key), by=get_active_log_context().user)
    published = after.live and after.revision is not None and after.revision != before.revision
    if not published and not (before.live and not after.live):
        return
    if published and guest_bylines.of(key) is not None:
        emit(GuestPublished(key))
    emit(PostChanged(key))
    emit(
        EntryChanged(
            functions=sorted(before.functions | after.functions),
            topics=sorted(before.topics | after.topics),
            persons=sorted(before.persons | after.persons),
        )
    )


def tell_times(key: int, *times: dt.datetime | None) -> None:
    """Say in the caller's transaction that something is to happen to the post at those of these times that are to come."""
    now = clock.now()
    for at in {one for one in times if one is not None and one > now}:
        emit(PostTimed(key), at=at)


def refresh(key: int, shown: words.Row | None) -> None:
    """Let the post be found by the words of its row, as it may be seen now; by none where it may not."""
    if shown is None:
        index.remove(key, index.POSTS)
    else:
        index.put(key, words.found_by(shown), index.POSTS)
