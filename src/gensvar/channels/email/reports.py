"""What other mail servers tell about our mail: it could not be delivered, it waits, or its reader complained.

RFC 3464, RFC 5965, RFC 8098; and the letters in prose of qmail, Exim, Postfix and Exchange. Neighbours: reading asks here;
threading gives us the tokens by which a report finds the very word that it is about.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace

from gensvar.channels.email import marks, threads
from gensvar.channels.email.addresses import normal, parties
from gensvar.channels.email.attachments import field_pairs, nested_headers
from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import Headers
from gensvar.channels.email.parts import Leaf
from gensvar.contract.reports import COPY_BELOW
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
HOTMAILS_COMPLAINT = "x-hmxmroriginalrecipient"  # in the mail that comes back: its owner called it unwanted
STATUS = re.compile(r"(?<![\w.])([245]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")  # and no part of 192.0.2.1
REPLY = re.compile(r"\b([45]\d\d)(?=[ \-]\D|[ \-][45]\.\d)")
XTEXT = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})

PROSE = re.compile(
    r"this is the qmail-send program|created automatically by mail delivery software|this is the mail system at host"
    r"|(?:could ?n[o'’]t|cannot|can['’]t) (?:be )?deliver|(?:was|were|been) not delivered|(?:un|not )able to deliver"
    r"|error (?:sending|delivering) your mail|delivery (?:to the following recipients? )?(?:has )?fail"
    r"|delivery status notification|failure (?:notice|delivery)|^mail failure\b|had delivery errors"
    r"|undeliver(?:able|ed) (?:mail|message)|the following address(?:es)?(?:\(es\))? (?:failed|had )"
    r"|did not reach the following recipient|mail (?:delivery failed|system error|failed, returning)|failed addresses follow"
    r"|non[- ]?delivery (?:notification|report)|return(?:ed|ing) (?:mail:|to sender|message to sender)"
    r"|^(?:undeliverable|olevererbart|kan inte levereras|unzustellbar|leveransfel|leverans misslyckades)\b"
    r"|gick inte att leverera|(?:kunde|kan) inte levereras|konnten? nicht zugestellt werden|nicht zustellbar"
    r"|ei voit[ui] toimittaa|toimitus epäonnistui|kunne ikke (?:leveres|afleveres)|kunne ikke levere"
    r"|n['’]a pas pu être (?:remis|distribu)|no se (?:ha podido|pudo) entregar|non è stato possibile recapitare"
    r"|nie (?:mogła zostać|została) dostarczon|не (?:может быть|была?о?) доставлен",
    re.IGNORECASE | re.MULTILINE,
)
WAITING = re.compile(
    r"\bdelayed\b|will be retried|still (?:being retried|trying)|has not yet been delivered|only a temporary failure|only a warning"
    r"|warning(?::|--)[ ]?(?:message|could not send)|fördröj|försenad|verzögert|viivästy|forsinke",
    re.IGNORECASE,
)
PROSE_ADDRESS = re.compile(
    r"^[ \t]*(?:[*•·\-][ \t]+|[45]\d\d[ \-])?[<\"'(]{0,2}([^\s<>()\[\],;:\"'|]{1,64}@[\w.\-]{1,255}?)[>\"')]{0,2}[ \t]*"
    r"(?::|\(|\[|,|$|\.{3}|on (?=\w{3},)|invalid address)",
    re.MULTILINE | re.IGNORECASE,
)
PROSE_SENTENCE = re.compile(  # "There was an error delivering your mail to <kim@example.org>."
    r"\bdeliver\w{0,4}\b[^\n<>@]{0,80}<([^\s<>@\"]{1,64}@[\w.\-]{1,255})>", re.IGNORECASE
)
FULL = re.compile(
    r"mailbox (?:is )?(?:full|quota)|full mailbox|quota exceeded|over (?:its )?quota|not enough (?:storage )?space"
    r"|(?:brevlådan|inkorgen|postlådan) är full|postfach (?:ist )?voll|postilaatikko on täynnä",
    re.IGNORECASE,
)
QUOTED_FIELD = re.compile(
    r"^[ \t>]{0,20}(Message-ID|To|Reply-To|Return-Path):[ \t]*+(?:\n[ \t>]{1,20}+)?([^\n]{1,500})$",
    re.IGNORECASE | re.MULTILINE,
)


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
    told_in_prose = _is_prose_bounce(headers, text, leaves)
    complained = "staff@hotmail.com" in headers.first("from").lower()
    if not (reported or told_in_prose or complained):
        return None, ()
    original = _original(leaves, text, charsets)
    token = _token(headers, original)
    if HOTMAILS_COMPLAINT in original:
        whom = _address(original.first(HOTMAILS_COMPLAINT))
        complaint = DeliveryReport(whom, "", "complaint", "abuse", _message_id(original), token)
        return Kind.COMPLAINT, (complaint,)
    for leaf in leaves:
        if leaf.content_type == "message/feedback-report":
            return Kind.COMPLAINT, (_complaint(leaf, original, token, charsets),)
    found: list[DeliveryReport] = []
    for leaf in leaves:
        if leaf.content_type in STATUS_TYPES and leaf.parent:
            found += _status(leaf, original, token)
    if found:
        said = {one.recipient: one for one in _prose(headers, text, original, token)}
        return Kind.BOUNCE, tuple(_with_reason(one, said.get(one.recipient)) for one in found[:MOST_REPORTS])
    if told_in_prose or (root_type == "multipart/report" and kind in ("delivery-status", "")):
        return Kind.BOUNCE, _prose(headers, text, original, token)
    return None, ()


def own_words(leaves: list[Leaf]) -> list[Leaf]:
    """Of a multipart/report the leaves that speak to a reader: they stand first (RFC 6522 § 3), what comes back of ours last."""
    machine = REPORTED | RETURNED | RECEIPTS
    ends = (place for place, leaf in enumerate(leaves) if leaf.content_type in machine)
    return leaves[: next(ends, len(leaves))]


def _original(leaves: list[Leaf], text: str, charsets: Charsets) -> Headers:
    """The header fields of the mail that the report is about; where it brings no Message-ID back, the one that Gmail names."""
    returned = (nested_headers(leaf.data, charsets) for leaf in leaves if leaf.content_type in RETURNED)
    original = next(returned, None) or _quoted(text, charsets)
    if "message-id" in original:
        return original
    for leaf in leaves:
        if leaf.content_type in STATUS_TYPES:
            named = nested_headers(leaf.data, charsets).first("x-original-message-id")
            if named:
                rest = ((name, original.first(name)) for name in original.names())
                return Headers((("message-id", named), *rest), charsets)
    return original


def _quoted(text: str, charsets: Charsets) -> Headers:
    """Those of its fields that stand in the letter itself, below the report's own words."""
    copy = COPY_BELOW.search(text)
    found = QUOTED_FIELD.findall(text, copy.start() if copy else 0)
    return Headers(tuple((name.lower(), value.strip()) for name, value in found), charsets)


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
        # To whom we wrote, where it says that: the final one may be where they have it forwarded (RFC 3464 § 2.3.1).
        named = (_after_type(fields.get(f"{which}-recipient", "")) for which in ("original", "final"))
        recipient = next((one for one in named if one), "")
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


