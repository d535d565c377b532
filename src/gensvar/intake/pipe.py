"""Takes one mail from a mail server's pipe. Exit codes are those of sysexits.h, which mail servers read."""

from __future__ import annotations

import logging
from typing import BinaryIO, Final

from django.conf import settings
from django.db import DatabaseError

from gensvar.intake import addresses
from gensvar.intake.identity import with_no_sender
from gensvar.intake.models import Envelope
from gensvar.intake.services import receive

logger = logging.getLogger(__name__)

COMMITTED: Final = 0
NOBODY: Final = frozenset(
    {"<>", "MAILER-DAEMON"}
)  # what mail servers write where the envelope names no sender
TRY_AGAIN: Final = 75  # EX_TEMPFAIL: the mail server keeps the mail and tries again


def deliver(stream: BinaryIO, to: str, *, mail_from: str = "") -> int:
    """Read one mail to its end and keep it; 0 only when it is committed, else 75: the mail then stays where it is."""
    raw = stream.read(settings.GENSVAR_LARGEST_WORD + 1)
    if not raw:
        logger.error("The pipe brought no mail for %s.", to)
        return TRY_AGAIN
    if len(raw) > settings.GENSVAR_LARGEST_WORD:
        logger.error(
            "The mail for %s is larger than %s bytes and was not taken.", to, settings.GENSVAR_LARGEST_WORD
        )
        return TRY_AGAIN
    try:
        point = addresses.find(to)
        if point is None:
            logger.error("%s is no open address of ours; the mail was not taken.", to)
            return TRY_AGAIN
        raw = _without_from_line(raw)
        if not addresses.belongs(point, to, "" if mail_from.upper() in NOBODY else mail_from, raw):
            logger.error("%s is closed, and the mail belongs to no conversation; it was not taken.", to)
            return TRY_AGAIN
        receive(
            with_no_sender(raw) if mail_from.upper() in NOBODY else raw,
            contact_point=point,
            source=Envelope.Source.PIPE,
            mail_from=mail_from,
            recipient=to,
        )
    except (DatabaseError, OSError) as error:
        logger.error("The mail for %s could not be kept and was not taken: %r", to, error)
        return TRY_AGAIN
    return COMMITTED


def _without_from_line(raw: bytes) -> bytes:
    """Mail servers may set a From_ line before the mail (pipe's flag F in Postfix); it is not part of it."""
    if raw.startswith(b"From "):
        return raw.partition(b"\n")[2]
    return raw
