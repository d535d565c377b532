"""A post whose time came and that nobody may show as it stands: it waits, as a draft, for somebody to decide.

Most often because whoever signs it may not speak any more: nobody speaks in the municipality's name after their last
day. By hand an editor still may, and is told; by the clock nothing does. Neighbours: models asks here, held_notices tells.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from wagtail.models import Revision

from gensvar.core import audit
from gensvar.core.events import emit
from gensvar.people.speaking import Name
from gensvar.publishing.posts.events import PostHeld

BY_THE_CLOCK: Final = "wagtail.publish.scheduled"  # how Wagtail's log calls it, whichever of its ways it goes


class PostHold(models.Model):
    """That a post did not go public at its time. It ends, and its row goes, when somebody publishes it, gives it a new time or a
    day, withdraws it, leaves it unpublished, or takes its guest's invitation back; the audit log keeps that it was."""

    post = models.OneToOneField("publishing.Post", on_delete=models.CASCADE, related_name="hold")
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.post_id} {self.due_at:%Y-%m-%d}"


def names_in(revision: Revision) -> frozenset[Name]:
    """Who of ours signs that wording, each for which function; guests are nobody of ours."""
    rows = revision.content.get("bylines", ())
    return frozenset((one["person"], one["function"]) for one in rows if one["person"] and one["function"])


def hold(post: Any, revision: Revision) -> None:
    """Let that wording be a draft again, in the caller's transaction, and let those be told who can act; once, however many look.

    Does nothing where it has another time by now.
    """
    due = revision.approved_go_live_at
    timed = Revision.objects.filter(pk=revision.pk, approved_go_live_at=due)
    if due is None or not timed.update(approved_go_live_at=None):
        return
    PostHold.objects.update_or_create(post_id=post.pk, defaults={"due_at": due})
    audit.note(None, "posts.held", post, revision=revision.pk, due=due.isoformat())
    emit(PostHeld(post.pk))


def end(post_id: int) -> None:
    """Somebody has decided."""
    PostHold.objects.filter(post=post_id).delete()
