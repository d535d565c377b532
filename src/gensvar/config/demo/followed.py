"""Short links of the demo, followed on many days; counted as each real follower is. Neighbour: load, at its end."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction

from gensvar.core import clock
from gensvar.publishing import short_links
from gensvar.publishing.models import ShortLink

DAYS: Final = 14
LINKS: Final = 8


@transaction.atomic
def play() -> None:
    """Let some of the links be followed on each of the last two weeks' days since they were made: most when they were new."""
    newest = ShortLink.objects.filter(kind=ShortLink.Kind.PAGE).order_by("-made_at", "-pk")
    for place, link in enumerate(newest[:LINKS]):
        for back in range(DAYS):
            with clock.moved(-dt.timedelta(days=back)):
                age = (clock.now() - link.made_at).days
                for _follower in range(max(0, 6 - age + (place * 3 + back) % 4) if age >= 0 else 0):
                    short_links.count(link)
