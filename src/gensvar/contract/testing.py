"""For everybody who makes a channel: a channel in memory, and the test class that each channel's tests inherit.

Public API, also for channels in packages of their own. A channel's test says only what is its own:

    class TestEmail(ChannelContract):
        channel = EmailChannel()
        samples = (b"From: …",)
        address = "Kim@Example.org"
        bad_addresses = ("kim at example",)
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import random
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from gensvar.contract.channel import Channel
from gensvar.contract.errors import ChannelError, Unreadable, Unsupported
from gensvar.contract.settings import settings_of
from gensvar.contract.values import Capabilities, File, Incoming, Kind, Outgoing, Party, Problem, Sent

TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcd"
ENDLESS = 100_000  # characters: more than anybody writes
SENT_AT = dt.datetime(2026, 2, 3, 9, 30, tzinfo=dt.UTC)


def outgoing(recipient: str | Party = "kim.ek@example.org", **changes: Any) -> Outgoing:
    """A word as the outbox would give it, with any field changed."""
    word = Outgoing(
        recipient=Party(recipient, "Kim Ek") if isinstance(recipient, str) else recipient,
        sender_name="Åsa Berg, Gata & park",
        sender_address="gata.park@example.org",
        subject="Snöröjning på Björkvägen",
        text="Hej Kim\n\nPlogbilen kommer i morgon.\n\n-- \nÅsa Berg\nGata & park",
        message_id=f"{TOKEN}.1@example.org",
        reply_token=TOKEN,
        bounce_token=TOKEN[::-1],
        language="sv",
        private_link="https://example.org/p/" + TOKEN,
        sent_at=SENT_AT,
    )
    return dataclasses.replace(word, **changes)


@dataclass(frozen=True)
class MemorySettings:
    """What a contact point of the channel in memory may say."""

    note: str = ""


@dataclass
class MemoryChannel:
    """A channel without a world: words are JSON (sender, text, subject), sent ones stay in `sent`.

    `trouble` is raised by the next sending instead, and then forgotten.
    """

    sent: list[tuple[bytes, Outgoing]] = field(default_factory=list)
    trouble: ChannelError | None = None

    name: ClassVar[str] = "memory"
    icon: ClassVar[str] = "folder"
    capabilities: ClassVar[Capabilities] = Capabilities(writes_first=True, max_characters=10_000)
    Settings: ClassVar[type[MemorySettings]] = MemorySettings

    def label(self) -> str:
        """A name for lists."""
        return "Memory"

    def parse(self, raw: bytes) -> Incoming:
        """JSON with `sender` and `text`, perhaps `subject`. Raises Unreadable."""
        try:
            said = json.loads(raw)
            sender, text, subject = str(said["sender"]), str(said["text"]), str(said.get("subject", ""))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Unreadable("These bytes are no word of the channel in memory.") from error
        if not text.strip():
            raise Unreadable("There is no text in it.")
        return Incoming(sender=Party(sender.strip().lower()), text=_tidy(text), subject=_tidy(subject))

    def normalise(self, address: str) -> str:
        """Lower case, one word. Raises ValueError."""
        address = address.strip().lower()
        if not address or re.search(r"[\s\x00-\x1f]", address):
            raise ValueError("An address of the channel in memory is one word.")
        return address

    def compose(self, word: Outgoing, settings: MemorySettings) -> bytes:
        """JSON of what is said. Raises Unsupported for files and for too long a text."""
        longest = self.capabilities.max_characters
        if word.files:
            raise Unsupported("The channel in memory carries no files.")
        if longest is not None and len(word.text) > longest:
            raise Unsupported("The text is too long for the channel in memory.")
        said = {"to": word.recipient.address, "subject": word.subject, "text": word.text}
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()

    def send(self, composed: bytes, word: Outgoing, settings: MemorySettings) -> Sent:
        """Keep it in `sent`, or raise the trouble that was set."""
        trouble, self.trouble = self.trouble, None
        if trouble is not None:
            raise trouble
        self.sent.append((composed, word))
        return Sent(reference=f"memory {len(self.sent)}")

    def check(self, settings: MemorySettings) -> list[Problem]:
        """Nothing can be wrong."""
        return []


def _tidy(text: str) -> str:
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", text.replace("\r\n", "\n"))


def texts_of(word: Incoming) -> list[str]:
    """Every string that the database would store of a word."""
    parties = [word.sender, *word.to, *word.cc, *word.reply_to]
    found = [word.text, word.subject, word.quoted, word.html, word.message_id, word.language]
    found += [*word.references, *word.tokens, *word.marks]
    found += [text for party in parties for text in (party.address, party.name, party.written)]
    found += [text for file in word.files for text in (file.filename, file.content_type, file.content_id)]
    found += [
        text for report in word.reports for text in (report.recipient, report.status, report.diagnostic)
    ]
    found += [word.wishes.phone, word.wishes.postal_address, word.wishes.place]
    return found


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """The same bytes with a few of the faults that the world makes: flips, cuts, lines doubled, lost, or changed places."""
    kind = chance.randrange(7)
    lines = raw.split(b"\n")
    place = chance.randrange(len(lines))
    if kind == 0:
        data = bytearray(raw)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data)
    if kind == 1:
        return raw[: chance.randrange(len(raw) + 1)]
    if kind == 2:
        return b"\n".join([*lines[:place], *lines[place : place + 3], *lines[place:]])
    if kind == 3:
        return b"\n".join([*lines[:place], *lines[place + chance.randint(1, 5) :]])
    if kind == 4:
        other = chance.randrange(len(lines))
        lines[place], lines[other] = lines[other], lines[place]
        return b"\n".join(lines)
    if kind == 5:
        at = chance.randrange(len(raw) + 1)
        return raw[:at] + bytes(chance.randrange(256) for _ in range(chance.randint(1, 50))) + raw[at:]
    return raw[chance.randrange(len(raw)) :]


def check_storable(word: Incoming) -> None:
    """Fails where a word holds what no database or screen should meet."""
    for text in texts_of(word):
        assert "\x00" not in text
        assert not re.search("[\ud800-\udfff]", text), "a lone surrogate cannot be written as UTF-8"
    for one_line in (
        word.subject,
        word.sender.name,
        word.sender.address,
        *(file.filename for file in word.files),
    ):
        assert not re.search(r"[\r\n]", one_line)
    for file in word.files:
        assert file.filename
        assert not re.search(r"[/\\\x00-\x1f\u202a-\u202e\u2066-\u2069]", file.filename)
        assert file.filename not in (".", "..")
        assert file.role in ("attachment", "alternative", "original")
    assert "\r" not in word.text
    assert isinstance(word.kind, Kind)
    assert word.sent_at is None or word.sent_at.utcoffset() == dt.timedelta()


class ChannelContract:
    """What every channel keeps. Inherit it, name the class `Test…`, and set the attributes below."""

    channel: ClassVar[Channel]
    samples: ClassVar[tuple[bytes, ...]] = ()  # words that can be read
    address: ClassVar[str] = ""  # an address of the channel; empty where it has none
    bad_addresses: ClassVar[tuple[str, ...]] = ()
    mutations: ClassVar[int] = 100

    @pytest.fixture
    def settings_of_place(self) -> Any:
        """A contact point's settings as they are before anybody edits them."""
        return self.channel.Settings()

    def word(self, **changes: Any) -> Outgoing:
        """A word that the channel can send; override where its addresses look different."""
        return outgoing(self.address or "kim.ek@example.org", **changes)

    def test_it_keeps_the_protocol(self) -> None:
        assert isinstance(self.channel, Channel)
        assert re.fullmatch(r"[a-z][a-z0-9_]{1,29}", self.channel.name)
        assert self.channel.icon
        assert self.channel.label().strip()

    def test_its_settings_are_a_frozen_dataclass_that_stands_on_a_contact_point(self) -> None:
        made = self.channel.Settings()
        assert dataclasses.is_dataclass(made)
        assert not isinstance(made, type)
        assert self.channel.Settings.__dataclass_params__.frozen
        stored = json.loads(json.dumps(dataclasses.asdict(made)))
        assert self.channel.Settings(**stored) == made

    def test_every_setting_can_be_edited_on_the_generic_page(self) -> None:
        for one in settings_of(self.channel.Settings):
            assert str(one.label).strip()
            assert not one.choices or one.default in [value for value, _words in one.choices] or one.optional
            assert not one.secret or one.kind is str

    def test_reading_is_pure(self) -> None:
        for raw in self.samples:
            assert self.channel.parse(raw) == self.channel.parse(raw)

    def test_what_it_reads_can_be_stored(self) -> None:
        for raw in self.samples:
            check_storable(self.channel.parse(raw))

    def test_no_bytes_raise_anything_but_unreadable(self) -> None:
        chance = random.Random(20260203)
        cases = [b"", b"\x00", b"\xff" * 100, b"\n" * 100, bytes(range(256)) * 4]
        for raw in self.samples:
            cases += [mutated(raw, chance) for _ in range(self.mutations) if raw]
        for raw in cases:
            with contextlib.suppress(Unreadable):
                check_storable(self.channel.parse(raw))

    def test_the_normal_form_of_an_address_is_its_own_normal_form(self) -> None:
        if self.address:
            normal = self.channel.normalise(self.address)
            assert self.channel.normalise(normal) == normal

    def test_a_bad_address_is_refused_with_a_reason(self) -> None:
        for bad in self.bad_addresses:
            with pytest.raises(ValueError, match=r"\w"):
                self.channel.normalise(bad)

    def test_the_same_word_is_composed_to_the_same_bytes(self, settings_of_place: Any) -> None:
        if not self.channel.capabilities.answers:
            pytest.skip("this channel does not answer")
        first = self.channel.compose(self.word(), settings_of_place)
        assert isinstance(first, bytes)
        assert first
        assert self.channel.compose(self.word(), settings_of_place) == first

    def test_files_are_carried_or_refused_never_dropped(self, settings_of_place: Any) -> None:
        if not self.channel.capabilities.answers:
            pytest.skip("this channel does not answer")
        word = self.word(files=(File("karta.txt", "text/plain", b"Hit ska plogen"),))
        if self.channel.capabilities.files:
            without = self.channel.compose(self.word(), settings_of_place)
            assert self.channel.compose(word, settings_of_place) != without
        else:
            with pytest.raises(Unsupported):
                self.channel.compose(word, settings_of_place)

    def test_a_text_over_its_limit_is_refused_never_cut(self, settings_of_place: Any) -> None:
        longest = self.channel.capabilities.max_characters
        if not self.channel.capabilities.answers:
            pytest.skip("this channel does not answer")
        if longest is None:
            assert len(self.channel.compose(self.word(text="å" * ENDLESS), settings_of_place)) >= ENDLESS
            return
        with pytest.raises(Unsupported):
            self.channel.compose(self.word(text="å" * (longest + 1)), settings_of_place)
