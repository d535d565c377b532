"""Files that stand in the text itself, as mail carried them before MIME (POSIX uuencode).

Neighbours: body takes the blocks out of the text, parts decodes a part that says it is one.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

LONGEST_FOLDED = (
    4_000  # characters of a block that are kept beside its file; a long one is no text to anybody
)
BLOCK = re.compile(
    r"^begin [0-7]{3,4} ([^\n]{1,250})\n((?:[\x20-\x60]{1,90}\n|\n){0,400000}?)end[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One file found in a text."""

    name: str  # as written
    data: bytes
    folded: str  # the block itself, or its first line where it is long


def take_out(text: str) -> tuple[str, list[Block]]:
    """The text without its encoded files, and the files. Blocks that do not decode stay in the text."""
    if "begin " not in text:
        return text, []
    blocks: list[Block] = []

    def gather(match: re.Match[str]) -> str:
        data = _lines_decoded(match[2])
        if data is None:
            return match[0]
        folded = match[0].strip("\n")
        if len(folded) > LONGEST_FOLDED:
            folded = folded.partition("\n")[0] + "\n…"
        blocks.append(Block(match[1].strip(), data, folded))
        return ""

    return BLOCK.sub(gather, text), blocks


def decode_block(data: bytes) -> bytes:
    """The bytes of a part whose transfer encoding is uuencode; the part as it is where that is not true."""
    _, blocks = take_out(data.decode("latin-1").replace("\r\n", "\n") + "\n")
    return blocks[0].data if blocks else data


def _lines_decoded(body: str) -> bytes | None:
    decoded: list[bytes] = []
    for line in body.split("\n"):
        if not line or line in ("`", " "):
            continue
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders write a wrong number of characters; the first says how many bytes are meant.
            wanted = ((ord(line[0]) - 32) & 63) * 4
            try:
                decoded.append(binascii.a2b_uu(line[: (wanted + 5) // 3]))
            except binascii.Error:
                return None
    return b"".join(decoded) if decoded else None
