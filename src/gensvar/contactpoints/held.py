"""Places that a leaver owns or is the deputy of (law 3). Neighbour: people.handover."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.core.roles import May
from gensvar.people.handover.holding import Before, Occasion
from gensvar.people.handover.rows import Rows


class Owned(Rows):
    """Places by owner. Where the deputy becomes the owner, the place has no deputy until somebody is named."""

    kind: ClassVar[str] = "owned"
    title: ClassVar[str | Promise] = _("places, as owner")
    needs: ClassVar[May | None] = May.ANSWER  # else routing passes them over, and the place raises its alarm
    covers: ClassVar[frozenset[str]] = frozenset({"contactpoints.ContactPoint.owner"})
    field: ClassVar[str] = "owner"
    other: ClassVar[str] = "deputy_id"
    why_not: ClassVar[str | Promise] = _("The place then lacks its deputy: name one.")

    def live(self) -> QuerySet[Any]:
        """All but closed ones, which take in nothing."""
        return ContactPoint.objects.exclude(state=ContactPoint.State.CLOSED).order_by("pk")

    def label(self, row: Any) -> str:
        """Its name and address."""
        return str(row)

    def waits(self, row: Any) -> str | Promise:
        """What waits there is counted as conversations."""
        return ""

    def rather_not(self, row: Any) -> int | None:
        """Who holds the other post: one person is no deputy of themselves."""
        found: int | None = getattr(row, self.other)
        return found

    def given(self, row: Any, occasion: Occasion) -> Before:
        """Nobody is both."""
        if row.owner_id != row.deputy_id:
            return {}
        ContactPoint.objects.filter(pk=row.pk).update(deputy=None)
        return {"deputy": row.deputy_id}

    def returned(self, row: Any, occasion: Occasion, before: Before) -> None:
        """The deputy is who it was, if nobody else was named."""
        if before.get("deputy"):
            ContactPoint.objects.filter(pk=row.pk, deputy__isnull=True).update(deputy_id=before["deputy"])


class Deputised(Owned):
    """Places by deputy; where only the owner is left, there is no deputy until somebody is named."""

    kind: ClassVar[str] = "deputised"
    title: ClassVar[str | Promise] = _("places, as deputy")
    covers: ClassVar[frozenset[str]] = frozenset({"contactpoints.ContactPoint.deputy"})
    field: ClassVar[str] = "deputy"
    other: ClassVar[str] = "owner_id"

    def take_back(self, occasion: Occasion, key: str, before: Before) -> bool:
        """Also where nobody became the deputy."""
        if "deputy" not in before:
            return super().take_back(occasion, key, before)
        row = self.locked([key]).filter(deputy__isnull=True).first()
        if row is not None:
            self._point(row, before["from"])
        return row is not None
