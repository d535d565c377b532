"""A page with somebody else: an address in one form, and a clear refusal of all words."""

from __future__ import annotations

import pytest

from gensvar.channels.elsewhere.channel import ElsewhereChannel, ElsewhereSettings
from gensvar.contract.errors import Unreadable, Unsupported
from gensvar.contract.testing import ChannelContract, outgoing


class TestElsewhere(ChannelContract):
    channel = ElsewhereChannel()
    address = "HTTPS://Social.Example/@Norrvik#top"
    bad_addresses = (
        "social.example",
        "ftp://social.example/",
        "javascript:alert(1)",
        "https://",
        "https://[",
        "https://me:secret@social.example/",
        "https://social.example/" + "a" * 254,
        "https://social.example/a b",
    )

    def test_the_host_is_in_lower_case_and_the_rest_as_it_is(self) -> None:
        assert self.channel.normalise(self.address) == "https://social.example/@Norrvik"

    def test_no_words_come_or_go(self) -> None:
        with pytest.raises(Unreadable):
            self.channel.parse(b"Hej")
        with pytest.raises(Unsupported):
            self.channel.compose(outgoing(), ElsewhereSettings())
        with pytest.raises(Unsupported):
            self.channel.send(b"Hej", outgoing(), ElsewhereSettings())
