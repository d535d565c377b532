"""How many receipts are too many: a form that names strangers, and machines that answer machines, must not make us a nuisance.

Neighbour: receipts asks before each. What is not acknowledged by mail still stands in its conversation, with its number.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from gensvar.answers.models import Delivery
from gensvar.answers.ways import Way
from gensvar.conversations.turns import take_turn
from gensvar.core import clock

logger = logging.getLogger(__name__)

ADDRESS_WINDOW: Final = dt.timedelta(
    hours=24
)  # one receipt to an address in it (RFC 3834 § 2 asks for days or weeks)
FLOOD_WINDOW: Final = dt.timedelta(hours=1)
MOST_A_DOMAIN: Final = (
    500  # receipts to one domain in the flood window: more than a town writes from one provider
)
MOST_A_PLACE: Final = 1000  # receipts from one contact point in the flood window


def allow(way: Way) -> bool:
    """Whether one more receipt may go that way now. Two workers cannot both be told yes for the same address."""
    take_turn()
    now = clock.now()
    receipts = Delivery.objects.filter(kind=Delivery.Kind.RECEIPT)
    if receipts.filter(recipient=way.recipient, created_at__gt=now - ADDRESS_WINDOW).exists():
        return False
    recent = receipts.filter(created_at__gt=now - FLOOD_WINDOW)
    domain = way.recipient.rpartition("@")[2].lower()[:255]
    if _reaches(recent.filter(domain=domain), MOST_A_DOMAIN) or _reaches(
        recent.filter(contact_point=way.contact_point), MOST_A_PLACE
    ):
        logger.warning(
            "No receipt: more than %s to one domain or %s from contact point %s within the hour. The word is kept.",
            MOST_A_DOMAIN,
            MOST_A_PLACE,
            way.contact_point.pk,
        )
        return False
    return True


def _reaches(rows: object, most: int) -> bool:
    """Whether there are that many rows; looks at no more of them."""
    found: list[int] = rows.order_by("-created_at").values_list("pk", flat=True)[most - 1 : most]  # type: ignore[attr-defined]
    return bool(found)
