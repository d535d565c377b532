"""Rounds that a leaver holds together and that are not finished. Neighbour: people.handover."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core.roles import May
from gensvar.learning.surveys.models import Survey
from gensvar.people.handover.rows import Rows

GOING_ON = (Survey.State.DRAFT, Survey.State.OPEN, Survey.State.CLOSED, Survey.State.OPENED)


class Surveys(Rows):
    """Whoever takes one over need not hold its function, and is better not the leader whom it is about."""

    kind: ClassVar[str] = "surveys"
    title: ClassVar[str | Promise] = _("surveys of how we lead that go on")
    covers: ClassVar[frozenset[str]] = frozenset({"learning.Survey.run_by"})
    needs: ClassVar[May | None] = May.RUN_SURVEYS
    field: ClassVar[str] = "run_by"
    why_not: ClassVar[str | Promise] = _("It is about how they lead: better somebody else holds it together.")

    def live(self) -> QuerySet[Any]:
        """What is not published, withdrawn or ended."""
        return Survey.objects.filter(state__in=GOING_ON).select_related("leader", "function").order_by("pk")

    def function(self, row: Any) -> int | None:
        """None is asked for."""
        return None

    def rather_not(self, row: Any) -> int | None:
        """The leader."""
        found: int = row.leader_id
        return found
