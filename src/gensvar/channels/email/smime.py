"""What is said inside an opaque signature (smime.p7m): it is packed there, not encrypted, and needs no key to be read.

RFC 5652 § 5, RFC 8551 § 3.5.2; the encoding is X.690, also with lengths left open. No signature is verified. Every length is
checked against the bytes that are there. Neighbours: parts opens, marks tells signed from encrypted.
"""

from __future__ import annotations

ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
UNTOLD = frozenset({"application/octet-stream", "application/x-octet-stream", ""})
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
SEQUENCE, SET, NUMBER, NAME, OCTETS, OCTETS_IN_PIECES, EXPLICIT = 0x30, 0x31, 0x02, 0x06, 0x04, 0x24, 0xA0
MOST_PIECES = 100_000  # programs write them of a thousand bytes and more


def is_envelope(content_type: str, name: str) -> bool:
    """Whether a part says by its type, or where that tells nothing by the usual name, that it is one (RFC 8551 § 3.2.1)."""
    return content_type in ENVELOPES or (content_type in UNTOLD and name.lower() == "smime.p7m")


def content(data: bytes) -> bytes:
    """The signed mail part, header and all; empty where there is none, as in an encrypted one."""
    try:
        at, _end = _inside(data, 0, SEQUENCE)
        start, end = _inside(data, at, NAME)
        if data[start:end] != SIGNED_DATA:
            return b""
        at, _end = _inside(data, _after(data, at), EXPLICIT)
        at, _end = _inside(data, at, SEQUENCE)
        for kind in (NUMBER, SET):
            _inside(data, at, kind)
            at = _after(data, at)
        at, _end = _inside(data, at, SEQUENCE)
        _inside(data, at, NAME)
        at, _end = _inside(data, _after(data, at), EXPLICIT)
        return b"".join(_octets(data, at))
    except (IndexError, ValueError):
        return b""


def _element(data: bytes, at: int) -> tuple[int, int, int | None]:
    """Its kind, where it starts, and where it ends (None: at a mark of its own). Raises IndexError, ValueError."""
    kind, size = data[at], data[at + 1]
    start = at + 2
    if size == 0x80:
        return kind, start, None
    if size > 0x80:
        count = size - 0x80
        if count > 6:
            raise ValueError("a length beyond any mail")
        size = int.from_bytes(data[start : start + count])
        start += count
    if start + size > len(data):
        raise ValueError("longer than what is there")
    return kind, start, start + size


def _inside(data: bytes, at: int, kind: int) -> tuple[int, int | None]:
    found, start, end = _element(data, at)
    if found != kind:
        raise ValueError(f"{found:#x} where {kind:#x} should be")
    return start, end


def _after(data: bytes, at: int) -> int:
    _kind, _start, end = _element(data, at)
    if end is None:
        raise ValueError("a small thing of unknown length")
    return end


def _octets(data: bytes, at: int) -> list[bytes]:
    """The pieces of a string of bytes, which may be one."""
    kind, start, end = _element(data, at)
    if kind == OCTETS and end is not None:
        return [data[start:end]]
    if kind != OCTETS_IN_PIECES:
        raise ValueError("no string of bytes")
    pieces: list[bytes] = []
    while start < end if end is not None else data[start : start + 2] != b"\0\0":
        first, last = _inside(data, start, OCTETS)
        if last is None or len(pieces) >= MOST_PIECES:
            raise ValueError("a piece without an end, or pieces without one")
        pieces.append(data[first:last])
        start = last
    return pieces
