"""What intake can be asked: which envelopes could not be read, and how many stand where."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from gensvar.intake.models import Envelope


def failed_envelopes() -> QuerySet[Envelope]:
    """Envelopes whose reading failed, newest first, without their bytes (`read_raw` fetches them)."""
    return (
        Envelope.objects.filter(state=Envelope.State.FAILED)
        .select_related("contact_point", "contact_point__function")
        .defer("raw")
        .order_by("-received_at", "-pk")
    )


def counts_by_state() -> dict[str, int]:
    """How many envelopes are in each state; every state is named."""
    found = dict(Envelope.objects.order_by().values_list("state").annotate(count=Count("pk")))
    return {state: found.get(state, 0) for state in Envelope.State.values}
