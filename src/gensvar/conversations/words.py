"""One read word on its way into the database: everything that can be made ready without it. Neighbours: reading, writing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Final

from django.conf import settings

from gensvar.contract.addresses import split_plus
from gensvar.contract.channel import carrier, channel
from gensvar.contract.values import File, Incoming, Kind
from gensvar.conversations import cleaning
from gensvar.conversations.cleaning import DOUBTED, REUSED_ID
from gensvar.conversations.matching import Clues
from gensvar.conversations.stems import indexed
from gensvar.core import files, tokens
from gensvar.core.covering import cover
from gensvar.intake.models import Envelope

OLD: Final = dt.timedelta(days=30)  # imported words older than this are history: they wait for nobody
LONGEST_SUBJECT: Final = 2000  # characters; real ones of more than a line's 998 exist (RFC 5322 § 2.1.1)
FIRST_YEAR: Final = 1980  # a Date before it is a broken clock
REPORTS: Final = frozenset({Kind.BOUNCE, Kind.COMPLAINT})


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the reading needs of an envelope and of the contact point that it came to."""

    id: int
    contact_point_id: int
    function_id: int
    channel: str
    source: str
    recipient: str
    message_id: str
    received_at: dt.datetime
    reused_id: bool  # another mail came under its Message-ID before


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment whose bytes are on the disk."""

    filename: str
    content_type: str
    size: int
    sha256: str
    content_id: str
    inline: bool
    role: str


@dataclass(slots=True)
class Word:
    """An arrival that was read: clean text, kept files, opened tokens, stems for the index."""

    arrived: Arrived
    kind: Kind
    incoming: Incoming
    at: dt.datetime
    sent_at: dt.datetime | None
    address: str  # of the sender, in normal form; may be empty
    address_channel: str
    name: str
    reply_to: str  # where answers go, if elsewhere
    subject: str
    text: str
    clues: Clues
    files: list[KeptFile] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    @property
    def doubted(self) -> bool:
        """Whether our own mail server says that it is not from its sender; of any other word nothing is known."""
        return DOUBTED in self.marks

    @property
    def imported(self) -> bool:
        """Whether it is an old word brought home."""
        return self.arrived.source == Envelope.Source.IMPORT

    @property
    def waits(self) -> bool:
        """Whether somebody may wait for our answer: not in old imported words."""
        return not (self.imported and self.arrived.received_at - self.at > OLD)


def make_ready(arrived: Arrived, raw: bytes) -> Word:
    """Read the bytes by their channel and make everything ready. Raises what the channel raises, OSError for a full disk.

    What opens something is covered in the words before anybody can read or find them; the envelope keeps them as they came.
    """
    incoming = _without_keys(channel(arrived.channel).parse(raw))
    sent_at = _believable(incoming.sent_at, arrived.received_at)
    imported = arrived.source == Envelope.Source.IMPORT
    kept = [_keep(file) for file in incoming.files]
    subject = cleaning.line(incoming.subject, LONGEST_SUBJECT)
    text = cleaning.text(incoming.text)
    address, name = cleaning.line(incoming.sender.address, 320), cleaning.line(incoming.sender.name, 200)
    name = name or ("" if address else cleaning.line(incoming.sender.written, 200))
    reported = [report.original_token for report in incoming.reports]
    references = [*incoming.references, *(report.original_message_id for report in incoming.reports)]
    found = [split_plus(arrived.recipient)[1], *incoming.tokens, *reported]
    return Word(
        arrived=arrived,
        kind=incoming.kind,
        incoming=incoming,
        at=sent_at if imported and sent_at else arrived.received_at,
        sent_at=sent_at,
        address=address,
        address_channel=carrier(arrived.channel, address),
        name=name,
        reply_to=_reply_to(incoming, address),
        subject=subject,
        text=text,
        clues=Clues.of(
            [token for token in found if token],
            [cleaning.line(one, 250) for one in references],
            "" if arrived.message_id.endswith("@no-message-id") else arrived.message_id,
        ),
        files=kept,
        stems=indexed(
            subject,
            name,
            sender_as_written(incoming, address),
            text,
            cleaning.line(incoming.wishes.place, 250),
            cleaning.text(incoming.quoted, cleaning.LONGEST_QUOTED),
            " ".join(file.filename for file in kept),
        ),
        marks=_marks(incoming, arrived),
    )


def _without_keys(incoming: Incoming) -> Incoming:
    above = cover(incoming.quoted[: incoming.quoted_above])  # a key covered is shorter, and most stand here
    return replace(
        incoming,
        subject=cover(incoming.subject),
        text=cover(incoming.text),
        quoted=above + cover(incoming.quoted[incoming.quoted_above :]),
        quoted_above=len(above),
        html=cover(incoming.html),
        wishes=replace(incoming.wishes, place=cover(incoming.wishes.place)),
    )


def _marks(incoming: Incoming, arrived: Arrived) -> list[str]:
    marks = {cleaning.line(mark, 30) for mark in cleaning.marks_of(incoming)} - {DOUBTED, REUSED_ID}
    if arrived.reused_id:
        marks.add(REUSED_ID)
    if settings.GENSVAR_MAIL_AUTHSERV_ID in incoming.doubted_by and not _is_report_of_ours(incoming, arrived):
        marks.add(DOUBTED)
    return sorted(marks)


def _is_report_of_ours(incoming: Incoming, arrived: Arrived) -> bool:
    """Whether it came to the return path of a mail of ours, as reports do: few servers sign them, and DMARC then fails."""
    tag = split_plus(arrived.recipient)[1]
    return incoming.kind in REPORTS and bool(tag and tokens.read("bounce", tag))


def sender_as_written(incoming: Incoming, address: str) -> str:
    """The sender's address as staff see it and search it: as they write it themselves; nothing where there is none."""
    return cleaning.line(incoming.sender.written or incoming.sender.address, 320) if address else ""


def _believable(sent_at: dt.datetime | None, received_at: dt.datetime) -> dt.datetime | None:
    """The time that the sender claims, in UTC; nothing where it lies in the future or before there was mail."""
    if sent_at is None:
        return None
    try:
        sent_at = (sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
    return sent_at if sent_at.year >= FIRST_YEAR and sent_at <= received_at + dt.timedelta(days=1) else None


def _reply_to(incoming: Incoming, address: str) -> str:
    """The one address that answers shall go to, if it is another than the sender's."""
    if len(incoming.reply_to) != 1:
        return ""
    wanted = cleaning.line(incoming.reply_to[0].address, 320)
    return wanted if wanted != address else ""


def _keep(file: File) -> KeptFile:
    return KeptFile(
        filename=cleaning.filename(file.filename),
        content_type=cleaning.line(file.content_type, 150) or "application/octet-stream",
        size=len(file.data),
        sha256=files.keep(file.data),
        content_id=cleaning.line(file.content_id, 250),
        inline=file.inline,
        role=file.role[:12],
    )