def _with_reason(report: DeliveryReport, said: DeliveryReport | None) -> DeliveryReport:
    """Where the part for machines gives no reason, that of the letter: OpenSMTPD and others say it there alone."""
    if report.diagnostic or said is None:
        return report
    vague = not report.status or report.status.endswith(".0.0")
    same = said.status[:1] == report.status[:1] or not report.status
    status = said.status if vague and said.status and same else report.status
    return replace(report, status=status, diagnostic=said.diagnostic)


def _after_type(value: str) -> str:
    """ "rfc822; kim@example.org" without its type, and letters beyond ASCII as themselves (RFC 6533 § 3)."""
    kind, semicolon, rest = value.partition(";")
    if not semicolon:
        return kind.strip()
    return XTEXT.sub(_letter, rest.strip()) if kind.strip().lower() == "utf-8" else rest.strip()


def _letter(written: re.Match[str]) -> str:
    number = int(written[1], 16)
    return chr(number) if number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF else written[0]


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


def _is_prose_bounce(headers: Headers, text: str, leaves: list[Leaf]) -> bool:
    """Whether a mail server wrote it in prose: a postman's name or an empty return path, and a phrase that they use."""
    if "x-failed-recipients" in headers:
        return True
    returned = any(leaf.content_type in RETURNED for leaf in leaves)
    subject = headers.text("subject")
    phrase = PROSE.search(f"{subject}\n{text[:3000]}")
    if marks.is_from_postman(headers):
        waits = WAITING.search(f"{subject}\n{text[:2000]}")
        return bool(phrase or waits or returned or COPY_BELOW.search(text))
    if not phrase:
        return False
    submitted = headers.first("auto-submitted").strip().lower()
    told = PROSE.search(subject) or COPY_BELOW.search(text) or threads.address_tokens(headers)
    # Without a sender come notices of absence too, and what people write in the forms of other pages.
    if headers.first("return-path").strip() == "<>":
        return returned or (bool(told) and not submitted.startswith("auto-replied"))
    # People who look after mail write as postmasters too, and of mail that did not arrive.
    if "postmaster" not in " ".join(headers.all("from")).lower():
        return False
    machine = returned or submitted.startswith("auto-")
    return machine or bool(PROSE.match(subject) or threads.address_tokens(headers))


