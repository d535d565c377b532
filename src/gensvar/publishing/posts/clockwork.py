"""Posts that come and go by the clock: what an editor set a time for goes live and expires by itself.

Each time that is set has an event of its own, due then; the recurring look finds what none was written for. What may not
be shown then is held. Neighbours: config.flow starts both, config.pages asks when the next time is over, so that no kept
page outlives it.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min
from wagtail.models import Revision

from gensvar.core import clock
from gensvar.core.events import at_once
from gensvar.core.recurring import TimeCame, recurring
from gensvar.publishing.posts import holds
from gensvar.publishing.posts.events import PostTimed
from gensvar.publishing.posts.models import Post

logger = logging.getLogger(__name__)


@at_once
def keep_time(fact: PostTimed) -> None:
    """Handler: show the post, or withdraw it, whose time has come. Does nothing where another time was set meanwhile."""
    _keep(fact.post_id)


@recurring
def keep_times(fact: TimeCame) -> dt.datetime:
    """Recurring: the same for every post, each by itself; after a restore, say, or where the clock was set forward."""
    _keep()
    return fact.next_time()


def next_end(after: dt.datetime) -> dt.datetime | None:
    """When the time of the next of the live posts is over (aware); None where none has an end. No index: ask rarely."""
    found: dt.datetime | None = Post.objects.filter(live=True, expire_at__gt=after).aggregate(
        at=Min("expire_at")
    )["at"]
    return found


def _keep(post_id: int | None = None) -> None:
    now = clock.now()
    over = Post.objects.filter(live=True, expire_at__lte=now)
    due = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(Post), approved_go_live_at__lte=now
    )
    if post_id is not None:
        over, due = over.filter(pk=post_id), due.filter(object_id=str(post_id))
    for post in over:
        with transaction.atomic():
            post.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in due.order_by("approved_go_live_at"):
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except ValidationError:
            logger.exception("Post %s could not go live at its time; its draft is kept.", revision.object_id)
            with transaction.atomic():
                holds.hold(Post(pk=int(revision.object_id)), revision)
