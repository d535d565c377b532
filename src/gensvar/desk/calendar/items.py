"""What stands in the calendar, gathered for one reader: posts, drafts with a day, guests, positions, promised answers.

Everybody sees only what their role and function show them elsewhere too. Times are the municipality's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, WorkflowState

from gensvar.conversations.queries import visible_to
from gensvar.conversations.states import State
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May, Role
from gensvar.desk.calendar.spans import Span
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.plans.models import PostPlan
from gensvar.publishing.positions.models import Wording
from gensvar.publishing.posts import in_time
from gensvar.publishing.posts.in_time import Held
from gensvar.publishing.posts.models import Post

MOST_LETTERS: Final = 100  # promised answers in one span; the inbox has all of them
MOST_DRAFTS: Final = 30  # drafts without a day


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a day. `key` names it in forms; `seen` is its state as it was shown, for whoever moves it."""

    key: str
    title: str
    said: str  # what it is
    turn: str  # whose turn, in words; empty where it is nobody's
    url: str
    icon: str
    day: dt.date | None = None
    time: str = ""  # hours and minutes
    movable: bool = False
    seen: str = ""
    person: int | None = None  # whose turn, where it can be chosen
    planned: bool = False  # whether it can be given to a person
    late: bool = False


@dataclass(frozen=True, slots=True)
class Gathered:
    """What stands in the span, and whether there are more promised answers than are shown."""

    items: tuple[Item, ...]
    more_letters: bool


def gather(span: Span, user: User) -> Gathered:
    """All of the span, by day and time."""
    letters = list(_letters(span, user))
    found = [*_published(span), *_scheduled(span, user), *_planned(span, user), *letters[:MOST_LETTERS]]
    if user.may(May.PUBLISH):
        found += [*_guests(span), *_positions(span)]
    found.sort(key=lambda one: (one.day or span.first, one.time, one.title.casefold(), one.key))
    return Gathered(tuple(found), more_letters=len(letters) > MOST_LETTERS)


def without_day(user: User) -> list[Item]:
    """Drafts that nobody has given a day, the newest first."""
    waiting = Post.objects.filter(live=False, decisions=None).filter(Q(plan=None) | Q(plan__day=None))
    if (own := _only_own(user)) is not None:
        waiting = waiting.filter(own)
    waiting = waiting.exclude(pk__in=[int(key) for key in _in_time()]).select_related("plan__person")
    rows = list(waiting.order_by("-latest_revision_created_at", "-pk")[:MOST_DRAFTS])
    return list(_drafts([(one, getattr(one, "plan", None)) for one in rows], user))


def held(user: User) -> list[Held]:
    """The posts that did not go public at their time and that this reader may do something about."""
    return [one for one in in_time.held() if user.may(May.PUBLISH) or one.post.owner_id == user.pk]


def sees_only_own(user: User) -> bool:
    """Whether this reader sees of the posts that are not public yet only their own: who is external."""
    return Role.EXTERNAL in user.roles


def _only_own(user: User) -> Q | None:
    """Which of the posts that are not public yet an external person sees: their own, and those that are theirs to write.

    None for everybody else, who see all.
    """
    return Q(owner=user) | Q(plan__person__user=user) if sees_only_own(user) else None


def edit_url(post_id: int) -> str:
    """Where a post is written on."""
    return reverse("wagtailadmin_pages:edit", args=[post_id])


def _published(span: Span) -> Iterator[Item]:
    begins, ends = _moments(span)
    rows = Post.objects.filter(live=True, first_published_at__gte=begins, first_published_at__lt=ends)
    for one in rows.order_by("first_published_at"):
        yield Item(
            f"published-{one.pk}",
            one.title,
            _("published"),
            "",
            edit_url(one.pk),
            "globe",
            *_when(one.first_published_at),
        )


def _scheduled(span: Span, user: User) -> Iterator[Item]:
    begins, ends = _moments(span)
    rows = list(_revisions().filter(approved_go_live_at__gte=begins, approved_go_live_at__lt=ends))
    if (own := _only_own(user)) is not None:
        ids = set(
            Post.objects.filter(own, pk__in=[int(row.object_id) for row in rows]).values_list("pk", flat=True)
        )
        rows = [row for row in rows if int(row.object_id) in ids]
    silent = in_time.who_is_silent(rows)
    for row in rows:
        yield Item(
            f"scheduled-{row.object_id}",
            str(row.content.get("title", "")),
            _("scheduled"),
            _("will not go public by itself: %(who)s may not speak in our name that day")
            % {"who": silent[row.pk]}
            if row.pk in silent
            else "",
            edit_url(int(row.object_id)),
            "time",
            *_when(row.approved_go_live_at),
            movable=user.may(May.PUBLISH),
            seen=row.approved_go_live_at.isoformat(),
        )


