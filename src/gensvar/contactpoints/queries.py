"""Finding the contact point behind an address."""

from __future__ import annotations

from gensvar.contactpoints.models import ContactPoint


def receiving(channel: str, address: str) -> ContactPoint | None:
    """The live contact point of that channel at that address (in normal form, without plus-token), or None."""
    return (
        ContactPoint.objects.filter(channel=channel, address=address, state=ContactPoint.State.LIVE)
        .select_related("function", "owner", "deputy")
        .first()
    )
