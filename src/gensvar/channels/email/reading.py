"""Reads the bytes of a mail into an Incoming: the one place where all parts of reading meet.

Neighbours: parts takes the mail apart, body finds what it says, reports and marks say what kind it is.
"""

from __future__ import annotations

import datetime as dt
import mimetypes
import re
from email.utils import parsedate_to_datetime

from gensvar.channels.email import (
    addresses,
    armour,
    authenticity,
    body,
    calendar,
    html,
    lzfu,
    marks,
    reports,
    rtf,
    threads,
    tnef,
)
from gensvar.channels.email.attachments import file_of
from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import Headers
from gensvar.channels.email.parts import Leaf, fields_of, leaves, outside, take_apart
from gensvar.contract.reports import without_copy
from gensvar.contract.texts import bare_name, clean, line
from gensvar.contract.values import REPORTED, File, Incoming, Kind

LONGEST_SUBJECT = 2000
ENCODED_CHARSET = re.compile(r"=\?([\w.:+\-]{1,40})(?:\*[\w\-]{0,20})?\?[bBqQ]\?")
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,2}")
EARLIEST, LATEST = dt.datetime(1970, 1, 2, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
SAMPLE = 20_000  # bytes of a text by which its charset is told
DEEPEST_TNEF = 4  # wrappings in each other: a mail that was sent on as a file has its own
ENCLOSED_TEXT = calendar.TYPES | {"text/vcard", "text/x-vcard", "text/directory"}
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def read(raw: bytes) -> Incoming:
    """The mail as a value; some value for any bytes whatever.

    A report is read without the mail that it brings back: our own, which may hold what opens something, for somebody else.
    """
    charsets = Charsets()
    root = take_apart(raw)
    headers = fields_of(root, charsets)
    root_type, parameters = root.content_type
    charsets.fallback = _charset_elsewhere(headers, parameters)
    found = list(leaves(root, headers, charsets))
    charsets.fallback = charsets.fallback or _charset_of_parts(found, charsets)
    subject = line(headers.text("subject", charsets.fallback), LONGEST_SUBJECT)
    report = root_type == "multipart/report"
    said = body.read(reports.own_words(found) if report else found, charsets, subject, outside(root))
    files = _files(found, said, charsets, subject)
    kind, told = reports.read(headers, root_type, parameters, found, said.whole, charsets)
    said.marks |= marks.security(root_type, parameters, found, said.whole) | marks.others(headers, found)
    if kind is None:
        automatic = report or marks.is_automatic(headers, subject)  # a receipt of reading, say
        kind = Kind.AUTOMATIC if automatic else Kind.MESSAGE
    if report or told:
        files = _without_what_came_back(said, files, ours=kind is not Kind.AUTOMATIC)
    if "encrypted" in said.marks and not said.text.strip():
        said.text = armour.unreadable()
    if charsets.repaired or root.defects or root.mended:
        said.marks.add("repaired")
    if root.cut:
        said.marks.add("cut")
    identifiers = threads.message_ids(headers.first("message-id"))
    return Incoming(
        sender=addresses.sender(headers, charsets.fallback),
        text=said.text,
        subject=subject,
        to=addresses.addressed(headers, "to"),
        cc=addresses.addressed(headers, "cc"),
        reply_to=addresses.addressed(headers, "reply-to"),
        quoted=said.quoted,
        quoted_above=said.quoted_above,
        html=said.html,
        sent_at=_date(headers),
        message_id=identifiers[0] if identifiers else "",
        references=threads.references(headers),
        tokens=tuple(dict.fromkeys([*threads.address_tokens(headers), *threads.tokens(headers)])),
        files=tuple(files),
        language=_language(headers),
        kind=kind,
        reports=told,
        marks=frozenset(said.marks),
        doubted_by=authenticity.doubted_by(headers.in_order(authenticity.FIELD, authenticity.HOP)),
    )


def _charset_elsewhere(headers: Headers, parameters: dict[str, str]) -> str:
    """The charset that the mail names somewhere: what its undeclared bytes are most likely in."""
    if parameters.get("charset"):
        return parameters["charset"]
    for name in ("subject", "from", "to"):
        word = ENCODED_CHARSET.search(headers.first(name))
        if word:
            return word[1]
    return ""


def _charset_of_parts(found: list[Leaf], charsets: Charsets) -> str:
    """The charset that a part names, else the likeliest of the longest text: it says more than a subject does."""
    named = next((leaf.charset for leaf in found if leaf.charset), "")
    texts = [leaf.data[:SAMPLE] for leaf in found if leaf.content_type.startswith("text/")]
    return named or (charsets.likeliest(max(texts, key=len)) if texts else "")


def _files(found: list[Leaf], said: body.Body, charsets: Charsets, subject: str) -> list[File]:
    """Everything that is not the text, and the HTML as it was received."""
    referred = html.content_ids(said.html)
    told = {found[position].alternative for position in said.used if found[position].data.strip()}
    files: list[File] = []
    for position, leaf in enumerate(found):
        if position in said.originals:
            original = file_of(leaf, charsets, referred, "original")
            files.append(File("message.html", original.content_type, leaf.data, role="original"))
        elif position in said.used:
            untold = leaf.parent and position and "content-type" not in leaf.headers and leaf.data.strip()
            if untold or position in said.files_too:  # it did not say what it is: text and file both
                files.append(file_of(leaf, charsets, referred))
        elif leaf.data or leaf.parent:
            again = leaf.alternative in told and _is_another_form(leaf)
            file = file_of(leaf, charsets, referred, "alternative" if again else "attachment")
            if leaf.content_type in TNEF_TYPES or file.filename.lower() == "winmail.dat":
                files += _unwrapped(file, said, charsets)
            elif leaf.data or leaf.disposition or not leaf.content_type.startswith(("text/", "multipart/")):
                files.append(file)
    for block in said.blocks:
        kind = mimetypes.guess_type(block.name)[0] or "application/octet-stream"
        files.append(File(bare_name(block.name), kind, block.data))
        said.marks.add("uuencoded")
    if "tnef" in said.marks and not said.quoted:  # the words were in the wrapping
        said.fold(said.text, subject)
    return files


def _without_what_came_back(said: body.Body, files: list[File], *, ours: bool) -> list[File]:
    """The files of a report in which it speaks for machines; of its words those that are its own stay.

    Unless it is about a mail of ours, what it does not return is its own: such as the sums of a TLS report (RFC 8460).
    """
    said.text, said.quoted, said.quoted_above, said.html = without_copy(said.text), "", 0, ""
    if not ours:
        return [file for file in files if file.content_type not in reports.RETURNED]
    return [file for file in files if file.content_type in REPORTED | reports.RECEIPTS]


def _is_another_form(leaf: Leaf) -> bool:
    """Whether a part is the text in a form for some program (AMP, a reaction of Gmail's): no file that somebody enclosed.

    It says it again only where another form of it is shown.
    """
    other = leaf.content_type.startswith("text/") and leaf.content_type not in ENCLOSED_TEXT
    return other and leaf.parent == "multipart/alternative" and not leaf.name and not leaf.disposition


def _unwrapped(file: File, said: body.Body, charsets: Charsets, depth: int = 0) -> list[File]:
    """The files in winmail.dat, those too in one that it holds, and winmail.dat itself as the original of them."""
    wrapping = tnef.unwrap(file.data, charsets)
    if wrapping is None:
        return [file]
    first = "tnef" not in said.marks
    said.marks.add("tnef")
    if not said.text:
        if first and not (wrapping.text.strip() or wrapping.html):
            _read_rich_text(wrapping, said, charsets)
        page = html.harmless(clean(wrapping.html)) if wrapping.html else ""
        if len(wrapping.html) > html.LONGEST:
            said.marks.add("cut")
        said.html = said.html or page
        said.text = clean(wrapping.text).strip("\n") or html.to_text(page)
    files: list[File] = []
    for one in wrapping.files:
        name = bare_name(one.name)
        guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kind = line(one.content_type, 150) if "/" in one.content_type else guessed
        inner = File(name, kind, one.data, line(one.content_id, 250))
        files += _unwrapped(inner, said, charsets, depth + 1) if depth < DEEPEST_TNEF else [inner]
    return [*files, File(file.filename, file.content_type, file.data, role="original")]


def _read_rich_text(wrapping: tnef.Wrapping, said: body.Body, charsets: Charsets) -> None:
    """The words of a message that has nothing but RTF. Asked once for each mail, since it is the dearest to read."""
    unpacked = lzfu.unpacked(wrapping.rich_text)
    if len(unpacked) >= lzfu.LONGEST:
        said.marks.add("cut")
    words = rtf.words(unpacked, charsets)
    wrapping.text, wrapping.html = words.text, words.html


def _date(headers: Headers) -> dt.datetime | None:
    """When the sender claims to have sent it, in UTC; None where no sensible time is given."""
    for name in ("date", "resent-date"):
        value = headers.first(name)[:200]
        if not value:
            continue
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            try:
                date = dt.datetime.fromisoformat(value.strip())
            except ValueError:
                continue
        try:
            date = date.replace(tzinfo=dt.UTC) if date.tzinfo is None else date.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            continue
        if EARLIEST <= date <= LATEST:
            return date
    return None


def _language(headers: Headers) -> str:
    """The first language of Content-Language (RFC 3282); nothing is guessed."""
    first = headers.first("content-language").partition(",")[0].strip()
    return first if LANGUAGE.fullmatch(first) else ""
