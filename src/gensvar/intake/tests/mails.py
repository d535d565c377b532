"""Makes raw mails for tests: bytes as they come over the wire, every header chosen by the test."""

from __future__ import annotations

import itertools

_numbers = itertools.count(1)


def make_mail(
    text: str = "Hej, när plogas vår gata?",
    *,
    sender: str = "Anna Lind <anna@example.se>",
    to: str = "gata@norrvik.example",
    subject: str = "Snöröjningen",
    message_id: str | None = "",
    date: str = "Mon, 23 Nov 2026 09:00:00 +0100",
    headers: tuple[str, ...] = (),
) -> bytes:
    """A mail in UTF-8 with CRLF line ends. `message_id`: empty makes one, None leaves it out."""
    if message_id == "":
        message_id = f"mail-{next(_numbers)}@example.se"
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {date}"]
    lines += [f"Message-ID: <{message_id}>"] if message_id is not None else []
    lines += [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        *headers,
    ]
    return "\r\n".join([*lines, "", *text.split("\n"), ""]).encode()
