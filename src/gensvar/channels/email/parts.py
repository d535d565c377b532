"""A mail taken apart into its leaves: the standard library's parser, kept from what would cost it too much.

RFC 2045, RFC 2046. Neighbours: headers reads the fields, body and attachments say what each leaf is for. Nested messages
are leaves here, so that they stay byte for byte as they came.
"""

from __future__ import annotations

import binascii
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message
from email.policy import compat32
from functools import cached_property
from typing import Any

from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import Headers, decode_base64, parameters
from gensvar.channels.email.uuencode import decode_block

MOST_MULTIPARTS = 100
MOST_LEAVES = 500
MOST_LINES = 1_500_000
TYPE = re.compile(r"[a-z0-9][\w.+\-]{0,60}/[a-z0-9][\w.+\-]{0,90}")
HEAD_END = re.compile(rb"\r?\n\r?\n")
DELIMITER = re.compile(rb"^--([^\r\n]{1,74})\r?\n(?=content-)", re.MULTILINE | re.IGNORECASE)
MOST_DASHES = (
    5_000  # lines that begin with "--": each may be the border of a part, which costs the library much
)
BASE64_LETTERS = re.compile(rb"[A-Za-z0-9+/=\s]+")
QUIET = Charsets(guesses=0)


class _Budget:
    """How many multiparts one mail may have; what is nested beyond stays a leaf."""

    def __init__(self) -> None:
        self.left = MOST_MULTIPARTS


