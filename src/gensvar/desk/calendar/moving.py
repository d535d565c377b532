"""Moving what stands in the calendar to another day. What cannot be moved says why. Neighbours: items names, plans moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.fields import day_in
from gensvar.people.models import Person
from gensvar.publishing.guests import services as guests
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.plans import services as plans
from gensvar.publishing.posts import in_time
from gensvar.publishing.posts.models import Post
from gensvar.publishing.services import NotPublishable


def move(item: str, day: dt.date | None, seen: str, person: Person | None, by: User) -> str:
    """Move the item of that key, as it was shown when its state was `seen`; gives what was done, in words.

    Raises NotPublishable (MovedMeanwhile is one) and NotAllowed.
    """
    kind, _dash, key = item.partition("-")
    if kind in STANDING:
        raise NotPublishable([str(STANDING[kind]())])
    mover = MOVERS.get(kind)
    if mover is None or not (key.isascii() and key.isdecimal() and len(key) < 18):
        raise NotPublishable([_("It is not there any more. Nothing was changed.")])
    if day is None and kind != "draft":
        raise NotPublishable([_("Choose a day.")])
    return mover(int(key), day, seen, person, by)


def leave(post_id: int, seen: str, by: User) -> str:
    """Let the post that is held since `seen` stay unpublished; gives what was done, in words. Raises as `move` does."""
    post = plans.leave_unpublished(post_id, seen=_time(seen), by=by)
    title = post.draft_title or post.title
    if post.live:
        return _(
            "“%(title)s” stands as it does now; the new wording is shown when somebody publishes it."
        ) % {"title": title}
    return _("“%(title)s” stays unpublished until somebody publishes it or sets a time.") % {"title": title}


def _draft(key: int, day: dt.date | None, seen: str, person: Person | None, by: User) -> str:
    post = Post.objects.filter(pk=key).first()
    if post is None:
        raise NotPublishable([_("It is not there any more. Nothing was changed.")])
    plans.plan(post, day, person, seen=int(seen) if seen.isdecimal() else -1, by=by)
    title = post.draft_title or post.title
    if day is None:
        return _("“%(title)s” has no day any more.") % {"title": title}
    return _("“%(title)s” is planned for %(day)s.") % {"title": title, "day": said(day)}


def _scheduled(key: int, day: dt.date | None, seen: str, _person: Person | None, by: User) -> str:
    if day is None:
        raise plans.MovedMeanwhile
    plans.move_scheduled(key, day, seen=_time(seen), by=by)
    done = _("It goes live on %(day)s, at the same hour.") % {"day": said(day)}
    moved = plans.scheduled(key)
    who = in_time.who_is_silent([moved]) if moved is not None else {}
    return " ".join([done, *map(_not_then, who.values())])


def _guest(key: int, day: dt.date | None, seen: str, _person: Person | None, by: User) -> str:
    require(by, May.PUBLISH)
    guest = GuestVoice.objects.filter(pk=key).first()
    if guest is None or day is None:
        raise NotPublishable([_("It is not there any more. Nothing was changed.")])
    was = day_in(seen)
    if was is None:
        raise plans.MovedMeanwhile
    guests.move_last_day(guest, day, by=by, seen=was)
    return _("%(guest)s may write until %(day)s.") % {"guest": guest, "day": said(day)}


def _time(seen: str) -> dt.datetime:
    """The time (aware) that a form says was shown. Raises MovedMeanwhile for what is none."""
    try:
        at = parse_datetime(seen)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise plans.MovedMeanwhile
    return at


def _not_then(who: str) -> str:
    return _(
        "But it will not go public by itself then: %(who)s may not speak in our name that day. Let somebody sign it who may, or "
        "choose an earlier time."
    ) % {"who": who}


def said(day: dt.date) -> str:
    """The day with its name."""
    return date_format(day, "l j F")


STANDING: Final[dict[str, Callable[[], str]]] = {
    "published": lambda: _("This is published already, so it stays where it is."),
    "letter": lambda: _("This day was promised to somebody, so it stays where it is."),
    "position": lambda: _("This day is decided. Take the decision back on its own page to choose another."),
}
MOVERS: Final[dict[str, Callable[[int, dt.date | None, str, Person | None, User], str]]] = {
    "draft": _draft,
    "scheduled": _scheduled,
    "guest": _guest,
}
