"""Keeps the index of public words true: in the transaction of whatever changes what the gate shows. Neighbour: services."""

from __future__ import annotations

from django.db import transaction

from gensvar.core import clock
from gensvar.publishing import gate, index
from gensvar.publishing.likeness import found_by
from gensvar.publishing.models import PublicExchange

STEP = 200  # exchanges at a time


@transaction.atomic
def refresh(number: str) -> None:
    """Let the exchange of that number be found by the very words that the gate shows now; by none where it shows none.

    Feeds tell their readers of the change.
    """
    exchange_id = PublicExchange.objects.values_list("pk", flat=True).get(number=number)
    PublicExchange.objects.filter(pk=exchange_id).update(changed_at=clock.now())
    shown = gate.find(number)
    if shown is None:
        index.remove(exchange_id)
    else:
        index.put(exchange_id, found_by(shown))


@transaction.atomic
def rebuild() -> int:
    """Make the whole index anew from what the gate shows; gives how many exchanges can be found."""
    index.clear()
    found, before = 0, None
    ids = dict(
        PublicExchange.objects.filter(state=PublicExchange.State.PUBLISHED).values_list("number", "pk")
    )
    while True:
        page = gate.published_page(before, STEP)
        for shown in page.exchanges:
            index.put(ids[shown.number], found_by(shown))
        found, before = found + len(page.exchanges), page.next
        if before is None:
            return found
