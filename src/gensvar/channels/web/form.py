"""The bytes of a posted form taken apart into fields and files: multipart/form-data (RFC 7578) or urlencoded.

Pure. Neighbours: channel makes a word of what is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from gensvar.contract.errors import Unreadable

MOST_PARTS = 200
MOST_FIELDS = 200
LONGEST_HEAD = 8_000  # bytes of one part's header lines
BOUNDARY = re.compile(rb'boundary=(?:"([^"\r\n]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)
PARAMETER = re.compile(r';\s*([a-z]{1,20}\*?)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))', re.IGNORECASE)
BROWSER_ESCAPES = {"%22": '"', "%0D": " ", "%0A": " ", "%0d": " ", "%0a": " "}  # HTML Standard § 4.10.21.8


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, as the browser names it."""

    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form by name, in order, and its files by the name of their field."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Upload]] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """The first value of a field, without space around it; empty where there is none."""
        return self.fields.get(name, [""])[0].strip()


def take_apart(raw: bytes) -> Form:
    """`Content-Type: <value>`, an empty line, and the body as it was posted. Raises Unreadable where it is no form."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    name, colon, value = head.partition(b":")
    if not gap or not colon or name.strip().lower() != b"content-type" or len(head) > LONGEST_HEAD:
        raise Unreadable
    kind = value.partition(b";")[0].strip().lower()
    if kind == b"application/x-www-form-urlencoded":
        return _urlencoded(body)
    boundary = BOUNDARY.search(value)
    if kind == b"multipart/form-data" and boundary:
        return _multipart(body, boundary[1] or boundary[2])
    raise Unreadable


def _urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(text(body), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise Unreadable from error
    form = Form()
    for name, value in pairs:
        form.fields.setdefault(name, []).append(value)
    return form


def _multipart(body: bytes, boundary: bytes) -> Form:
    form = Form()
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS + 1)
    for part in parts[1 : MOST_PARTS + 1]:
        if part.startswith(b"--"):
            break
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        named = _named(head[:LONGEST_HEAD])
        name, filename = named.get("name", ""), named.get("filename")
        if filename is None:
            form.fields.setdefault(name, []).append(text(data))
        elif filename or data:
            form.files.setdefault(name, []).append(Upload(filename, named["content-type"], data))
    return form


def _named(head: bytes) -> dict[str, str]:
    """The parameters of Content-Disposition, and the part's own Content-Type."""
    found = {"content-type": "application/octet-stream"}
    for line in text(head).split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type" and value.strip():
            found["content-type"] = value.partition(";")[0].strip().lower()
        elif name.strip().lower() == "content-disposition":
            for key, quoted, bare in PARAMETER.findall(value):
                found.setdefault(key.lower(), _unescaped(quoted or bare))
    return found


def _unescaped(value: str) -> str:
    for escape, meant in BROWSER_ESCAPES.items():
        value = value.replace(escape, meant)
    return value.replace('\\"', '"').replace("\\\\", "\\")


def text(data: bytes) -> str:
    """Browsers post what the page is in, and ours is in UTF-8; anything else is read as Western rather than refused."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
