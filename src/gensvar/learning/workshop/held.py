"""Experiments that a leaver holds and nobody has decided yet. Neighbour: people.handover."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gensvar.learning.workshop.models import Experiment
from gensvar.learning.workshop.services import was_handed
from gensvar.people.handover.holding import Before, Occasion
from gensvar.people.handover.rows import Rows


class Experiments(Rows):
    """Whoever takes one over speaks for its function; readers of a public one are told, also when it goes back."""

    kind: ClassVar[str] = "experiments"
    title: ClassVar[str | Promise] = _("experiments that go on")
    covers: ClassVar[frozenset[str]] = frozenset({"learning.Experiment.holder"})
    field: ClassVar[str] = "holder"

    def live(self) -> QuerySet[Any]:
        """What is proposed or tried."""
        rows = Experiment.objects.filter(decided_on__isnull=True).exclude(state=Experiment.State.WITHDRAWN)
        return rows.select_related("function", "holder").order_by("pk")

    def given(self, row: Any, occasion: Occasion) -> Before:
        """Readers see who holds it now."""
        could = row.successors.filter(pk=row.holder_id).exists()
        was_handed(row, by=occasion.by)
        return {"could_take_over": could}

    def returned(self, row: Any, occasion: Occasion, before: Before) -> None:
        """Who held it meanwhile could take over again, if they could before."""
        was_handed(row, by=occasion.by)
        if before.get("could_take_over"):
            row.successors.add(before["to"])
