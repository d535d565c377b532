"""The values that pass between a channel and the core: words in (Incoming), words out (Outgoing), what became of them (Sent)."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Kind(enum.StrEnum):
    """What an incoming word is. Automatic mail is kept and marked, never thrown away and never acknowledged."""

    MESSAGE = "message"
    AUTOMATIC = "automatic"  # RFC 3834: vacation notices, lists, our own loop header
    BOUNCE = "bounce"  # RFC 3464: delivery status notification
    COMPLAINT = "complaint"  # RFC 5965: feedback report


REPORTED: Final = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/feedback-report"}
)  # what a report's own words stand in; its other parts bring our mail back


class AnswerBy(enum.StrEnum):
    """How the writer wants the answer."""

    SAME = "same"  # by the channel that the word came by
    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    HERE = "here"  # only at the private link


@dataclass(frozen=True, slots=True)
class Party:
    """Someone at an address. `address` is in the channel's normal form (may be empty: an anonymous writer)."""

    address: str
    name: str = ""
    written: str = field(
        default="", compare=False
    )  # the address as the writer has it ("Kim.Ek@…"), where known


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a word, or goes with one. `filename` is a bare name, never a path."""

    filename: str
    content_type: str
    data: bytes
    content_id: str = ""  # RFC 2392, without angle brackets
    inline: bool = False  # shown inside the text (Content-Disposition: inline, or referred to by cid:)
    role: str = (
        "attachment"  # attachment | alternative (another form of the body) | original (HTML as received)
    )


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What a bounce or a complaint says of one recipient (RFC 3464 § 2.3, RFC 5965 § 3)."""

    recipient: str
    status: str  # "5.1.1"; empty where the report gives none
    action: str  # failed | delayed | delivered | relayed | expanded | complaint
    diagnostic: str = ""
    original_message_id: str = ""
    original_token: str = (
        ""  # the token in the address that the report was sent to, or in the original's headers
    )


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the writer chose. Nothing is on until chosen (law 5).

    `may_publish` is None where the form of the word has no place to ask (a mail, a letter); False where it was asked and
    not chosen.
    """

    answer_by: AnswerBy = AnswerBy.SAME
    may_publish: bool | None = None
    show_name: bool = False
    phone: str = ""
    postal_address: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One word as a channel read it. Text is plain with \\n line ends; times are aware, in UTC."""

    sender: Party
    text: str
    subject: str = ""
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    reply_to: tuple[Party, ...] = ()
    quoted: str = ""  # quoted replies and signature, folded away on the screen, never deleted
    quoted_above: int = 0  # characters of it that stood above the text
    html: str = ""  # sanitised; remote pictures taken out until asked for; empty where the word had no HTML
    sent_at: dt.datetime | None = None  # as the sender claims
    message_id: str = ""  # without angle brackets; empty where there was none
    references: tuple[str, ...] = ()  # References and In-Reply-To, oldest first, without angle brackets
    tokens: tuple[str, ...] = ()  # what may be tokens of ours: from plus-addresses, Message-IDs, form fields
    files: tuple[File, ...] = ()
    language: str = ""  # BCP 47, where the word itself says it
    kind: Kind = Kind.MESSAGE
    reports: tuple[DeliveryReport, ...] = ()
    marks: frozenset[str] = (
        frozenset()
    )  # e.g. signed, encrypted, list, repaired, html-only, cut (more is kept than read)
    wishes: Wishes = field(default_factory=Wishes)
    doubted_by: frozenset[str] = (
        frozenset()
    )  # servers, as the word names them, that say it is not from its sender; anybody may write that in


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One word to one recipient. A person and a function stand behind it (law 4), unless it is a receipt (`automatic`)."""

    recipient: Party
    sender_name: str  # "Kim Ek, Gata & park"
    sender_address: str  # the contact point's address
    subject: str
    text: str
    message_id: str  # made once, the same at every try; without angle brackets
    reply_token: str = ""  # goes into the reply address and the Message-ID, so that the reply finds its way
    bounce_token: str = ""  # goes into the return path
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    language: str = "sv"
    html: str = ""  # the same words as HTML, for channels that have it; empty: text alone
    unsubscribe: str = ""  # an address that ends such words by one POST (RFC 8058)
    automatic: bool = False  # RFC 3834: marked so that no machine answers it
    private_link: str = ""
    sent_at: dt.datetime | None = None  # the Date of the word, made once, aware


@dataclass(frozen=True, slots=True)
class Sent:
    """What the other side said when it took the word. `kept` is a sending that went to the demo's own outbox, not to the world."""

    reference: str = ""
    kept: bool = False


class Arrival(enum.StrEnum):
    """By which door of the house a channel's words come in."""

    MAIL = (
        "mail server"  # our listener, the pipe, the import; its addresses are mailboxes (RFC 5321 § 2.3.11)
    )
    FORM = "our own form"  # the form on our pages: its bytes are what the browser posted
    OWN = "its own way"  # the channel sees to it


class Answered(enum.StrEnum):
    """How an answer reaches the one who wrote."""

    SENT = "sent"  # the channel hands it over
    LINK = "private link"  # nothing travels


class Address(enum.StrEnum):
    """What an address names that a writer gives: so the core finds a channel that carries words to it."""

    OWN = "its own"  # only this channel understands it
    MAILBOX = "mailbox"  # RFC 5321
    TELEPHONE = "telephone"  # a number, with or without a country's


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do and how it is reached; the table in the documentation is made from these."""

    receives: bool = True
    answers: bool = True
    writes_first: bool = False
    files: bool = False
    threads: bool = False
    bounces: bool = False
    max_characters: int | None = None  # None: no limit of the channel's own
    arrives: Arrival = Arrival.OWN
    answered: Answered = Answered.SENT
    addresses: Address = Address.OWN


@dataclass(frozen=True, slots=True)
class Names:
    """What people read of a channel where its label does not fit; may be lazy texts. What is empty is the label."""

    place: str | Promise = ""  # in the public directory: "Form on this website"
    sent_as: str | Promise = ""  # inside a sentence: "Sent as e-mail to …"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not well with a channel's settings, in words for the person who can mend it."""

    what: str
    hint: str = ""
