"""What intake can be asked: which envelopes could not be read."""

from __future__ import annotations

from django.db.models import QuerySet

from gensvar.intake.models import Envelope


def failed_envelopes() -> QuerySet[Envelope]:
    """Envelopes whose reading failed, newest first, without their bytes (`read_raw` fetches them)."""
    return (
        Envelope.objects.filter(state=Envelope.State.FAILED)
        .select_related("contact_point", "contact_point__function")
        .defer("raw")
        .order_by("-received_at", "-pk")
    )
