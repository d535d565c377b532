"""Drafts that wait for a leaver to write. Neighbour: people.handover."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core.roles import May
from gensvar.people.handover.rows import Rows
from gensvar.publishing.plans.models import PostPlan


class Plans(Rows):
    """It is the other's turn instead."""

    kind: ClassVar[str] = "plans"
    title: ClassVar[str | Promise] = _("planned posts that it is their turn to write")
    covers: ClassVar[frozenset[str]] = frozenset({"publishing.PostPlan.person"})
    needs: ClassVar[May | None] = May.WRITE_POSTS
    field: ClassVar[str] = "person"

    def live(self) -> QuerySet[Any]:
        """Those of posts that were never published."""
        never = PostPlan.objects.filter(post__live=False, post__first_published_at=None)
        return never.select_related("post").order_by("pk")

    def label(self, row: Any) -> str:
        """The headline of the draft."""
        return str(row.post.draft_title or row.post.title)