def _planned(span: Span, user: User) -> Iterator[Item]:
    rows = PostPlan.objects.filter(
        day__gte=span.first, day__lte=span.last, post__live=False, post__first_published_at=None
    )  # what was public and is withdrawn is no draft
    if (own := _only_own(user)) is not None:
        rows = rows.filter(post__in=Post.objects.filter(own))
    rows = rows.exclude(post__in=[int(key) for key in _in_time()]).select_related("post", "person")
    yield from _drafts([(one.post, one) for one in rows.order_by("day", "pk")], user)


def _drafts(rows: Sequence[tuple[Post, PostPlan | None]], user: User) -> Iterator[Item]:
    reviewed = _in_review([post.pk for post, _plan in rows])
    everything = user.may(May.PUBLISH)
    for post, plan in rows:
        person = plan.person if plan is not None else None
        movable = everything or post.owner_id == user.pk
        yield Item(
            f"draft-{post.pk}",
            post.draft_title or post.title,
            _("in review") if post.pk in reviewed else _("draft"),
            _("%(name)s writes") % {"name": person.name} if person is not None else _("nobody's turn yet"),
            edit_url(post.pk),
            "view" if post.pk in reviewed else "edit",
            day=plan.day if plan is not None else None,
            movable=movable,
            planned=movable,
            seen=str(plan.version if plan is not None else 0),
            person=person.pk if person is not None else None,
        )


def _guests(span: Span) -> Iterator[Item]:
    rows = GuestVoice.objects.filter(
        state=GuestVoice.State.WRITING, last_day__gte=span.first, last_day__lte=span.last
    )
    for one in rows.select_related("host").order_by("last_day", "pk"):
        turn = one.name if one.waits_for_guest else one.host.name
        yield Item(
            f"guest-{one.pk}",
            _("Guest: %(guest)s") % {"guest": one},
            _("last day to hand in"),
            _("%(name)s writes") % {"name": turn},
            reverse("desk:guest", args=[one.pk]),
            "user",
            day=one.last_day,
            movable=True,
            seen=one.last_day.isoformat(),
        )


def _positions(span: Span) -> Iterator[Item]:
    begins, ends = _moments(span)
    rows = Wording.objects.filter(
        decided_at__isnull=False, holds_from__gte=max(begins, clock.now()), holds_from__lt=ends
    )
    for one in rows.select_related("function").order_by("holds_from", "pk"):
        yield Item(
            f"position-{one.pk}",
            one.title,
            _("what we stand for, from this day"),
            str(one.function),
            reverse("desk:position", args=[one.position_id]),
            "pick",
            *_when(one.holds_from),
        )


def _letters(span: Span, user: User) -> Iterator[Item]:
    begins, ends = _moments(span)
    rows = visible_to(user).filter(state=State.OPEN, due_at__gte=begins, due_at__lt=ends)
    now = clock.now()
    for one in rows.select_related("function", "assignee").order_by("due_at", "pk")[: MOST_LETTERS + 1]:
        yield Item(
            f"letter-{one.number}",
            one.subject or one.number,
            _("answer promised"),
            _("%(name)s answers") % {"name": one.assignee or one.function or _("nobody yet")},
            reverse("desk:conversation", args=[one.number]),
            "mail",
            *_when(one.due_at),
            late=one.due_at is not None and one.due_at < now,
        )


def _revisions() -> Any:
    kind = ContentType.objects.get_for_model(Post)
    rows = Revision.objects.filter(content_type=kind, approved_go_live_at__isnull=False)
    return rows.order_by("approved_go_live_at", "pk")


def _in_time() -> list[str]:
    """The keys of posts that go live by the clock."""
    return list(_revisions().values_list("object_id", flat=True))


def _in_review(keys: Sequence[int]) -> set[int]:
    """Those of these posts that somebody looks through."""
    if not keys:
        return set()
    states = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id__in=[str(key) for key in keys]
    )
    return {int(key) for key in states.values_list("object_id", flat=True)}


def _moments(span: Span) -> tuple[dt.datetime, dt.datetime]:
    """When the span begins, and when it is over (aware)."""
    return clock.begins(span.first), clock.begins(span.last + dt.timedelta(days=1))


def _when(at: dt.datetime | None) -> tuple[dt.date | None, str]:
    if at is None:
        return None, ""
    here = timezone.localtime(at, timezone.get_default_timezone())
    return here.date(), f"{here:%H:%M}"