class _Part(Message):
    """A part whose type is read by us: the library raises on some parameters, and would open messages inside messages."""

    def __init__(self, policy: Any = compat32, budget: _Budget | None = None) -> None:
        super().__init__(policy=policy)
        self._budget = budget or _Budget()
        self._type = ""
        self.body: bytes | None = None  # where we found it without the library
        self.cut = False  # of the root: whether some of the mail is not read

    @cached_property
    def content_type(self) -> tuple[str, dict[str, str]]:
        """The declared type ("" where none or a broken one) and its parameters."""
        value = self.get("content-type")
        kind, found = (
            parameters(str(value)[:10_000].replace("\r", " ").replace("\n", " "), QUIET)
            if value
            else ("", {})
        )
        return kind if TYPE.fullmatch(kind) else "", found

    def get_content_type(self) -> str:
        """What the parser should take it for."""
        if not self._type:
            self._type = self.content_type[0] or "text/plain"
            if self._type.startswith("message/"):
                self._type = "application/octet-stream"
            elif self._type.startswith("multipart/"):
                self._budget.left -= 1
                if self._budget.left < 0:
                    self._type = "application/octet-stream"
        return self._type

    @property
    def content(self) -> Any:
        """The payload as it came; `get_payload` would replace bytes that do not fit the declared charset."""
        return self._payload  # type: ignore[attr-defined]

    def bytes_as_written(self) -> bytes:
        """What stands below the header fields, still encoded for its journey; nothing for a multipart."""
        if self.body is not None:
            return self.body
        return self.content.encode("utf-8", "surrogateescape") if isinstance(self.content, str) else b""

    def get_boundary(self, failobj: Any = None) -> Any:
        """The boundary as the parser looks for it."""
        return self.content_type[1].get("boundary", "").rstrip() or failobj


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part that holds something. `alternative` is the number of the outermost multipart/alternative around it."""

    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    disposition_parameters: dict[str, str]
    data: bytes
    alternative: int = 0
    parent: str = ""  # the type of the multipart around it; empty for a mail of one part

    @property
    def charset(self) -> str:
        """As declared."""
        return self.parameters.get("charset", "")


def take_apart(raw: bytes) -> _Part:
    """The tree of a mail. Never raises; a mail of more lines than any honest one is read until there."""
    raw = raw.lstrip(b"\r\n\t \x00").removeprefix(b"\xef\xbb\xbf")
    if raw.startswith(b">From "):
        raw = raw[1:]
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    cut = False
    if raw.count(b"\n") + raw.count(b"\r") > MOST_LINES:
        raw, cut = b"\n".join(raw.splitlines()[:MOST_LINES]), True
    if raw.count(b"\n--") > MOST_DASHES:
        raw, cut = b"\n--".join(raw.split(b"\n--", MOST_DASHES)[:MOST_DASHES]), True
    root = _of_one_part(raw)
    if root is None:
        root = _of_many_parts(raw)
    root.cut = cut
    return root


def _of_many_parts(raw: bytes) -> _Part:
    root = _tree(raw, _Budget())
    if raw.endswith(b"\n") and any(
        isinstance(defect, CloseBoundaryNotFoundDefect) for defect in root.defects
    ):
        # Cut off: the library takes the last line break for part of a boundary that never came.
        root = _tree(raw + b"\n", _Budget())
    return root


def _of_one_part(raw: bytes) -> _Part | None:
    """A mail without parts, read without walking through its body line by line; None where it may have parts."""
    gap = HEAD_END.search(raw)
    if gap is None:
        return None
    head = raw[: gap.end()]
    if b"multipart/" in head.lower():
        return None
    root = _tree(head, _Budget())
    if root.content != "":  # a line that is no header field ended the header earlier
        return None
    root.body = raw[gap.end() :]
    return root


def _tree(raw: bytes, budget: _Budget) -> _Part:
    def part(policy: Any = compat32) -> _Part:
        return _Part(policy, budget)

    return email.message_from_bytes(raw, _class=part, policy=compat32)  # type: ignore[return-value]


def leaves(root: _Part, headers: Headers, charsets: Charsets) -> Iterator[Leaf]:
    """The leaves in reading order, decoded from their transfer encoding; at most 500. Marks the root where there are more."""
    count = 0
    alternatives = 0
    waiting: list[tuple[_Part, str, int]] = [(root, "", 0)]
    while waiting and count < MOST_LEAVES:
        part, parent, alternative = waiting.pop()
        kind = part.get_content_type()
        children = part.content
        if kind.startswith("multipart/") and not isinstance(children, list):
            children = _found_again(part, str(children or ""))
        if isinstance(children, list):
            if kind == "multipart/alternative" and not alternative:
                alternatives += 1
                alternative = alternatives
            waiting += [(child, kind, alternative) for child in reversed(children)]
        else:
            count += 1
            fields = headers if part is root else fields_of(part, charsets)
            yield _leaf(part, fields, parent, alternative, charsets)
    root.cut = root.cut or bool(waiting)


def _found_again(part: _Part, payload: str) -> Any:
    """The parts of a multipart whose boundary is missing or is not the one announced."""
    data = payload.encode("utf-8", "surrogateescape")
    delimiter = DELIMITER.search(data)
    if not delimiter or part._budget.left < 0:
        return payload
    part._budget.left -= 1
    subtype = part.get_content_type()
    again = _tree(
        b'Content-Type: %s; boundary="%s"\n\n%s' % (subtype.encode(), delimiter[1].rstrip(), data),
        part._budget,
    )
    found = again.content
    return found if isinstance(found, list) else payload


def fields_of(part: _Part, charsets: Charsets) -> Headers:
    """The header fields of a part."""
    return Headers(((name, str(value)) for name, value in part.raw_items()), charsets)


def _leaf(part: _Part, headers: Headers, parent: str, alternative: int, charsets: Charsets) -> Leaf:
    kind, found = parameters(headers.first("content-type")[:10_000], charsets)
    if not TYPE.fullmatch(kind):
        kind = (
            "message/rfc822"
            if parent == "multipart/digest"
            else "text/plain"
            if "/" not in kind
            else kind[:150]
        )
    if kind.startswith("multipart/"):  # without any boundary; or one of too many
        kind = (
            "text/plain" if part.get_content_type().startswith("multipart/") else "application/octet-stream"
        )
    disposition, more = parameters(headers.first("content-disposition")[:10_000], charsets)
    encoding = headers.first("content-transfer-encoding")
    data = _transfer_decoded(part.bytes_as_written(), encoding, kind)
    return Leaf(headers, kind, found, disposition, more, data, alternative, parent)


def _transfer_decoded(data: bytes, encoding: str, kind: str) -> bytes:
    """RFC 2045 § 6; an encoding that the bytes contradict is not applied."""
    encoding = encoding.partition(";")[0].strip(" \"'").lower()
    if encoding in ("base64", "b64") and not (kind.startswith("text/") and not _is_base64(data)):
        return decode_base64(data)
    if encoding in ("quoted-printable", "quoted_printable", "qp"):
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return decode_block(data)
    return data


def _is_base64(data: bytes) -> bool:
    foreign = len(BASE64_LETTERS.sub(b"", data))
    return b" " not in data.strip()[:60] and foreign * 20 <= len(data)
