"""What other mail servers tell about our mail: it could not be delivered, it waits, or its reader complained.

RFC 3464, RFC 5965, RFC 8098; and the letters in prose of qmail, Exim, Postfix and Exchange. Neighbours: reading asks here;
threading gives us the tokens by which a report finds the very word that it is about.
"""

from __future__ import annotations

import re

from gensvar.channels.email import threads
from gensvar.channels.email.addresses import normal, parties
from gensvar.channels.email.attachments import field_pairs, nested_headers
from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import Headers
from gensvar.channels.email.parts import Leaf
from gensvar.contract.texts import clean, line
from gensvar.contract.values import REPORTED, DeliveryReport, Kind

MOST_REPORTS = 50
LONGEST_DIAGNOSTIC = 1000
STATUS_TYPES = REPORTED - {"message/feedback-report"}
RECEIPTS = frozenset({"message/disposition-notification"})  # of reading (RFC 8098)
RETURNED = frozenset(
    {
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/global-headers",
    }
)
STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")  # and no part of 192.0.2.1
REPLY = re.compile(r"\b([45]\d\d)(?=[ \-]\D|[ \-][45]\.\d)")
ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})

POSTMEN = frozenset(
    {
        "mailer-daemon",
        "postmaster",
        "mail-daemon",
        "maildaemon",
        "mailer_daemon",
        "mmdf",
        "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
    }
)
PROSE = re.compile(
    r"this is the qmail-send program|this message was created automatically by mail delivery software|this is the mail system at host"
    r"|could not be delivered|delivery has failed to these recipients|delivery to the following recipients? failed"
    r"|undelivered mail returned to sender|the following address(?:es)? (?:failed|had permanent fatal errors)"
    r"|did not reach the following recipient|delivery status notification|mail delivery fail(?:ed|ure)|returned mail:"
    r"|unable to deliver (?:your |this )?(?:e-?mail|message)|was not delivered to:|had delivery errors|returning (?:message )?to sender"
    r"|^(?:delivery failure|failure notice|mail failure)\b|message delivery has failed"
    r"|^(?:undeliverable|olevererbart|kan inte levereras|unzustellbar|leveransfel|leverans misslyckades)\b"
    r"|gick inte att leverera|kunde inte levereras|konnte nicht zugestellt werden|ei voitu toimittaa|kunne ikke leveres",
    re.IGNORECASE | re.MULTILINE,
)
WAITING = re.compile(
    r"\bdelayed\b|will be retried|still being retried|has not yet been delivered|fördröj|verzögert|warning: message",
    re.IGNORECASE,
)
PROSE_ADDRESS = re.compile(
    r"^[ \t]*[<\"]?([^\s<>()\[\],;:\"]{1,64}@[\w.\-]{1,255}?)[>\"]?[ \t]*(?::|\(|$|\.{3})", re.MULTILINE
)
PROSE_SENTENCE = re.compile(  # "There was an error delivering your mail to <kim@example.org>."
    r"\bdeliver\w{0,4}\b[^\n<>@]{0,80}<([^\s<>@\"]{1,64}@[\w.\-]{1,255})>", re.IGNORECASE
)
COPY_BELOW = re.compile(
    r"^-{2,}[ ]*(?:below this line|this is a copy|original message|ursprungligt)[^\n]*$|^[> \t]*(?:Received|Return-Path|DKIM-Signature): "
    r"|^[ \t]*(?:original message headers|ursprungliga? meddelandehuvuden)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
PROSE_MESSAGE_ID = re.compile(r"^[ \t>]*Message-ID:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)


def read(
    headers: Headers,
    root_type: str,
    parameters: dict[str, str],
    leaves: list[Leaf],
    text: str,
    charsets: Charsets,
) -> tuple[Kind | None, tuple[DeliveryReport, ...]]:
    """The kind of report that a mail is (None: it is none) and what it says of each recipient."""
    kind = parameters.get("report-type", "").lower()
    reported = root_type == "multipart/report" or any(leaf.content_type in REPORTED for leaf in leaves)
    if not reported and not _is_prose_bounce(headers, text):
        return None, ()
    original = _original(leaves, charsets)
    token = _token(headers, original)
    for leaf in leaves:
        if leaf.content_type == "message/feedback-report":
            return Kind.COMPLAINT, (_complaint(leaf, original, token, charsets),)
    found: list[DeliveryReport] = []
    for leaf in leaves:
        if leaf.content_type in STATUS_TYPES and leaf.parent:
            found += _status(leaf, original, token)
    if found:
        return Kind.BOUNCE, tuple(found[:MOST_REPORTS])
    if (root_type == "multipart/report" and kind in ("delivery-status", "")) or _is_prose_bounce(
        headers, text
    ):
        return Kind.BOUNCE, _prose(headers, text, original, token)
    return None, ()


def own_words(leaves: list[Leaf]) -> list[Leaf]:
    """Of a multipart/report the leaves that speak to a reader: they stand first (RFC 6522 § 3), what comes back of ours last."""
    machine = REPORTED | RETURNED | RECEIPTS
    ends = (place for place, leaf in enumerate(leaves) if leaf.content_type in machine)
    return leaves[: next(ends, len(leaves))]


def without_copy(text: str) -> str:
    """What a mail server says in prose, without the copy of our mail below it."""
    copy = COPY_BELOW.search(text)
    return text[: copy.start()].rstrip() if copy else text


def _original(leaves: list[Leaf], charsets: Charsets) -> Headers:
    """The header fields of the mail that the report is about; where it brings no Message-ID back, the one that Gmail names."""
    returned = (nested_headers(leaf.data, charsets) for leaf in leaves if leaf.content_type in RETURNED)
    original = next(returned, Headers((), charsets))
    if "message-id" in original:
        return original
    for leaf in leaves:
        if leaf.content_type in STATUS_TYPES:
            named = nested_headers(leaf.data, charsets).first("x-original-message-id")
            if named:
                rest = ((name, original.first(name)) for name in original.names())
                return Headers((("message-id", named), *rest), charsets)
    return original


def _token(headers: Headers, original: Headers) -> str:
    """The token in the address that the report came to (our return path), else the one in the original's own fields."""
    found = threads.address_tokens(headers) or threads.tokens(
        original, ("message-id", "reply-to", "return-path")
    )
    return found[0] if found else ""


def _status(leaf: Leaf, original: Headers, token: str) -> list[DeliveryReport]:
    """RFC 3464 § 2: blocks of fields, the first about the mail, each further one about a recipient."""
    text = clean(leaf.data.decode("utf-8", "replace"))
    reports: list[DeliveryReport] = []
    for block in re.split(r"\n[ \t]*\n", text)[: MOST_REPORTS + 5]:
        fields = {name.lower(): value for name, value in reversed(field_pairs(block))}
        recipient = _after_type(fields.get("final-recipient", "") or fields.get("original-recipient", ""))
        if not recipient and "action" not in fields and "status" not in fields:
            continue
        diagnostic = line(_after_type(fields.get("diagnostic-code", "")), LONGEST_DIAGNOSTIC)
        status = STATUS.search(fields.get("status", "")) or STATUS.search(diagnostic)
        number = status[1] if status else ""
        action = fields.get("action", "").partition(" ")[0].lower()
        if action not in ACTIONS:
            action = (
                "delayed" if number.startswith("4") else "delivered" if number.startswith("2") else "failed"
            )
        reports.append(
            DeliveryReport(_address(recipient), number, action, diagnostic, _message_id(original), token)
        )
    return reports


def _after_type(value: str) -> str:
    """ "rfc822; kim@example.org" without its type."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon else kind.strip()


def _address(text: str) -> str:
    text = line(text.strip("<> "), 320)
    try:
        return normal(text)
    except ValueError:
        return text.lower()


def _message_id(original: Headers) -> str:
    found = threads.message_ids(original.first("message-id"))
    return found[0] if found else ""


def _complaint(leaf: Leaf, original: Headers, token: str, charsets: Charsets) -> DeliveryReport:
    """RFC 5965 § 3."""
    fields = Headers(field_pairs(clean(leaf.data.decode("utf-8", "surrogateescape"))), charsets)
    recipient = fields.first("original-rcpt-to") or fields.first("removal-recipient") or original.first("to")
    named = parties([recipient], charsets) if recipient else []
    kind = line(fields.text("feedback-type"), 100)
    address = named[0].address if named else ""
    return DeliveryReport(address, "", "complaint", kind, _message_id(original), token)


def _is_prose_bounce(headers: Headers, text: str) -> bool:
    """Whether a mail server wrote it in prose: a postman's name or an empty return path, and a phrase that they use."""
    if "x-failed-recipients" in headers:
        return True
    said = " ".join(headers.all("from")).lower()
    if not any(postman in said for postman in POSTMEN) and headers.first("return-path").strip() != "<>":
        return False
    return bool(PROSE.search(headers.text("subject") + "\n" + text[:3000]))


def _prose(headers: Headers, text: str, original: Headers, token: str) -> tuple[DeliveryReport, ...]:
    """What can be told from a letter: addresses on lines of their own, and the reply after each."""
    copy = COPY_BELOW.search(text)
    told = text[: copy.start()] if copy else text[:10_000]
    message_id = _message_id(original)
    if not message_id:
        quoted = PROSE_MESSAGE_ID.search(text)
        message_id = quoted[1] if quoted else ""
    delayed = bool(WAITING.search(headers.text("subject") + "\n" + told[:2000]))
    named = [
        (match[1], match.end())
        for match in list(PROSE_ADDRESS.finditer(told)) or PROSE_SENTENCE.finditer(told)
    ]
    if not named:
        failed = parties(headers.all("x-failed-recipients"), headers.charsets)
        named = [(party.address, 0) for party in failed if party.address] or [("", 0)]
    reports: dict[str, DeliveryReport] = {}
    for number, (address, end) in enumerate(named[:MOST_REPORTS]):
        until = named[number + 1][1] if number + 1 < len(named) else end + 1500
        said = told[end:until]
        status, reply = STATUS.search(said), REPLY.search(said)
        code = status[1] if status else f"{reply[1][0]}.0.0" if reply else ""
        action = "delayed" if delayed or code.startswith("4") else "failed"
        address = _address(address)
        reports.setdefault(address, DeliveryReport(address, code, action, line(said, 300), message_id, token))
    return tuple(reports.values())
