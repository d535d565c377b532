"""How many receipts are too many: a form that names strangers, and machines that answer machines, must not make us a nuisance.

Neighbour: receipts asks before each. What is not acknowledged by mail still stands in its conversation, with its number.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from django.db import connection

from gensvar.answers.ways import Way
from gensvar.contract.addresses import untagged
from gensvar.conversations.turns import take_turn
from gensvar.core import clock

logger = logging.getLogger(__name__)

ADDRESS_WINDOW: Final = dt.timedelta(hours=1)  # one receipt to an address in it: ends a loop at once
DAY: Final = dt.timedelta(hours=24)
MOST_AN_ADDRESS: Final = (
    5  # receipts in a day: somebody with several questions hears of most of them, a machine soon of none
)
FLOOD_WINDOW: Final = dt.timedelta(hours=1)
MOST_A_DOMAIN: Final = (
    500  # receipts to one domain in the flood window: more than a town writes from one provider
)
MOST_A_PLACE: Final = 1000  # receipts from one contact point in the flood window


_SQL: Final = """
SELECT
  EXISTS (SELECT 1 FROM answers_delivery WHERE kind = 'receipt' AND domain = %s AND created_at > %s
    AND (recipient = %s OR substr(recipient, 1, %s) = %s) ORDER BY created_at DESC LIMIT 1 OFFSET %s),
  EXISTS (SELECT 1 FROM answers_delivery WHERE kind = 'receipt' AND domain = %s AND created_at > %s
    AND (recipient = %s OR substr(recipient, 1, %s) = %s) ORDER BY created_at DESC LIMIT 1 OFFSET %s),
  EXISTS (SELECT 1 FROM answers_delivery WHERE kind = 'receipt' AND domain = %s AND created_at > %s
    ORDER BY created_at DESC LIMIT 1 OFFSET %s),
  EXISTS (SELECT 1 FROM answers_delivery WHERE kind = 'receipt' AND contact_point_id = %s AND created_at > %s
    ORDER BY created_at DESC LIMIT 1 OFFSET %s)
"""  # no part of it looks at more rows than one domain or one place may get in its time


def allow(way: Way, *, hourly: int = 1, daily: int = MOST_AN_ADDRESS) -> bool:
    """Whether one more receipt may go that way now. Two workers cannot both be told yes for the same address.

    `hourly`, `daily`: how many an address may get; one that asks to confirm something cannot be left out as easily. What
    is sent to `kim+a@…` and to `kim+b@…` lies in one mailbox, and counts as sent to it.
    """
    take_turn()
    now, moment = clock.now(), connection.ops.adapt_datetimefield_value
    domain = way.recipient.rpartition("@")[2].lower()[:255]
    mailbox = untagged(way.recipient)
    tagged = mailbox.rpartition("@")[0] + "+" if "@" in mailbox else mailbox
    address: list[str | int | None] = []
    for window, most in ((ADDRESS_WINDOW, hourly), (DAY, daily)):
        address += [domain, moment(now - window), mailbox, len(tagged), tagged, most - 1]
    since = moment(now - FLOOD_WINDOW)
    flood = [domain, since, MOST_A_DOMAIN - 1, way.contact_point.pk, since, MOST_A_PLACE - 1]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [*address, *flood])
        known, often, much_to_domain, much_from_place = cursor.fetchone()
    if much_to_domain or much_from_place:
        logger.warning(
            "No receipt: more than %s to one domain or %s from contact point %s within the hour. The word is kept.",
            MOST_A_DOMAIN,
            MOST_A_PLACE,
            way.contact_point.pk,
        )
    return not (known or often or much_to_domain or much_from_place)
