"""Who writes how much of what we tell unasked, and who could write instead: for a kind remark that never stops anybody.

Counted are posts that were first published in the last days of a limit that a coordinator set, and those that wait for
their time; a post in several languages is one, one that two sign counts for both, and guests count for nobody.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, Q
from wagtail.models import Revision

from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Person
from gensvar.people.queries import on_duty_who_may, tenures_on
from gensvar.publishing.posts.models import Byline, Post
from gensvar.voices.models import LastAnswer, WritingLimit
from gensvar.voices.shares import alike_topics

FEWEST: Final = 5  # posts in the period; of fewer a share says nothing
OTHERS: Final = 3  # who could write instead


@dataclass(frozen=True, slots=True)
class Written:
    """How many of the posts of the period each person signed (ids), of how many that any of ours signed."""

    limit: WritingLimit
    posts: int
    by: Counter[int]

    def share(self, person: int) -> float:
        """Between 0 and 1."""
        return self.by[person] / self.posts if self.posts else 0.0

    def is_much(self, person: int) -> bool:
        """Whether that person's share passes the limit, where there are posts enough to speak of shares."""
        return self.posts >= FEWEST and 100 * self.by[person] > self.limit.percent * self.posts


@dataclass(frozen=True, slots=True)
class Remark:
    """That somebody writes much, and who could write this one."""

    person: Person
    posts: int
    of: int
    limit: WritingLimit
    others: tuple[Person, ...]

    @property
    def percent(self) -> int:
        """Their share, rounded to a whole per cent."""
        return round(100 * self.posts / self.of)


def limit_now() -> WritingLimit | None:
    """The limit that holds, or None where nobody set one or it was lifted."""
    found = WritingLimit.objects.order_by("-pk").first()
    return found if found is not None and found.percent else None


@transaction.atomic
def set_limit(percent: int, days: int, *, by: User) -> WritingLimit:
    """Set it from now on; 0 per cent lifts it. Raises ValueError beyond 0–100 per cent and 7–730 days."""
    require(by, May.SEE_VOICES)
    if not (0 <= percent <= 100 and 7 <= days <= 730):
        raise ValueError("A limit is 0–100 per cent of 7–730 days.")
    made = WritingLimit.objects.create(percent=percent, days=days, at=clock.now(), by=by)
    audit.note(by, "voices.limit_set", made, percent=percent, days=days)
    return made


def written(limit: WritingLimit) -> Written:
    """Who signed what in the days of the limit, today included, and what waits for its time; a few queries, however much it is."""
    since = clock.begins(clock.today() - dt.timedelta(days=limit.days - 1))
    signed: dict[Any, set[int]] = {}
    rows = Byline.objects.filter(
        person__isnull=False, post__live=True, post__first_published_at__gte=since
    ).values_list("post__translation_key", "person")
    for key, person in rows:
        signed.setdefault(str(key), set()).add(person)
    for content in _waiting():
        persons = {one["person"] for one in content.get("bylines", ()) if one.get("person")}
        if persons:
            signed.setdefault(str(content.get("translation_key")), set()).update(persons)
    return Written(limit, len(signed), Counter(person for persons in signed.values() for person in persons))


def remarks(
    said: Written, persons: Collection[int], functions: Collection[int], topics: Collection[int]
) -> list[Remark]:
    """One for each of these persons (ids) who writes much, with who could write about these topics or for these functions."""
    much = [pk for pk in persons if said.is_much(pk)]
    if not much:
        return []
    named = Person.objects.in_bulk(much)
    found = others(said, much, functions, topics)
    return [Remark(named[pk], said.by[pk], said.posts, said.limit, found) for pk in much if pk in named]


def others(
    said: Written, but: Collection[int], functions: Collection[int], topics: Collection[int]
) -> tuple[Person, ...]:
    """Up to three who are there today and write little: who answered about the topics first, then who holds a function.

    Of those, who signed the fewest posts comes first, then who answered last, then the name.
    """
    knows = _answered(topics)
    holds = set(tenures_on().filter(function__in=functions).values_list("person", flat=True))
    writing = on_duty_who_may(May.WRITE_POSTS)
    could = writing.filter(pk__in=knows.keys() | holds).exclude(pk__in=but)
    rows = [one for one in could if not said.is_much(one.pk)]
    rows.sort(
        key=lambda one: (
            one.pk not in knows,
            said.by[one.pk],
            -knows.get(one.pk, dt.date.min).toordinal(),
            one.name.casefold(),
            one.pk,
        )
    )
    return tuple(rows[:OTHERS])


def about(persons: Iterable[int], limit: WritingLimit) -> tuple[set[int], set[int]]:
    """The functions and topics (ids) of what these persons signed in the days of the limit."""
    since = clock.begins(clock.today() - dt.timedelta(days=limit.days - 1))
    rows = Byline.objects.filter(person__in=persons, post__live=True, post__first_published_at__gte=since)
    functions = set(rows.values_list("function", flat=True))
    through = Post.topics.through.objects.filter(post__in=rows.values("post"))
    return functions, set(through.values_list("topic", flat=True))


def _waiting() -> list[dict[str, Any]]:
    """What the posts that wait for their time hold."""
    kind = ContentType.objects.get_for_model(Post)
    rows = Revision.objects.filter(content_type=kind, approved_go_live_at__gt=clock.now())
    return list(rows.order_by("pk").values_list("content", flat=True))


def _answered(topics: Collection[int]) -> dict[int, dt.date]:
    """Who answered about one of these topics, or about one that became it, and when last; by person."""
    alike = {pk for topic in topics for pk in alike_topics(topic)}
    if not alike:
        return {}
    about_them = reduce(or_, (Q(topics__contains=f",{pk},") for pk in sorted(alike)))
    rows = LastAnswer.objects.filter(about_them).order_by().values_list("person")
    return dict(rows.annotate(last=Max("day")))
