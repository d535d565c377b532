"""What a leaver holds of pages: drafts and scheduled posts, locks, remarks they follow, wordings that are not decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageSubscription, Revision

from gensvar.core.roles import May
from gensvar.people.handover.holding import Before, Giving, Held, Occasion
from gensvar.people.handover.rows import Rows
from gensvar.people.models import Person
from gensvar.publishing.positions.models import Wording


def _pages(field: str) -> frozenset[str]:
    """The relation of every kind of page: all have it from Wagtail's table."""
    return frozenset(
        f"{model}.{field}" for model in ("wagtailcore.Page", "publishing.Post", "publishing.PostsHome")
    )


class Pages(Rows):
    """Posts and other pages that are theirs: drafts, scheduled, and public ones, which somebody must go on tending.

    Whose words they are stands in the byline, which stays.
    """

    kind: ClassVar[str] = "pages"
    title: ClassVar[str | Promise] = _("posts: drafts, scheduled and public")
    covers: ClassVar[frozenset[str]] = _pages("owner")
    needs: ClassVar[May | None] = May.WRITE_POSTS
    field: ClassVar[str] = "owner"

    def live(self) -> QuerySet[Any]:
        """Every page; `scheduled` says whether one of its versions has a day on which it becomes public."""
        dated = Revision.objects.filter(
            base_content_type__app_label="wagtailcore",
            base_content_type__model="page",
            object_id=Cast(OuterRef("pk"), CharField()),
            approved_go_live_at__isnull=False,
        )
        found: QuerySet[Any] = Page.objects.annotate(scheduled=Exists(dated)).order_by("pk")
        return found

    def label(self, row: Any) -> str:
        """Its title as the last draft has it."""
        return str(row.draft_title or row.title)

    def waits(self, row: Any) -> str | Promise:
        """What is not public yet, or was changed and is not public as it stands; not what was taken down."""
        if row.scheduled:
            return _("scheduled posts and pages")
        if row.live:
            return _("changes of posts and pages, not published") if row.has_unpublished_changes else ""
        return "" if row.first_published_at else _("drafts of posts and pages")


class Locks(Rows):
    """Pages that only the leaver can open again: they are opened."""

    kind: ClassVar[str] = "locks"
    title: ClassVar[str | Promise] = _("locked pages, which are opened")
    covers: ClassVar[frozenset[str]] = _pages("locked_by")
    received: ClassVar[bool] = False
    field: ClassVar[str] = "locked_by"

    def live(self) -> QuerySet[Any]:
        """Locked pages."""
        found: QuerySet[Any] = Page.objects.filter(locked=True).order_by("pk")
        return found

    def label(self, row: Any) -> str:
        """Its title."""
        return str(row.title)

    def waits(self, row: Any) -> str | Promise:
        """Nobody but the next writer waits for it."""
        return ""

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """Open them."""
        found: dict[str, Before] = {}
        pages = self.locked(giving.key for giving in givings).filter(locked_by=occasion.person.user_id)
        for page in pages:
            found[str(page.pk)] = {
                "by": page.locked_by_id,
                "at": page.locked_at.isoformat() if page.locked_at else None,
            }
            Page.objects.filter(pk=page.pk).update(locked=False, locked_by=None, locked_at=None)
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """Lock it again, if nobody else has."""
        at = dt.datetime.fromisoformat(before["at"]) if before["at"] else None
        page = Page.objects.filter(pk=int(key), locked=False)
        return bool(page.update(locked=True, locked_by=before["by"], locked_at=at))


class Wordings(Rows):
    """Wordings of what we stand for that are not decided; whoever takes one over would stand behind it."""

    kind: ClassVar[str] = "wordings"
    title: ClassVar[str | Promise] = _("drafts of what we stand for")
    covers: ClassVar[frozenset[str]] = frozenset({"publishing.Wording.person"})
    field: ClassVar[str] = "person"

    def live(self) -> QuerySet[Any]:
        """Drafts: what is decided has been said."""
        return Wording.objects.filter(decided_at__isnull=True, discarded_at__isnull=True).order_by("pk")

    def label(self, row: Any) -> str:
        """Its headline."""
        return row.title or str(row.pk)


class Followed:
    """Remarks in the editor that they are told of, page by page."""

    kind: ClassVar[str] = "followed"
    title: ClassVar[str | Promise] = _("remarks that they follow")
    covers: ClassVar[frozenset[str]] = frozenset({"wagtailcore.PageSubscription.user"})
    received: ClassVar[bool] = True
    needs: ClassVar[May | None] = May.WRITE_POSTS
    witnessed: ClassVar[bool] = False

    def held_by_each(self, people: Collection[Person]) -> Mapping[int, Sequence[Held]]:
        """Those that tell them something; one query."""
        of = {one.user_id: one.pk for one in people if one.user_id is not None}
        found: defaultdict[int, list[Held]] = defaultdict(list)
        for row in _told(*of).select_related("page"):
            found[of[row.user_id]].append(Held(str(row.page_id), str(row.page), waits=""))
        return found

    def give(self, occasion: Occasion, givings: Sequence[Giving]) -> dict[str, Before]:
        """The other is told instead."""
        found: dict[str, Before] = {}
        for giving in givings:
            own = _told(occasion.person.user_id).filter(page_id=int(giving.key))
            if giving.to is None or giving.to.user_id is None or not own.exists():
                continue
            theirs = PageSubscription.objects.filter(page_id=int(giving.key), user_id=giving.to.user_id)
            had = theirs.values_list("comment_notifications", flat=True).first()
            PageSubscription.objects.update_or_create(
                page_id=int(giving.key), user_id=giving.to.user_id, defaults={"comment_notifications": True}
            )
            own.update(comment_notifications=False)
            found[giving.key] = {"to": giving.to.user_id, "had": had}
        return found

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """If the other is still told."""
        theirs = _told(before["to"]).filter(page_id=int(key))
        own = PageSubscription.objects.filter(page_id=int(key), user_id=occasion.person.user_id)
        if not theirs.exists() or not own.update(comment_notifications=True):
            return False
        if before["had"] is None:
            theirs.delete()
        else:
            theirs.update(comment_notifications=before["had"])
        return True

    def settled(self, occasion: Occasion, key: str, changed_on: dt.date, witness: Person) -> None:
        """Nothing is left to do outside."""


def _told(*users: int | None) -> QuerySet[Any]:
    told = PageSubscription.objects.filter(user_id__in=users, comment_notifications=True)
    found: QuerySet[Any] = told.order_by("pk")
    return found