def _prose(headers: Headers, text: str, original: Headers, token: str) -> tuple[DeliveryReport, ...]:
    """What can be told from a letter: addresses on lines of their own, and the reply after each.

    Where it names none so, whom the mail was to that it brings back, if that was one.
    """
    copy = COPY_BELOW.search(text)
    told = text[: copy.start()] if copy else text[:10_000]
    delayed = bool(WAITING.search(headers.text("subject") + "\n" + told[:2000]))
    ours = {party.address for party in parties(headers.all("to"), headers.charsets)}
    named = [(match[1], match.start()) for match in PROSE_ADDRESS.finditer(told)]
    named = named or [(match[1], match.end()) for match in PROSE_SENTENCE.finditer(told)]
    named = [one for one in named if _address(one[0]) not in ours] or named
    if not named:
        failed = parties(headers.all("x-failed-recipients"), headers.charsets)
        about = [party.address for party in failed if party.address] or [_only_recipient(original)]
        named = [(address, _reason(told)) for address in about]
    reports: dict[str, DeliveryReport] = {}
    for number, (address, start) in enumerate(named[:MOST_REPORTS]):
        until = named[number + 1][1] if number + 1 < len(named) else start + 1500
        said = told[start : max(until, start + 1)]
        status, reply = STATUS.search(said), REPLY.search(said)
        code = status[1] if status else f"{reply[1][0]}.0.0" if reply else ""
        if code in ("", "5.0.0") and FULL.search(said):
            code = "5.2.2"
        action = "delayed" if delayed or code.startswith("4") else "failed"
        address = _address(address)
        why = line(said, 300).strip("<>\"'* :").lstrip(". ")
        if why.lower().startswith(address):
            why = why[len(address) :].lstrip("<>\"'* :")
        if address not in reports or (code and not reports[address].status):
            reports[address] = DeliveryReport(address, code, action, why, _message_id(original), token)
    return tuple(reports.values())


def _reason(told: str) -> int:
    """Where the paragraph begins that gives a status or a reply; the beginning of the letter where none does."""
    found = STATUS.search(told) or REPLY.search(told)
    return told.rfind("\n\n", 0, found.start()) + 1 if found else 0


def _only_recipient(original: Headers) -> str:
    found = parties(original.all("to"), original.charsets)
    return found[0].address if len(found) == 1 else ""
