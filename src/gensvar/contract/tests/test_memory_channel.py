"""The channel in memory keeps the contract that it ships with."""

from __future__ import annotations

import json

import pytest

from gensvar.contract.channel import channel
from gensvar.contract.errors import TryLater
from gensvar.contract.testing import ChannelContract, MemoryChannel, MemorySettings, mutated, outgoing


def raw(**fields: str) -> bytes:
    return json.dumps({"sender": "Kim", "text": "Hej"} | fields).encode()


class TestMemoryChannel(ChannelContract):
    channel = MemoryChannel()
    samples = (raw(), raw(text="Plogen\nkom inte", subject="Snö"))
    address = "Kim"
    bad_addresses = ("", "två ord")


def test_a_word_is_read_back() -> None:
    word = MemoryChannel().parse(raw(subject="Snö"))
    assert (word.sender.address, word.text, word.subject) == ("kim", "Hej", "Snö")


def test_sent_words_stay_to_be_looked_at() -> None:
    memory, word = MemoryChannel(), outgoing("kim")
    composed = memory.compose(word, MemorySettings())
    assert memory.send(composed, word, MemorySettings()).reference == "memory 1"
    assert memory.sent == [(composed, word)]


def test_trouble_is_raised_once() -> None:
    memory = MemoryChannel(trouble=TryLater("The line is down."))
    with pytest.raises(TryLater, match="line is down"):
        memory.send(b"", outgoing("kim"), MemorySettings())
    assert memory.send(b"", outgoing("kim"), MemorySettings()).reference


def test_an_unknown_channel_is_named_beside_those_that_are_installed() -> None:
    with pytest.raises(LookupError, match=r"pigeon.*email"):
        channel("pigeon")


def test_mutations_are_the_same_for_the_same_chance() -> None:
    import random

    assert mutated(raw(), random.Random(1)) == mutated(raw(), random.Random(1))
