"""Half of another project's test mails (kept beside the repository): what they expect, we find; nothing in them is too much.

The fields where we disagree stand in DISAGREEMENTS, each with its reason.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gensvar.channels.email import armour
from gensvar.channels.email.channel import EmailChannel
from gensvar.channels.email.tests import corpus
from gensvar.contract.testing import check_storable, mutated

pytestmark = pytest.mark.skipif(not corpus.MAILS, reason=corpus.WHY_NOT)

LONGEST_SECONDS = 5  # of this thread's own work: other tests share the machine
MUTATIONS = 400

DISAGREEMENTS = {
    (
        "mail021",
        "body",
    ): "The mail mixes UTF-8 with single bytes; they read its UTF-8 as Windows-1250, so that Russian comes out "
    "as Central European letters. We read both as what they are.",
    (
        "mail087",
        "sender address",
    ): "“From: Test test@example.com” lacks its angle brackets. They take the whole line for the "
    "address, to which nobody could answer; we take test@example.com.",
    ("mail087", "sender name"): "The same line: they repeat it as the name; we take “Test”.",
    (
        "mail087",
        "body",
    ): "The text is in a part without a Content-Type after a PDF. They show “no visible content”; we show "
    "the text (and give the part as a file too, as they do).",
}


def disagreements(mail: Path) -> Iterator[tuple[str, bool]]:
    """Each field that they speak of, and whether we find the same."""
    said = corpus.expected(mail)
    word = EmailChannel().parse(mail.read_bytes())
    if "subject" in said:
        yield "subject", " ".join((said["subject"] or "").split(" ")).strip() == word.subject
    if "from_email" in said:
        yield "sender address", said["from_email"] == word.sender.written
    if "from_display_name" in said:
        yield "sender name", said["from_display_name"] == word.sender.name
    for number, attachment in enumerate(said.get("attachments") or []):
        data = attachment["data"]
        data = data.encode() if isinstance(data, str) else data
        yield f"attachment {number + 1}", any(file.data == data for file in word.files)
    if "body" in said:
        told = "" if word.text == armour.unreadable() and said["body"] == corpus.NOTHING else word.text
        above, below = word.quoted[: word.quoted_above], word.quoted[word.quoted_above :]
        yield "body", corpus.folded(f"{above} {told} {below}") == corpus.their_text(said)


def test_of_a_hundred_fields_at_least_ninety_seven_are_as_expected() -> None:
    found = {(mail.name[:7], field): agrees for mail in corpus.MAILS for field, agrees in disagreements(mail)}
    assert len(found) > 100
    assert {field for field, agrees in found.items() if not agrees} == set(DISAGREEMENTS)
    assert sum(found.values()) / len(found) >= 0.97


def test_every_mail_is_read_in_time_and_can_be_stored() -> None:
    for mail in corpus.MAILS:
        began = time.thread_time()
        check_storable(EmailChannel().parse(mail.read_bytes()))
        assert time.thread_time() - began < LONGEST_SECONDS, mail.name


def test_no_mutation_of_them_raises_or_takes_long() -> None:
    chance = random.Random(20260203)
    raws = {mail.name: mail.read_bytes() for mail in corpus.MAILS}
    names = sorted(raws)
    for _ in range(MUTATIONS):
        name = chance.choice(names)
        raw = spoiled(raws[name], raws[chance.choice(names)], chance)
        began = time.thread_time()
        check_storable(EmailChannel().parse(raw))
        assert time.thread_time() - began < LONGEST_SECONDS, name


def spoiled(raw: bytes, other: bytes, chance: random.Random) -> bytes:
    """A mail after one or several mishaps: those of any bytes, and those of mail."""
    for _ in range(chance.randint(1, 3)):
        kind = chance.randrange(5)
        if kind == 0:  # somebody else's header
            raw = other[: other.find(b"\n\n") + 1] + raw[raw.find(b"\n\n") + 1 :]
        elif kind == 1:  # another charset
            names = (
                b"utf-8",
                b"iso-2022-jp",
                b"gb2312",
                b"utf-7",
                b"utf-16",
                b"x-none",
                b"koi8-r",
                b"punycode",
                b"hex",
            )
            raw = raw.replace(
                chance.choice((b"iso-8859-1", b"utf-8", b"UTF-8", b"us-ascii", b"GB2312")),
                chance.choice(names),
            )
        elif kind == 2:  # another encoding for the journey
            given = chance.choice((b"base64", b"quoted-printable", b"7bit", b"8bit"))
            raw = raw.replace(given, chance.choice((b"base64", b"quoted-printable", b"x-uuencode", b"?")))
        else:
            raw = mutated(raw, chance) if raw else raw
    return raw
