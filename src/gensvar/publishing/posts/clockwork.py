"""Posts that come and go by the clock: what an editor set a time for goes live and expires by itself. Neighbour: config.flow."""

from __future__ import annotations

import datetime as dt
import logging

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Revision

from gensvar.core import clock
from gensvar.core.recurring import TimeCame, recurring
from gensvar.publishing.posts.models import Post

logger = logging.getLogger(__name__)


@recurring
def keep_times(fact: TimeCame) -> dt.datetime:
    """Recurring: shows the posts whose time has come and withdraws those whose time is over; each by itself."""
    now = clock.now()
    for post in Post.objects.filter(live=True, expire_at__lte=now):
        post.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    kind = ContentType.objects.get_for_model(Post)
    due = Revision.objects.filter(content_type=kind, approved_go_live_at__lte=now)
    for revision in due.order_by("approved_go_live_at"):
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except ValidationError:
            logger.exception("Post %s could not go live at its time; its draft is kept.", revision.object_id)
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    return fact.next_time()
