"""Files that stand in the text itself as news carries them (yEnc 1.3): every byte moved by 42, a few of them escaped.

The bytes are no text in any charset, so they are taken out before one is asked for. Neighbours: body calls `take_out`,
uuencode does the same for the older form.
"""

from __future__ import annotations

import re

from gensvar.channels.email.charsets import Charsets
from gensvar.channels.email.uuencode import Block

BEGIN = b"=ybegin "
HEAD = re.compile(rb"=ybegin [^\r\n]{0,200}?\bname=([^\r\n]{1,250})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?")
END = re.compile(rb"\n=yend [^\r\n]{0,200}")
MOVED = bytes((byte - 42) % 256 for byte in range(256))


def take_out(data: bytes, charsets: Charsets) -> tuple[bytes, list[Block]]:
    """The text without its files, and the files. What has no end stays in the text."""
    left: list[bytes] = []
    blocks: list[Block] = []
    at = 0
    while (begin := data.find(BEGIN, at)) >= 0:
        head = HEAD.match(data, begin) if begin == 0 or data[begin - 1 : begin] == b"\n" else None
        end = END.search(data, head.end() - 1) if head else None
        if head and end is None:
            break
        if head and end:
            name = charsets.decode(head[1].strip(b' "'))
            left.append(data[at:begin])
            blocks.append(Block(name, _decoded(data[head.end() : end.start()]), f"=ybegin {name}\n…"))
            at = end.end()
        else:
            left.append(data[at : begin + len(BEGIN)])
            at = begin + len(BEGIN)
    return b"".join((*left, data[at:])), blocks


def _decoded(data: bytes) -> bytes:
    first, *escaped = data.replace(b"\r", b"").replace(b"\n", b"").split(b"=")
    pieces = [first.translate(MOVED)]
    for piece in escaped:
        pieces += (bytes([(piece[0] - 106) % 256]) if piece else b"", piece[1:].translate(MOVED))
    return b"".join(pieces)
