"""Keeps what comments are found by: in the transaction of whatever shows one, changes what stands under it, or takes it away.

Neighbours: moderation, taking and the import of old blogs call it; publishing.commented finds by it.
"""

from __future__ import annotations

from gensvar.publishing import finding
from gensvar.publishing.comments import gate


def refresh(pk: int) -> None:
    """Let that comment be found by what the gate shows of it now, with our answers; by nothing where it shows nothing."""
    shown = gate.find_by_key(pk)
    finding.keep(gate.NUMBER, pk, shown.texts if shown is not None else ())
