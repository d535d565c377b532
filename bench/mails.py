"""Makes mails for measuring: about 8 kB each, six of ten replies, one of eight with a file, Swedish words of our own."""

from __future__ import annotations

import random
from base64 import encodebytes
from dataclasses import dataclass
from typing import Final

WORDS: Final = (
    "snöröjningen gatan skolan parken lekplatsen bussen hållplatsen vägen cykelbanan belysningen lampan trasig hal is "
    "grus sand kommunen fråga svar tack hej vintern våren barnen grannen huset trappan rampen räcket bänken biblioteket "
    "öppet stängt tiden måndag tisdag onsdag torsdag fredag kväll morgon vatten ledning avgift räkning bygglov altan "
    "staket träd häck skräp papperskorg hund katt fågel sjön stranden badet simhallen idrott hall tid bokning förskola "
    "plats kö matsedel mat allergi resa kort biljett tåg station parkering böter skylt korsning farthinder olycka rädd "
    "trygg mörk ljus snabbt långsamt ofta aldrig alltid ibland många några ingen alla vi ni de jag du han hon det den"
).split()
SIZE: Final = 8000  # bytes, on average
REPLIES: Final = 0.6
WITH_FILES: Final = 0.12
PLACES: Final = ("gata@norrvik.example", "skola@norrvik.example", "info@norrvik.example")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail for the wire. `mark` is a word that stands in it and nowhere else."""

    raw: bytes
    sender: str
    to: str
    mark: str


def make(count: int, seed: int = 1) -> list[Mail]:
    """So many mails, the same for the same seed; a reply is to one of the writer's own conversations."""
    chance = random.Random(seed)
    starts: list[tuple[str, str, str]] = []  # message id, sender, place
    mails = []
    for number in range(count):
        message_id = f"bench.{seed}.{number}@example.se"
        if starts and chance.random() < REPLIES:
            parent, sender, place = starts[chance.randrange(max(0, len(starts) - 500), len(starts))]
        else:
            parent, sender, place = (
                "",
                f"resident{chance.randrange(count // 2 + 1)}@example.se",
                chance.choice(PLACES),
            )
            starts.append((message_id, sender, place))
        mark = f"märke{seed}x{number}"
        mails.append(Mail(_raw(chance, number, message_id, parent, sender, place, mark), sender, place, mark))
    return mails


def _raw(
    chance: random.Random, number: int, message_id: str, parent: str, sender: str, place: str, mark: str
) -> bytes:
    file = encodebytes(chance.randbytes(3500)).decode() if chance.random() < WITH_FILES else ""
    subject = " ".join(chance.choices(WORDS, k=4))
    text = _text(chance, SIZE - 1200 - len(file)) + f"\n{mark}\n"
    head = [
        "Received: from mail.example.se (mail.example.se [192.0.2.7]) by mx.norrvik.example with ESMTPS id 4Xy;",
        "\tMon, 23 Nov 2026 09:00:00 +0100",
        f"Message-ID: <{message_id}>",
        f"Date: Mon, 23 Nov 2026 {number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d} +0100",
        f"From: =?utf-8?q?{'Åsa_Öberg' if number % 3 else 'Bo_Ek'}?= <{sender}>",
        f"To: Norrvik <{place}>",
        f"Subject: {'Sv: ' if parent else ''}=?utf-8?q?{_encoded(subject)}?=",
        *([f"In-Reply-To: <{parent}>", f"References: <{parent}>"] if parent else []),
        "MIME-Version: 1.0",
        "User-Agent: Mozilla Thunderbird",
    ]
    plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text
    if not file:
        return "\r\n".join([*head, *plain.split("\n")]).encode()
    parts = (
        "Content-Type: multipart/mixed; boundary=delning\n\n"
        f"--delning\n{plain}\n--delning\nContent-Type: image/jpeg\nContent-Transfer-Encoding: base64\n"
        f'Content-Disposition: attachment; filename="bild{number}.jpg"\n\n{file}--delning--\n'
    )
    return "\r\n".join([*head, *parts.split("\n")]).encode()


def _text(chance: random.Random, size: int) -> str:
    lines: list[str] = []
    while size > 0:
        line = " ".join(chance.choices(WORDS, k=11))
        lines.append(line)
        size -= len(line.encode()) + 2
    return "\n".join(lines)


def _encoded(text: str) -> str:
    return "".join(
        c if c.isascii() and c.isalnum() else "".join(f"={b:02X}" for b in c.encode()) for c in text
    )
