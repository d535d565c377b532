"""Posts that a leaver signs, in words that the public has not seen: said where a handover is reviewed, whoever owns them.

A byline is not handed over: nobody's name stands under words that they have not read. Neighbour: config.holdings lists this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.utils.translation import gettext as _
from wagtail.models import Revision

from gensvar.core import clock, times
from gensvar.people.days import DAY
from gensvar.people.models import Person
from gensvar.publishing.posts.models import Post


def signed_in_advance(person: Person, last_day: dt.date) -> Sequence[str]:
    """A sentence for each post that is not public and carries their name: what has a time first, by title. Four queries.

    What was withdrawn, or is over, is named only where it was written anew since: else there is nothing to sign.
    What has a time after their last day does not go public by itself (holds).
    """
    unseen = Q(first_published_at__isnull=True) | Q(latest_revision_created_at__gt=F("last_published_at"))
    posts = {str(one.pk): one for one in Post.objects.filter(unseen, live=False)}
    tending = dict(
        Person.objects.filter(user__in={one.owner_id for one in posts.values()} - {None, person.user_id})
        .order_by("pk")
        .values_list("user_id", "name")
    )
    found = []
    for row in _newest(posts):
        if any(one.get("person") == person.pk for one in row.content.get("bylines", ())):
            post = posts[row.object_id]
            found.append((row, row.content["title"], tending.get(post.owner_id or 0)))
    found.sort(key=lambda one: (one[0].approved_go_live_at is None, one[1].casefold(), one[0].pk))
    return [_sentence(row, title, tends, person, last_day) for row, title, tends in found]


def _newest(posts: dict[str, Post]) -> Iterator[Revision]:
    """Of each the wording that has a time, else the newest."""
    kind = ContentType.objects.get_for_model(Post)
    of_them = Revision.objects.filter(content_type=kind, object_id__in=list(posts))
    newest = [one.latest_revision_id for one in posts.values()]
    rows = of_them.filter(Q(approved_go_live_at__isnull=False) | Q(pk__in=newest)).order_by("pk")
    timed = {row.object_id for row in rows if row.approved_go_live_at is not None}
    return (row for row in rows if row.approved_go_live_at is not None or row.object_id not in timed)


def _sentence(row: Revision, title: str, tends: str | None, person: Person, last_day: dt.date) -> str:
    values = {
        "title": title,
        "person": person.name,
        "tends": tends or _("whoever takes it over"),
        "time": times.said(row.approved_go_live_at),
    }
    if row.approved_go_live_at is not None and clock.begins(last_day + DAY) <= row.approved_go_live_at:
        return (
            _(
                "“%(title)s” was to go public %(time)s, after the last day of %(person)s, who signs it: it is held then, unless "
                "%(tends)s signs it anew."
            )
            % values
        )
    if row.approved_go_live_at is not None:
        return (
            _("“%(title)s” goes public %(time)s, signed by %(person)s, unless %(tends)s signs it anew.")
            % values
        )
    return _("“%(title)s” is a draft signed by %(person)s, unless %(tends)s signs it anew.") % values
