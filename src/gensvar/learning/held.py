"""Steps of outcomes that a leaver wrote and nobody has published. Neighbour: people.handover."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.core.roles import May
from gensvar.learning.models import Step
from gensvar.people.handover.rows import Rows


class Steps(Rows):
    """Whoever takes one over would stand behind it; what is public stays as it was said."""

    kind: ClassVar[str] = "steps"
    title: ClassVar[str | Promise] = _("steps of outcomes, not published")
    covers: ClassVar[frozenset[str]] = frozenset({"learning.Step.person"})
    needs: ClassVar[May | None] = May.PROPOSE_OUTCOMES
    field: ClassVar[str] = "person"

    def live(self) -> QuerySet[Any]:
        """Drafts."""
        return Step.objects.filter(published_at__isnull=True).select_related("outcome").order_by("pk")

    def label(self, row: Any) -> str:
        """The outcome's headline."""
        return str(row.outcome)
