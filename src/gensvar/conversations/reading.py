"""Reads an envelope into a conversation: parsing outside of any transaction, writing inside one.

Neighbours: intake told that it came; words and writing do the two halves; routing follows.
"""

from __future__ import annotations

import functools
from typing import Final

from django.db import DatabaseError
from django.db.models import F

from gensvar.conversations import counts
from gensvar.conversations.turns import take_turn
from gensvar.conversations.words import Arrived, make_ready
from gensvar.conversations.writing import write
from gensvar.core import files, statements
from gensvar.core.events import Settle, prepared
from gensvar.intake.events import EnvelopeReceived
from gensvar.intake.models import Envelope

LONGEST_ERROR: Final = 4000  # characters

_READ: Final = (
    "SELECT e.id, e.contact_point_id, p.function_id, e.channel, e.source, e.recipient, e.message_id, e.received_at,"
    " e.reused_id, e.raw, e.raw_sha256 FROM intake_envelope e JOIN contactpoints_contactpoint p ON p.id = e.contact_point_id"
    " WHERE e.id = %s AND e.state <> 'read'"
)


def _gave_up(fact: EnvelopeReceived, error: str) -> None:
    """The runner stops trying: the envelope says so, and staff can have it read again."""
    _fail(fact.envelope_id, error)


@prepared(gave_up=_gave_up, first=True)
def read_envelope(fact: EnvelopeReceived) -> Settle | None:
    """Handler: reads the bytes and gives back what writes them. What cannot be read becomes a visible failure."""
    found = _envelope(fact.envelope_id)
    if found is None:
        return None
    arrived, raw, sha256 = found
    try:
        word = make_ready(arrived, raw if raw is not None else files.read(sha256))
    except (DatabaseError, OSError):
        raise  # the store's trouble, not the mail's: the runner tries again
    except Exception as error:
        return functools.partial(_fail, arrived.id, f"{type(error).__name__}: {error}")
    return functools.partial(write, word)


def _envelope(envelope_id: int) -> tuple[Arrived, bytes | None, str] | None:
    with statements.cursor() as cursor:
        cursor.execute(_READ, [envelope_id])
        row = cursor.fetchone()
    if row is None:
        return None
    return (
        Arrived(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], statements.moment(row[7]), bool(row[8])
        ),
        None if row[9] is None else bytes(row[9]),
        row[10],
    )


def _fail(envelope_id: int, error: str) -> None:
    take_turn()
    error = error.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST_ERROR]
    Envelope.objects.filter(pk=envelope_id).exclude(state=Envelope.State.READ).update(
        state=Envelope.State.FAILED, error=error, attempts=F("attempts") + 1
    )
    counts.changed()
