"""What is said of posts that wait for their time, or did not go public at it: who signs them and may not speak then.

Neighbours: holds keeps the second, held_notices mails it, the desk's calendar and editor show both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from gensvar.core import clock, times
from gensvar.people.speaking import silent
from gensvar.publishing.posts.holds import PostHold, names_in
from gensvar.publishing.posts.models import Post, said_before


@dataclass(frozen=True, slots=True)
class Held:
    """A post that did not go public at its time."""

    post: Post
    due_at: dt.datetime
    who: str  # those who sign it and may not speak today; empty where that is not, or not any more, why

    @property
    def title(self) -> str:
        """Its headline as the last draft has it."""
        return str(self.post.draft_title or self.post.title)

    def __str__(self) -> str:
        about = {"title": self.title, "time": times.said(self.due_at)}
        if self.who:
            return _(
                "“%(title)s” was to go public %(time)s and is held: %(who)s may not speak in our name now. Let somebody "
                "sign it who may, then publish it or set a new time; or leave it unpublished."
            ) % (about | {"who": self.who})
        return (
            _(
                "“%(title)s” was to go public %(time)s and is held. See who signs it, and whether a guest has said yes, then "
                "publish it or set a new time; or leave it unpublished."
            )
            % about
        )


def held(post_id: int | None = None) -> list[Held]:
    """All posts that are held, or that one, the oldest time first; a few queries, however many, and one for none."""
    rows = PostHold.objects.select_related("post__latest_revision").order_by("due_at", "pk")
    found = list(rows if post_id is None else rows.filter(post=post_id))
    drafts = [one.post.latest_revision for one in found]
    who = who_is_silent([one for one in drafts if one is not None], by_their_time=False)
    return [Held(one.post, one.due_at, who.get(one.post.latest_revision_id or 0, "")) for one in found]


def who_is_silent(wordings: Sequence[Revision], *, by_their_time: bool = True) -> dict[int, str]:
    """Of these wordings of posts, by id: who signs it and may not speak on the day of its time, or today, in words.

    Whose name the public reads under it already stays. What nobody is silent of is not in it. Five queries for any number.
    """
    signed = {one.pk: names_in(one) for one in wordings}
    if not any(signed.values()):
        return {}
    said = said_before([int(one.object_id) for one in wordings])
    asked = [
        (signed[one.pk] - said[int(one.object_id)], _day_of(one) if by_their_time else clock.today())
        for one in wordings
    ]
    return {
        one.pk: "; ".join(map(str, names))
        for one, names in zip(wordings, silent(asked), strict=True)
        if names
    }


def _day_of(wording: Revision) -> dt.date:
    """The municipality's day of its time, today at the earliest."""
    at = wording.approved_go_live_at
    here = timezone.localtime(at, timezone.get_default_timezone()).date() if at else clock.today()
    return max(here, clock.today())
