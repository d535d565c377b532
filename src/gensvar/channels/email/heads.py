"""Header blocks that something broke on their way, put back into the shape that the library reads.

A line that is no field ends the header for the library (RFC 5322 § 2.1 knows no such line); the fields below it would
then be text, and with them sender, type and encoding. Other readers go on to the empty line, and so do we, where what
stands below is a header beyond doubt. Neighbour: parts asks here before and after the library.
"""

from __future__ import annotations

import codecs
import re

HEAD_END = re.compile(rb"\r?\n\r?\n")
LONGEST = 500_000  # bytes of a header block that are looked at
LONGEST_WHOLE = (
    4_000_000  # bytes of a whole mail's header; each field of it costs the library time and memory
)
FIELD = re.compile(rb"[!-9;-~]++:")
SPACED = re.compile(rb"([!-9;-~]++)[ \t]++:")  # obsolete, and allowed (RFC 5322 § 4.5)
FAULTLESS = re.compile(rb"(?:From (?![ \t]*:)[^\n]*+\n)?(?:(?:[!-9;-~]++:|[ \t])[^\n]*+(?:\n|\Z))*+")
PARAMETER = re.compile(rb"[\w*-]{1,40}=")
PART_FIELD = re.compile(rb"content-[a-z-]{2,40}", re.IGNORECASE)
MAIL_FIELD = re.compile(
    rb"(?:resent-)?(?:from|sender|to|cc|bcc|date|message-id)|subject|reply-to|in-reply-to|references|received|return-path"
    rb"|delivered-to|mime-version|content-[a-z-]{2,40}|x-[!-9;-~]{1,60}",
    re.IGNORECASE,
)
NOBODY_ELSE = frozenset(  # fields that a stray line below must not add anything to
    {b"from", b"sender", b"reply-to", b"return-path", b"date", b"message-id"}
)
BARE_BORDER = re.compile(rb'\s{0,20}--([^\r\n"\\]{1,74})\r?\n')
BORDER = re.compile(rb'--([^\r\n"\\]{1,74})\r?\n(?=content-)', re.IGNORECASE)


def mended(raw: bytes) -> tuple[bytes, bool]:
    """A whole mail with the header that it was meant to have, and whether lines of it had to be mended."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode()
    raw = raw.lstrip(b"\r\n\t \x00").removeprefix(codecs.BOM_UTF8)
    if raw.startswith(b">From "):
        raw = raw[1:]
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    elif b"\r\r\n" in raw.partition(b"\n")[0] + b"\n":
        raw = raw.replace(b"\r\r\n", b"\n")
    gap = HEAD_END.search(raw, 0, LONGEST)
    head, rest = (raw[: gap.start()], raw[gap.start() :]) if gap else (raw[:LONGEST], raw[LONGEST:])
    better = block(head, MAIL_FIELD)
    return (raw, False) if better is None else (better + rest, True)


def bounded(raw: bytes) -> tuple[bytes, bool]:
    """A mail whose header is no longer than any honest one, and whether fields were left out."""
    if len(raw) <= LONGEST_WHOLE:
        return raw, False
    ends = [end for end in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if end >= 0]
    if not ends or min(ends) <= LONGEST_WHOLE:
        return raw, False
    last = raw.rfind(b"\n", 0, LONGEST_WHOLE)
    return raw[: last if last > 0 else LONGEST_WHOLE] + raw[min(ends) :], True


def block(head: bytes, known: re.Pattern[bytes]) -> bytes | None:
    """The fields of `head`, each begun and folded as it should be; None where it is well or is no header.

    It is one if more lines below the first strange one are fields than are not, and one of them has a name that is `known`;
    or if nothing else is strange than parameters that begin a line.
    """
    if FAULTLESS.fullmatch(head):
        return None
    lines: list[bytes] = []
    fields = strays = certain = folds = 0
    above = b""  # the name of the field that a stray line would continue
    strange = False
    for number, line in enumerate(head.split(b"\n")):
        spaced = SPACED.match(line)
        if spaced and known.fullmatch(spaced[1]):
            line = spaced[1] + line[spaced.end() - 1 :]
            strange = True
        if FIELD.match(line):
            above = line.partition(b":")[0].lower()
            fields += strange
            certain += strange and bool(known.fullmatch(above))
        elif not line.startswith((b" ", b"\t")) and not (number == 0 and line.startswith(b"From ")):
            fold = bool(lines and PARAMETER.match(line) and lines[-1].rstrip().endswith(b";"))
            folds += fold
            strays += not fold
            strange = True
            if not above or above in NOBODY_ELSE:
                continue
            line = b" " + line
        elif not lines:
            continue  # a fold of nothing
        lines.append(line)
    sure = (certain and fields > strays) or (folds and not strays)
    return b"\n".join(lines) if sure else None


def bare_border(body: bytes) -> bytes:
    """The border in a multipart that names none and whose parts say nothing of themselves."""
    border = BARE_BORDER.match(body)
    return border[1].rstrip() if border and b"\n--" + border[1].rstrip() + b"--" in body else b""


def undeclared_border(body: bytes) -> bytes:
    """The border of the parts in a body that was never said to have any: it begins with one and holds its end."""
    border = BORDER.match(body.lstrip(b"\r\n"))
    return border[1].rstrip() if border and b"\n--" + border[1].rstrip() + b"--" in body else b""
