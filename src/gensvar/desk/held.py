"""Saved views of a leaver: shared ones are used by colleagues. Neighbours: saved, people.handover."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core.roles import May
from gensvar.desk.models import SavedView
from gensvar.people.handover.rows import Rows


class Views(Rows):
    """A view goes to another under its name, with its id beside it where they have one of that name."""

    kind: ClassVar[str] = "views"
    title: ClassVar[str | Promise] = _("saved views")
    covers: ClassVar[frozenset[str]] = frozenset({"desk.SavedView.owner"})
    needs: ClassVar[May | None] = May.NOTE
    field: ClassVar[str] = "owner"

    def live(self) -> QuerySet[Any]:
        """All."""
        return SavedView.objects.order_by("pk")

    def waits(self, row: Any) -> str | Promise:
        """A view is a tool."""
        return ""

    def function(self, row: Any) -> int | None:
        """Only who holds a function shares a view with it."""
        found: int | None = row.shared_with_id
        return found

    def _point(self, row: Any, target: int) -> None:
        mark = f" ({row.pk})"
        plain = row.name.removesuffix(mark)
        theirs = SavedView.objects.filter(owner_id=target).exclude(pk=row.pk)
        name = plain[: 60 - len(mark)] + mark if theirs.filter(name__iexact=plain).exists() else plain
        SavedView.objects.filter(pk=row.pk).update(owner_id=target, name=name)
        row.refresh_from_db()
