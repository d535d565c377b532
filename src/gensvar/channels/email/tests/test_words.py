"""What the channels say to people is said in their language."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from gensvar.contract.channel import channel


@pytest.mark.parametrize(
    ("language", "mail", "form"), [("sv", "E-post", "Webbformulär"), ("en", "E-mail", "Web form")]
)
def test_channels_are_named_in_the_readers_language(language: str, mail: str, form: str) -> None:
    with override(language):
        assert (channel("email").label(), channel("web").label()) == (mail, form)


def test_a_bad_address_is_explained_in_swedish() -> None:
    with override("sv"), pytest.raises(ValueError, match="ingen e-postadress"):
        channel("email").normalise("kim")
