"""The compression that Outlook puts on the RTF of a message (MS-OXRTFCP), undone without trusting its sizes or checksum.

Neighbours: `tnef` finds the bytes, `rtf` reads what comes out.
"""

from __future__ import annotations

COMPRESSED, PLAIN = b"LZFu", b"MELA"
HEADER = 16  # bytes: compressed size, raw size, kind, checksum
LONGEST = 1_000_000  # bytes that are unpacked; what a run packs grows at most ninefold
WINDOW = 4096
KNOWN = (  # what the window holds at the start, by the specification
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes"
    b" New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def unpacked(data: bytes) -> bytes:
    """The RTF in a PidTagRtfCompressed property, as far as it can be had; empty where it is of no known kind."""
    kind, packed = data[8:12], data[HEADER:]
    if kind == PLAIN:
        return packed[:LONGEST]
    return _unpacked_runs(packed) if kind == COMPRESSED else b""


def _unpacked_runs(packed: bytes) -> bytes:
    """Each control byte says of eight tokens whether it is a byte itself or a reference into the last 4,096 bytes."""
    written = bytearray(KNOWN)
    at, end = 0, len(packed)
    most = LONGEST + len(KNOWN)
    while at < end and len(written) < most:
        control = packed[at]
        at += 1
        for bit in range(8):
            if at >= end:
                break
            if not control >> bit & 1:
                written.append(packed[at])
                at += 1
                continue
            reference = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            back = (len(written) - (reference >> 4)) % WINDOW
            if back == 0 or back > len(written):  # the end, or a place that nothing was written to
                return bytes(written[len(KNOWN) : most])
            length = (reference & 0xF) + 2
            start = len(written) - back
            piece = written[start : start + length]
            written += (piece * length)[:length]
    return bytes(written[len(KNOWN) : most])
