"""Days are given to drafts, and scheduled posts are moved to other days; who saw an older state is told instead.

What is published stays where it is. Neighbours: posts.clockwork shows what is due, the desk's calendar calls this.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from gensvar.core import audit, clock
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.publishing.plans.models import PostPlan
from gensvar.publishing.posts import holds, telling
from gensvar.publishing.posts.models import Post
from gensvar.publishing.services import NotPublishable


class MovedMeanwhile(NotPublishable):
    """Somebody else changed it after it was shown here; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            [_("Somebody else moved it meanwhile. Nothing was changed; look where it stands now.")]
        )


@transaction.atomic
def plan(post: Post, day: dt.date | None, person: Person | None, *, seen: int, by: User) -> PostPlan:
    """Give a draft its day and whose turn it is; it is held no longer then. Gives the plan.

    `seen` is the version of the plan that was shown; 0 where there was none.
    Raises MovedMeanwhile, NotPublishable for what is or was published or is scheduled, NotAllowed for another's draft.
    """
    _may_edit(post, by)
    Page.objects.select_for_update().get(pk=post.pk)
    post = Post.objects.get(pk=post.pk)
    if post.live:
        raise NotPublishable([_("This is published already, so it stays where it is.")])
    if post.first_published_at is not None:
        raise NotPublishable([_("This was public and is withdrawn: it is no draft any more.")])
    if scheduled(post.pk) is not None:
        raise NotPublishable([_("This is scheduled: move its time instead.")])
    row = PostPlan.objects.filter(post=post).first()
    if (row.version if row is not None else 0) != seen:
        raise MovedMeanwhile
    row = row or PostPlan(post=post, version=0)
    row.day, row.person, row.version = day, person, row.version + 1
    row.save()
    holds.end(post.pk)
    audit.note(by, "plans.planned", post, day=str(day or ""), person=person.pk if person else None)
    return row


@transaction.atomic
def move_scheduled(post_id: int, day: dt.date, *, seen: dt.datetime, by: User) -> dt.datetime:
    """Let a scheduled post go live on another day at the same hour of the municipality's clock; gives the time (aware).

    `seen` is the time that was shown. Raises MovedMeanwhile, and NotPublishable for a time that has passed or at which the
    post is to be shown no longer.
    """
    require(by, May.PUBLISH)
    Page.objects.select_for_update().get(pk=post_id)
    revision = scheduled(post_id)
    if revision is None or revision.approved_go_live_at != seen:
        raise MovedMeanwhile
    zone = timezone.get_default_timezone()
    hour = timezone.localtime(seen, zone).time()
    at = dt.datetime.combine(day, hour, tzinfo=zone).astimezone(dt.UTC)
    if at <= clock.now():
        raise NotPublishable([_("That time has passed already. Choose a day to come.")])
    expires = parse_datetime(revision.content.get("expire_at") or "")
    if expires is not None and at >= expires:
        raise NotPublishable(
            [_("By then it is to be shown no longer. Choose an earlier day, or change how long it is shown.")]
        )
    for row in {revision, Post.objects.get(pk=post_id).latest_revision}:
        # Another draft that was to go live at the same time follows; one with a time of its own keeps it.
        if row is not None and parse_datetime(row.content.get("go_live_at") or "") == seen:
            row.content["go_live_at"] = at.isoformat()
            row.save(update_fields=["content"])
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=at)
    telling.tell_times(post_id, at)
    Post.objects.filter(pk=post_id, live=False).update(go_live_at=at)
    audit.note(by, "plans.moved", Post(pk=post_id), at=at.isoformat(), was=seen.isoformat())
    return at


@transaction.atomic
def leave_unpublished(post_id: int, *, seen: dt.datetime, by: User) -> Post:
    """Let a held post stay what it is, a draft, withdrawn, or public in its older wording: it waits for nobody any more.

    Gives the post.

    `seen` is the time that was shown of it. Raises MovedMeanwhile where it is not held since then, NotAllowed for another's draft.
    """
    post: Post | None = Post.objects.filter(pk=post_id).first()
    if post is None:
        raise MovedMeanwhile
    _may_edit(post, by)
    Page.objects.select_for_update().get(pk=post.pk)
    if not holds.PostHold.objects.filter(post=post, due_at=seen).exists():
        raise MovedMeanwhile
    holds.end(post.pk)
    audit.note(by, "plans.left_unpublished", post, due=seen.isoformat())
    return post


def scheduled(post_id: int) -> Revision | None:
    """The revision of that post which goes live by the clock, or None."""
    rows = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(Post),
        object_id=str(post_id),
        approved_go_live_at__isnull=False,
    )
    found: Revision | None = rows.order_by("approved_go_live_at", "pk").first()
    return found


def _may_edit(post: Post, by: User) -> None:
    require(by, May.WRITE_POSTS)
    if not post.permissions_for_user(by).can_edit():
        raise NotAllowed("Only editors plan the drafts of others.")
