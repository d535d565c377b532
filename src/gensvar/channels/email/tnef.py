"""winmail.dat: the files and the text that Outlook wraps in its own format (MS-OXTNEF), read without trusting any count in it.

tnefparse was tried first: a forged property count keeps it busy for hours. Neighbours: reading calls `unwrap`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gensvar.channels.email.charsets import Charsets

SIGNATURE = 0x223E9F78
MOST_OBJECTS = 5_000
MOST_PROPERTIES = 5_000

BODY, ATTACH_DATA, ATTACH_TITLE = 0x800C, 0x800F, 0x8010
ATTACH_START, MESSAGE_PROPERTIES, ATTACH_PROPERTIES, CODEPAGE = 0x9002, 0x9003, 0x9005, 0x9007

P_BODY, P_RTF, P_HTML, P_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
P_NAME, P_FILENAME, P_LONG_FILENAME = 0x3001, 0x3704, 0x3707
P_DATA, P_MIME, P_CONTENT_ID = 0x3701, 0x370E, 0x3712

FIXED = {
    0x0002: 4,
    0x000B: 4,
    0x0003: 4,
    0x0004: 4,
    0x000A: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
UNICODE = 0x001F
OBJECT = 0x000D


@dataclass
class Wrapped:
    """One file inside."""

    title: bytes = b""
    data: bytes = b""
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    name: str = ""
    content_type: str = ""
    content_id: str = ""


@dataclass
class Wrapping:
    """What winmail.dat holds."""

    text: str = ""
    html: str = ""
    rich_text: bytes = b""  # compressed
    files: list[Wrapped] = field(default_factory=list)


def unwrap(data: bytes, charsets: Charsets) -> Wrapping | None:
    """The contents of a TNEF stream as far as it can be read; None where it is none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    found = Wrapping()
    codepage = "cp1252"
    for name, value in _objects(data):
        if name == CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == BODY:
            found.text = charsets.decode(value.rstrip(b"\0"), codepage)
        elif name == MESSAGE_PROPERTIES:
            _read_body(found, dict(_properties(value)), codepage, charsets)
        elif name == ATTACH_START:
            found.files.append(Wrapped())
        elif found.files and name == ATTACH_TITLE:
            found.files[-1].title = value
        elif found.files and name == ATTACH_DATA:
            found.files[-1].data = value
        elif found.files and name == ATTACH_PROPERTIES:
            found.files[-1].properties = dict(_properties(value))
    for file in found.files:
        _name_file(file, codepage, charsets)
    found.files = [file for file in found.files if file.data]
    return found


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Attribute by attribute: level, name, type, length, value, checksum."""
    position = 6
    for _ in range(MOST_OBJECTS):
        if position + 9 > len(data):
            return
        name, _kind, length = struct.unpack_from("<HHI", data, position + 1)
        start = position + 9
        yield name, data[start : start + length]
        position = start + length + 2


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """MAPI properties by number: (type, first value). Ends quietly where the bytes do."""
    if len(data) < 4:
        return
    count = min(struct.unpack_from("<I", data)[0], MOST_PROPERTIES)
    position = 4
    try:
        for _ in range(count):
            kind, number = struct.unpack_from("<HH", data, position)
            position += 4
            if number >= 0x8000:
                position = _after_name(data, position)
            several = bool(kind & 0x1000)
            kind &= 0x0FFF
            value, position = _value(data, position, kind, several)
            yield number, (kind, value)
    except (struct.error, ValueError):
        return


def _after_name(data: bytes, position: int) -> int:
    kind, length = struct.unpack_from("<II", data, position + 16)
    position += 24
    return position + (length + (-length % 4) if kind else 0)


def _value(data: bytes, position: int, kind: int, several: bool) -> tuple[bytes, int]:
    if kind in FIXED:
        count = 1
        if several:
            count = struct.unpack_from("<I", data, position)[0]
            position += 4
        size = FIXED[kind]
        return data[position : position + size], position + size * count
    if kind not in VARIABLE:
        raise ValueError(f"unknown property type {kind:#x}")
    count = struct.unpack_from("<I", data, position)[0]
    position += 4
    first = b""
    for number in range(count):
        length = struct.unpack_from("<I", data, position)[0]
        position += 4
        if number == 0:
            first = data[position : position + length]
        position += length + (-length % 4)
    return first, position


def _text(properties: dict[int, tuple[int, bytes]], number: int, codepage: str, charsets: Charsets) -> str:
    kind, value = properties.get(number, (0, b""))
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").partition("\0")[0]
    return charsets.decode(value.rstrip(b"\0"), codepage)


def _read_body(
    found: Wrapping, properties: dict[int, tuple[int, bytes]], codepage: str, charsets: Charsets
) -> None:
    found.text = _text(properties, P_BODY, codepage, charsets) or found.text
    _, internet = properties.get(P_CODEPAGE, (0, b""))
    number = struct.unpack_from("<I", internet)[0] if len(internet) >= 4 else 0
    page = {0: codepage, 65001: "utf-8", 28591: "iso-8859-1", 20127: "us-ascii"}.get(number, f"cp{number}")
    found.html = _text(properties, P_HTML, page, charsets)
    found.rich_text = properties.get(P_RTF, (0, b""))[1]


def _name_file(file: Wrapped, codepage: str, charsets: Charsets) -> None:
    properties = file.properties
    kind, value = properties.get(P_DATA, (0, b""))
    embedded = kind == OBJECT and not file.data
    if not file.data:
        file.data = value[16:] if embedded else value
    names = (_text(properties, number, codepage, charsets) for number in (P_LONG_FILENAME, P_FILENAME))
    title = charsets.decode(file.title.rstrip(b"\0"), codepage)
    file.name = (
        next((name for name in names if name), "") or title or _text(properties, P_NAME, codepage, charsets)
    )
    file.content_type = _text(properties, P_MIME, codepage, charsets).lower()
    file.content_id = _text(properties, P_CONTENT_ID, codepage, charsets)
