"""What is done with posts: shown by those who may, withdrawn with a reason, never deleted once they were public (law 6)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.publishing.posts.models import GuestByline, Post, PostDecision
from gensvar.publishing.services import NotPublishable


@transaction.atomic
def publish(post: Post, *, by: User) -> None:
    """Show the post as it is held in memory. Raises ValidationError without a byline, NotAllowed without the permission."""
    require(by, May.PUBLISH)
    if post.first_published_at is None:
        post.first_published_at = clock.now()
    post.save_revision(user=by).publish(user=by)
    post.refresh_from_db()
    audit.note(by, "posts.published", post)


@transaction.atomic
def withdraw(post: Post, reason: str, *, by: User) -> None:
    """Show it no longer; it, its revisions and the reason are kept. Raises NotPublishable without a reason.

    A guest's yes ends with it: to show their words again takes a new one. publishing.guests keeps each yes and what it was
    to, so what may be a guest's is withdrawn through `guests.yeses.withdraw`.
    """
    require(by, May.PUBLISH)
    if not reason.strip():
        raise NotPublishable([_("Say why it is withdrawn; the reason is kept.")])
    if not post.live:
        return
    PostDecision.objects.create(
        post=post, kind=PostDecision.Kind.WITHDRAWN, at=clock.now(), by=by, reason=reason.strip()
    )
    post.unpublish(user=by)
    GuestByline.objects.filter(post=post.pk).update(agreed_to="")
    audit.note(by, "posts.withdrawn", post, reason=reason.strip()[:200])
