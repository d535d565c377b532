"""Takes what arrives: bytes and fact are committed before anything looks at them (law 1).

Neighbours: listener, pipe, importing and the web form hand over; conversations.reading follows the fact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from gensvar.contactpoints.models import ContactPoint
from gensvar.core import audit, clock, events, files, statements
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.core.stops import stop
from gensvar.intake.events import EnvelopeReceived
from gensvar.intake.identity import identify
from gensvar.intake.models import Envelope

LONGEST_ADDRESS = 320  # characters: RFC 3696, 64 before the @ and 255 after it


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail (or form, or letter) for one contact point, as it came."""

    raw: bytes
    contact_point: ContactPoint
    source: Envelope.Source
    mail_from: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an arrival. `event_ids` are the events that a new one started; empty where it was known."""

    envelope_id: int
    new: bool
    event_ids: list[int] = field(default_factory=list)
    reused_id: bool = False


def receive(
    raw: bytes,
    *,
    contact_point: ContactPoint,
    source: Envelope.Source,
    mail_from: str = "",
    recipient: str = "",
) -> Received:
    """Keep one arrival: bytes and fact are committed when this returns. The same mail again gives the old id.

    Raises DatabaseError or OSError when it could not be kept; then nothing of it was.
    """
    return receive_all([Arrival(raw, contact_point, source, mail_from, recipient)])[0]


def receive_all(arrivals: Sequence[Arrival]) -> list[Received]:
    """Keep several arrivals in one transaction, all or none; the answers come in the same order."""
    stop("intake.before_store")
    rows = [_values(arrival) for arrival in arrivals]  # large ones are on the disk after this
    # In one order everywhere, so that two who keep the same mails cannot wait for each other in a circle.
    order = sorted(range(len(rows)), key=lambda n: (rows[n]["message_id"], rows[n]["identity"]))
    with transaction.atomic():
        now = clock.now()
        received = {n: _store(arrivals[n], rows[n], now) for n in order}
        stop("intake.before_commit")
    stop("intake.after_commit")
    return [received[n] for n in range(len(rows))]


def _values(arrival: Arrival) -> dict[str, Any]:
    identity = identify(arrival.raw)
    return {
        **files.keep_raw(arrival.raw),
        "message_id": identity.message_id,
        "identity": identity.digest,
        "mail_from": _storable(arrival.mail_from),
        "recipient": _storable(arrival.recipient),
    }


def _storable(address: str) -> str:
    """An address from a protocol as text that every database takes; raw bytes in it become \\x escapes."""
    return address.encode("utf-8", "backslashreplace").decode().replace("\0", "")[:LONGEST_ADDRESS]


_INSERT = (
    "INSERT INTO intake_envelope (raw, raw_sha256, raw_size, contact_point_id, channel, source, received_at, mail_from,"
    " recipient, message_id, identity, reused_id, state, error, attempts)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
    " EXISTS (SELECT 1 FROM intake_envelope WHERE contact_point_id = %s AND message_id = %s), 'received', '', 0)"
    " ON CONFLICT (contact_point_id, message_id, identity) DO NOTHING RETURNING id, reused_id"
)
_FIND = "SELECT id, reused_id FROM intake_envelope WHERE contact_point_id = %s AND message_id = %s AND identity = %s"


def _store(arrival: Arrival, values: dict[str, Any], now: dt.datetime) -> Received:
    point = arrival.contact_point
    key = [point.pk, values["message_id"]]
    with statements.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                values["raw"],
                values["raw_sha256"],
                values["raw_size"],
                point.pk,
                point.channel,
                str(arrival.source),
                connection.ops.adapt_datetimefield_value(now),
                values["mail_from"],
                values["recipient"],
                values["message_id"],
                values["identity"],
                *key,
            ],
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_FIND, [*key, values["identity"]])
            known = cursor.fetchone()
            return Received(known[0], new=False, reused_id=bool(known[1]))
    return Received(row[0], True, events.emit(EnvelopeReceived(envelope_id=row[0])), bool(row[1]))


def retry(envelope: Envelope, *, by: User) -> list[int]:
    """Read a failed envelope once more; returns the new events. Raises NotAllowed; does nothing to one that was read."""
    require(by, May.SEE_ENVELOPES)
    with transaction.atomic():
        changed = Envelope.objects.filter(pk=envelope.pk, state=Envelope.State.FAILED).update(
            state=Envelope.State.RECEIVED
        )
        if not changed:
            return []
        audit.note(by, "envelope.retry", envelope)
        return events.emit(EnvelopeReceived(envelope_id=envelope.pk))
