"""Reads old mail where it lies: mbox, Maildir, a folder of .eml or .box, a single file. Streams; nothing is changed there.

Neighbour: importing keeps what is read here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

MAIL_ENDINGS: Final = frozenset({".eml", ".box", ".msg", ".mail"})
PIECE: Final = 2**16  # bytes read at a time, where lines are not
MBOX_ENDINGS: Final = frozenset({".mbox", ".mbx"})
_QUOTED: Final = re.compile(rb">+From ")
_DATED: Final = re.compile(  # a From_ line as every program writes it: nobody's sentence looks like that
    rb"From \S+ +(?:mon|tue|wed|thu|fri|sat|sun),? +(?:[a-z]{3} +\d{1,2}|\d{1,2} +[a-z]{3})[ ,]+[^\r\n]{0,40}\d\d:\d\d",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?[\r\n]*"
)  # what an editor, or a joining of two, sets before the first
_HEAD_ENDS: Final = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD: Final = re.compile(  # what any mail has one of (RFC 5322 § 3.6, RFC 2045); "root:" of another file is none
    rb"(?:^|[\r\n])(?:(?:resent-)?(?:from|sender|to|cc|bcc|date|message-id)|subject|reply-to|in-reply-to|references|"
    rb"received|return-path|delivered-to|envelope-to|mime-version|content-[a-z-]+|x-[!-9;-~]+)[ \t]*:",
    re.IGNORECASE,
)


class NoMail(Exception):
    """There is no mail at that place that can be read."""


class NotAMail(Exception):
    """That file holds something else."""


def size_of(path: Path) -> int:
    """How many bytes there are to read, for a progress bar. Raises NoMail."""
    return sum(file.stat().st_size for file in files_of(path))


def files_of(path: Path) -> list[Path]:
    """The files that hold mail, in a fixed order. Raises NoMail where there are none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NoMail(_("There is nothing at %(path)s.") % {"path": path})
    found = sorted(_maildir(path) if (path / "cur").is_dir() else _folder(path))
    if not found:
        raise NoMail(
            _("%(path)s is neither a Maildir nor does it hold files ending in .eml, .box or .mbox.")
            % {"path": path}
        )
    return found


def _maildir(path: Path) -> Iterator[Path]:
    """Mails of a Maildir and of the Maildirs inside it (dot folders, Maildir++); what lies in tmp is not yet mail."""
    for folder, _folders, names in os.walk(path):
        if Path(folder).name in {"cur", "new"}:
            yield from (Path(folder) / name for name in names if not name.startswith("."))


def _folder(path: Path) -> Iterator[Path]:
    for folder, _folders, names in os.walk(path):
        for name in names:
            if Path(name).suffix.lower() in MAIL_ENDINGS | MBOX_ENDINGS and not name.startswith("."):
                yield Path(folder) / name


def mails_of(file: Path) -> Iterator[bytes]:
    """Each mail of one file, as it was before the box quoted it. A file that begins with a From_ line is an mbox.

    Raises NotAMail for any other file without a single header field of a mail. What lies in an mbox is never doubted:
    a From_ line that nobody quoted makes two of one mail, and neither half may be lost.
    """
    with open(file, "rb") as stream:
        begins = stream.read(PIECE)
        before = len(_BEFORE.match(begins)[0])  # type: ignore[index]  # it matches nothing too
        first = begins[before : before + 5]
        if first == b"From " and file.suffix.lower() not in MAIL_ENDINGS:
            stream.seek(before)
            yield from _mbox(stream if b"\n" in begins or b"\r" not in begins else _old_lines(stream))
        else:
            stream.seek(0)
            first = begins[:5]
            raw = stream.read()
            mail = raw.partition(b"\n")[2] if first == b"From " else raw
            if mail.strip() and not _has_a_field(mail):
                raise NotAMail
            yield mail


def _has_a_field(mail: bytes) -> bool:
    mail = mail.lstrip(b"\xef\xbb\xbf \t\r\n")
    end = _HEAD_ENDS.search(mail)
    return bool(_FIELD.search(mail, 0, end.start() if end else len(mail)))


def _old_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a box whose lines end in a lone CR, as those of an old Macintosh."""
    rest = b""
    while piece := stream.read(PIECE):
        *lines, rest = (rest + piece).split(b"\r")
        yield from (line + b"\r" for line in lines)
    if rest:
        yield rest


def _mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The mails of an mbox: a From_ line after an empty one, or with a date, begins the next; >From is unquoted (mboxrd,
    RFC 4155). Some programs set no empty line between two mails."""
    mail: list[bytes] = []
    after_empty = True
    for line in lines:
        if line.startswith(b"From ") and (after_empty or _DATED.match(line)):
            if mail:
                yield _whole(mail)
            mail = []
            after_empty = False
            continue
        mail.append(line[1:] if line.startswith(b">") and _QUOTED.match(line) else line)
        after_empty = not line.rstrip(b"\r\n")
    if mail:
        yield _whole(mail)


def _whole(lines: list[bytes]) -> bytes:
    """The mail without the empty line that the box set behind it."""
    if len(lines) > 1 and not lines[-1].rstrip(b"\r\n"):
        lines = lines[:-1]
    return b"".join(lines)
