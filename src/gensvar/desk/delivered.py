"""Where a sending of an outgoing word stands, as the thread and the outbox show it. Neighbours: pane, outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gensvar.answers.models import Delivery
from gensvar.answers.sentences import delivery_sentence
from gensvar.desk.rows import Mark

DELIVERY_ICONS: Final = {
    Delivery.State.WAITING: "time",
    Delivery.State.SENT: "check",
    Delivery.State.KEPT: "check",
    Delivery.State.DELAYED: "history",
    Delivery.State.BY_HAND: "user",
    Delivery.State.FAILED: "warning",
    Delivery.State.CANCELLED: "rotate",
}


@dataclass(frozen=True, slots=True)
class DeliveryShown:
    """Where one sending of an answer stands, in words."""

    pk: int
    mark: Mark
    again: bool
    by_hand: bool


def delivery_shown(delivery: Delivery, *, contacts: bool, reads: bool = True) -> DeliveryShown:
    """Where a delivery stands, and why, in words for a reader who may see contacts or not, and reads the conversation or not."""
    state = Delivery.State(delivery.state)
    icon = DELIVERY_ICONS[state]
    again = state in {Delivery.State.FAILED, Delivery.State.DELAYED}
    by_hand = state == Delivery.State.BY_HAND
    words = delivery_sentence(delivery, contacts=contacts, reads=reads)
    return DeliveryShown(delivery.pk, Mark(str(state), icon, words), again, by_hand)
