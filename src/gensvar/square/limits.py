"""Counts how often one address writes, so that a machine cannot drown the others; neighbours: writing, suggesting, private.

The count is a row of the database, so that it is one for all web processes on all machines. Only a keyed digest is kept:
another key each day, another digest for each span of time, and it goes away when the span is over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from gensvar.core import clock

SPAN: Final = dt.timedelta(minutes=10)


def too_many(request: HttpRequest, what: str = "word", most: int | None = None) -> bool:
    """Count one more `what` from the address of this request; True when its share of this span is used up.

    The share is `most`, by default GENSVAR_FORM_LIMIT.
    """
    now = clock.now()
    span = int(now.timestamp() // SPAN.total_seconds())
    end = dt.datetime.fromtimestamp((span + 1) * SPAN.total_seconds(), dt.UTC)
    count = _count(
        _digest(f"{what}\0{span}\0{network_of(request)}", _key_of(now.astimezone(dt.UTC).date())), end
    )
    if count == 1:
        with connection.cursor() as cursor:
            adapt = connection.ops.adapt_datetimefield_value
            cursor.execute("DELETE FROM square_knocks WHERE until < %s", [adapt(now)])
    return count > (settings.GENSVAR_FORM_LIMIT if most is None else most)


def network_of(request: HttpRequest) -> str:
    """The address that counts as one writer: an IPv4 address, or the /64 network that a household has (RFC 6177)."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.GENSVAR_BEHIND_PROXY and (forwarded := request.headers.get("X-Forwarded-For", "")):
        given = forwarded.rpartition(",")[2].strip()  # the last one is what our own proxy saw
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _key_of(day: dt.date) -> bytes:
    """The key of one day, the same in every process that has our secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"square.limits\0{day}".encode(), hashlib.sha256).digest()


def _digest(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _count(digest: str, until: dt.datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO square_knocks (digest, count, until) VALUES (%s, 1, %s) "
            "ON CONFLICT (digest) DO UPDATE SET count = square_knocks.count + 1 RETURNING count",
            [digest, connection.ops.adapt_datetimefield_value(until)],
        )
        return int(cursor.fetchone()[0])
