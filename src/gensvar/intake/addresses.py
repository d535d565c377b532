"""Finds the contact point that a mail address names. Neighbours: listener, pipe and the import command ask here."""

from __future__ import annotations

import threading
import time
from email.parser import BytesHeaderParser
from typing import Final

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import receiving
from gensvar.contract.addresses import split_plus
from gensvar.contract.channel import arriving, channel
from gensvar.contract.values import Arrival
from gensvar.core import tokens

LONGEST_HEAD: Final = 2**16  # bytes in which a mail must say what it is
REMEMBERED: Final = 2.0  # seconds that a found address is believed; one that was not found is asked for again


def find(address: str) -> ContactPoint | None:
    """The live contact point at that mail address, or that had it before, in any case, with or without a token; or None.

    With the token of a conversation or of a word of ours also one that is closed: a resident answers what we wrote from
    there, or a server tells what became of it. Nobody is then told that there is nobody; see `belongs`.
    """
    bare, token = split_plus(address)
    ours = bool(token) and any(tokens.read(purpose, token) for purpose in ("conversation", "bounce"))
    for name in arriving(Arrival.MAIL):
        try:
            normal = channel(name).normalise(bare)
            normal.encode()  # bytes that are no text, as a broken client sends them, name nobody
        except ValueError:
            continue
        if (point := receiving(name, normal, closed=ours)) is not None:
            return point
    return None


def belongs(point: ContactPoint, recipient: str, sender: str, content: bytes) -> bool:
    """Whether a mail may come to that place: to a closed one comes what belongs to a conversation, and nothing new.

    Every mail of ours, a newsletter too, has a return path of its own, for servers' reports. Whoever else writes there is
    told that there is nobody. `sender`: of the envelope; empty where there is none, or nobody knows.
    """
    if point.state != ContactPoint.State.CLOSED or not sender:
        return True
    if tokens.read("conversation", split_plus(recipient)[1]):
        return True
    # Its head alone: parts in parts, as deep as anybody likes, break the reading.
    return BytesHeaderParser().parsebytes(content[:LONGEST_HEAD]).get_content_type() == "multipart/report"


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
