"""Keeps the index of posts true, whatever way a post becomes public, changes or ceases to be. Neighbours: models, words.

Being found there is a hint; the gate still decides.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Page, PageViewRestriction

from gensvar.core.stops import stop
from gensvar.publishing import index
from gensvar.publishing.posts.models import Post
from gensvar.publishing.posts.telling import refresh


@transaction.atomic
def rebuild() -> int:
    """Make the index of posts anew from what is live; gives how many can be found."""
    index.clear(index.POSTS)
    found = 0
    for post in Post.objects.live().public().order_by("pk").iterator(chunk_size=100):
        refresh(post.pk, post)
        found += 1
    return found


def follow_restriction(sender: type[PageViewRestriction], instance: PageViewRestriction, **_: Any) -> None:
    """A page was made private, or public again: its posts leave the index, or come back.

    Wagtail's rows have no service of ours that could say so; apps connects this to their signals.
    """
    above = Page.objects.filter(pk=instance.page_id).first()
    if above is None:
        return
    shown = set(
        Post.objects.live().public().descendant_of(above, inclusive=True).values_list("pk", flat=True)
    )
    for post in Post.objects.live().descendant_of(above, inclusive=True).iterator(chunk_size=100):
        refresh(post.pk, post if post.pk in shown else None)


def follow_page(sender: type[Page], instance: Page, **_: Any) -> None:
    """A mere page was saved, which is how Wagtail's `publish_scheduled` withdraws a post that expired.

    Its `save` is one transaction, in which this is called: the post is away with the decision that says so, or not at all.
    """
    post = Post.objects.filter(pk=instance.pk, live=False).first() if not instance.live else None
    if post is not None:
        stop("posts.before_decision")
        post.follow_unpublishing()
