"""Which texts of others the public reads: those that hang together with a post that may be seen, or that one quotes.

A source has no draft: what is written of it stands there at once. So whoever only drafts does not write these. Neighbours:
chain knows what hangs together, gate what may be seen; the desk's form of a source asks here.
"""

from __future__ import annotations

from django.db.models import TextField
from django.db.models.functions import Cast

from gensvar.publishing.posts import chain, gate
from gensvar.publishing.posts.models import Post, Source


def read_by_all(source: Source) -> bool:
    """Whether the public reads it now, or would as soon as it is saved as it is held in memory."""
    around = [chain.posts_around(source=key) for key in (source.pk, source.answers_id) if key]
    if source.answers_post_id:
        around.append(chain.posts_around(post=source.answers_post_id))
    posts = set[int]().union(*around)
    return bool(gate.shown_among([*posts, *_quoting(source.pk)]))


def _quoting(source: int | None) -> list[int]:
    """The posts in whose public text it is quoted."""
    if source is None:
        return []
    rows = Post.objects.live().annotate(said=Cast("body", TextField()))
    found = rows.filter(said__contains=f'"source": {source}')
    return [
        post.pk
        for post in found
        if any(
            one["type"] == "quotation" and one["value"].get("source") == source for one in post.body.raw_data
        )
    ]
