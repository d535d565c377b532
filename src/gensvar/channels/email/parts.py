"""A mail taken apart into its leaves: the standard library's parser, kept from what would cost it too much.

RFC 2045, RFC 2046. Neighbours: headers reads the fields, body and attachments say what each leaf is for. Nested messages
are leaves here, so that they stay byte for byte as they came.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import CloseBoundaryNotFoundDefect, MissingHeaderBodySeparatorDefect
from email.message import Message
from email.policy import compat32
from functools import cached_property
from typing import Any

from gensvar.channels.email import heads, smime, transfer
from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.headers import Headers, parameters

MOST_MULTIPARTS = 100
MOST_LEAVES = 500
MOST_LINES = 1_000_000
DEEPEST = 10  # multiparts in multiparts: the library compares every line with the borders of all around it
TYPE = re.compile(r"[a-z0-9][\w.+\-]{0,60}/[a-z0-9][\w.+\-]{0,90}")
DELIMITER = re.compile(rb"^--([^\r\n]{1,74})\r?\n(?=content-)", re.MULTILINE | re.IGNORECASE)
NOTICE = re.compile(r"\bmime\b|multi-?part|flerdelat")
NOTICES = ("mime", "multi", "flerdelat")  # one stands in each: much faster to find, where megabytes hold none
MOST_DASHES = (
    5_000  # lines that begin with "--": each may be the border of a part, which costs the library much
)
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
        self._depth = 0  # how many multiparts are around it
        self.body: bytes | None = None  # where we found it without the library
        self.cut = False  # of the root: whether some of the mail is not read
        self.mended = False  # of the root: whether its header was broken

    @cached_property
    def content_type(self) -> tuple[str, dict[str, str]]:
        """The declared type ("" where none or a broken one) and its parameters."""
        value = self.get("content-type")
        kind, found = (
            parameters(str(value)[:10_000].replace("\r", " ").replace("\n", " "), QUIET)
            if value
            else ("", {})
        )
        if kind.startswith("multipart") and not TYPE.fullmatch(kind):
            kind = "multipart/mixed"
        return kind if TYPE.fullmatch(kind) else "", found

    def attach(self, payload: Any) -> None:
        """The parser calls it before it reads the part that it hangs in."""
        payload._depth = self._depth + 1
        super().attach(payload)

    def get_content_type(self) -> str:
        """What the parser should take it for."""
        if not self._type:
            self._type = self.content_type[0] or "text/plain"
            if self._type.startswith("message/"):
                self._type = "application/octet-stream"
            elif self._type.startswith("multipart/"):
                self._budget.left -= 1
                if self._budget.left < 0 or self._depth >= DEEPEST:
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

    @property
    def name(self) -> str:
        """As declared, in either of the two places; empty where there is none."""
        named = (
            self.disposition_parameters.get("filename")
            or self.parameters.get("name")
            or self.parameters.get("filename")
        )
        return named or self.disposition_parameters.get("name", "")


def take_apart(raw: bytes) -> _Part:
    """The tree of a mail. Never raises; a mail of more lines than any honest one is read until there."""
    raw, mended = heads.mended(raw)
    raw, cut = heads.bounded(raw)
    if raw.count(b"\n") + raw.count(b"\r") > MOST_LINES:
        raw, cut = b"\n".join(raw.splitlines()[:MOST_LINES]), True
    if raw.count(b"\n--") > MOST_DASHES:
        raw, cut = b"\n--".join(raw.split(b"\n--", MOST_DASHES)[:MOST_DASHES]), True
    root = _of_one_part(raw)
    if root is None:
        root = _of_many_parts(raw)
    root.cut, root.mended = cut, mended
    return root


def _of_many_parts(raw: bytes) -> _Part:
    root = _tree(raw, _Budget())
    border = root.content_type[1].get("boundary", "").encode("utf-8", "surrogateescape")
    if border != border.rstrip():  # a border that ends in a space (RFC 2046 § 5.1.1) is not known at its end
        raw = raw.replace(b"\n--%s--" % border, b"\n--%s--" % border.rstrip())
        root = _tree(raw, _Budget())
    if raw.endswith(b"\n") and any(
        isinstance(defect, CloseBoundaryNotFoundDefect) for defect in root.defects
    ):
        # Cut off: the library takes the last line break for part of a boundary that never came.
        root = _tree(raw + b"\n", _Budget())
    return root


def _of_one_part(raw: bytes) -> _Part | None:
    """A mail without parts, read without walking through its body line by line; None where it may have parts."""
    gap = heads.HEAD_END.search(raw)
    if gap is None:
        return None
    head = raw[: gap.end()]
    if b"multipart" in head.lower():
        return None
    root = _tree(head, _Budget())
    if root.content != "":  # a line that is no header field ended the header earlier
        return None
    root.body = raw[gap.end() :]
    if root.get_content_type() == "text/plain" and (border := heads.undeclared_border(root.body)):
        return _of_many_parts(b'Content-Type: multipart/mixed; boundary="%s"\n' % border + raw)
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
        if part is not root:
            part = _with_its_head(part, charsets)
        kind = part.get_content_type()
        children = part.content
        if kind.startswith("multipart/"):
            children = _children(part)
        if isinstance(children, list):
            if kind == "multipart/alternative" and not alternative:
                alternatives += 1
                alternative = alternatives
            waiting += [(child, kind, alternative) for child in reversed(children)]
        else:
            count += 1
            fields = headers if part is root else fields_of(part, charsets)
            leaf = _leaf(part, fields, parent, alternative, charsets)
            if (
                part.content_type[0].startswith("multipart/")
                and leaf.content_type == "application/octet-stream"
            ):
                root.cut = True  # too deep, or one too many: not taken apart
            yield leaf
            if smime.is_envelope(leaf.content_type, leaf.name) and root._budget.left > 0:
                root._budget.left -= 1
                signed = smime.content(leaf.data)
                if heads.FIELD.match(signed):  # and no file of another kind, as a signed PDF is
                    waiting.append((_tree(signed, root._budget), leaf.content_type, alternative))
    root.cut = root.cut or bool(waiting)


def _with_its_head(part: _Part, charsets: Charsets) -> _Part:
    """A part whose header ended too early, at a line that is no field, with the fields below it."""
    if part.body is not None or not any(
        isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects
    ):
        return part
    body = part.bytes_as_written()
    gap = heads.HEAD_END.search(body, 0, heads.LONGEST)
    if gap is None:
        return part
    above = "".join(f"{name}: {value}\n" for name, value in part.raw_items())
    head = above.encode("utf-8", "surrogateescape") + body[: gap.start()]
    better = heads.block(head, heads.PART_FIELD)
    if better is None:
        return part
    charsets.repaired = True
    return _tree(better + body[gap.start() :], part._budget)


def _children(part: _Part) -> Any:
    """The parts of a multipart, those too that stand behind an end that came too early; its text where there are none."""
    children = part.content
    if not isinstance(children, list):
        return _found_again(part, str(children or ""))
    for place, child in enumerate(children):  # one with the border of what is around it: the rest is in it
        if child.get_boundary() == part.get_boundary() and child.get_content_type().startswith("multipart/"):
            if not isinstance(child.content, list) and place + 1 < len(children):
                child._payload = children[place + 1 :]
                children = children[: place + 1]
            break
    if part.epilogue and "--" in part.epilogue:
        more = _found_again(part, part.epilogue, ends_again=True)
        return children + more if isinstance(more, list) else children
    return children


def _found_again(part: _Part, payload: str, *, ends_again: bool = False) -> Any:
    """The parts of a multipart whose boundary is missing or is not the one announced, or that `ends_again` at each part."""
    data = payload.encode("utf-8", "surrogateescape")
    delimiter = DELIMITER.search(data)
    border = delimiter[1].rstrip() if delimiter else heads.bare_border(data)
    if not border or part._budget.left < 0:
        return payload
    part._budget.left -= 1
    if ends_again:
        line = b"\n--" + border
        before, end, after = data.rpartition(line + b"--")
        data = before.replace(line + b"--", line) + end + after
    subtype = part.get_content_type()
    again = _tree(
        b'Content-Type: %s; boundary="%s"\n\n%s' % (subtype.encode(), border, data),
        part._budget,
    )
    found = again.content
    return found if isinstance(found, list) else payload


def outside(root: _Part) -> bytes:
    """What stands before the first part and behind the last one, unless it tells that there are parts (RFC 2046 § 5.1.1)."""
    if not isinstance(root.content, list):
        return b""
    pieces = (str(piece).strip() for piece in (root.preamble, root.epilogue) if piece)
    return "\n\n".join(piece for piece in pieces if not _is_notice(piece.lower())).encode(
        "utf-8", "surrogateescape"
    )


def _is_notice(piece: str) -> bool:
    return any(word in piece for word in NOTICES) and NOTICE.search(piece) is not None


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
    data = transfer.decoded(
        part.bytes_as_written(),
        encoding,
        text=kind.startswith("text/"),
        enclosed=disposition == "attachment",
    )
    return Leaf(headers, kind, found, disposition, more, data, alternative, parent)
