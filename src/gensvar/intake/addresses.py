"""Finds the contact point that a mail address names. Neighbours: listener, pipe and the import command ask here."""

from __future__ import annotations

import threading
import time
from typing import Final

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import receiving
from gensvar.contract.addresses import split_plus
from gensvar.contract.channel import arriving, channel
from gensvar.contract.values import Arrival
from gensvar.core import tokens

REMEMBERED: Final = 2.0  # seconds that a found address is believed; one that was not found is asked for again


def find(address: str) -> ContactPoint | None:
    """The live contact point at that mail address, in any case and with or without a token of ours, or None.

    With a genuine token also one that is closed: a resident answers what we wrote from there, or a server tells what
    became of it. Nothing new comes in so, and nobody is told that there is nobody.
    """
    bare, token = split_plus(address)
    ours = bool(token) and tokens.opens(token)
    for name in arriving(Arrival.MAIL):
        try:
            normal = channel(name).normalise(bare)
            normal.encode()  # bytes that are no text, as a broken client sends them, name nobody
        except ValueError:
            continue
        if (point := receiving(name, normal, closed=ours)) is not None:
            return point
    return None


class AddressBook:
    """Remembers found addresses for a moment, so that a thousand mails to one address do not ask a thousand times."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, ContactPoint]] = {}
        self._lock = threading.Lock()

    def remembered(self, address: str) -> ContactPoint | None:
        """The contact point if it was found a moment ago, without asking the database."""
        found = self._found.get(split_plus(address)[0].lower())
        return found[1] if found and found[0] > time.monotonic() else None

    def find(self, address: str) -> ContactPoint | None:
        """The contact point at that address, or None. Raises DatabaseError."""
        point = find(address)
        if (
            point is not None and point.state == ContactPoint.State.LIVE
        ):  # a closed one is there for a token alone
            with self._lock:
                if len(self._found) > 1000:
                    self._found.clear()
                self._found[split_plus(address)[0].lower()] = (time.monotonic() + REMEMBERED, point)
        return point
