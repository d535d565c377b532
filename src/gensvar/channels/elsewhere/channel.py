"""A page with somebody else, such as in a social medium: listed, linked and looked after, but no words come or go by it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.contract.errors import Unreadable, Unsupported
from gensvar.contract.values import Capabilities, Incoming, Names, Outgoing, Problem, Sent

LONGEST = 254  # characters, as a contact point stores it


@dataclass(frozen=True)
class ElsewhereSettings:
    """Nothing to set: what such a place is, its contact point says."""


class ElsewhereChannel:
    """A place whose words stay where they are; somebody looks there each working day."""

    name: ClassVar[str] = "elsewhere"
    icon: ClassVar[str] = "globe"
    capabilities: ClassVar[Capabilities] = Capabilities(receives=False, answers=False)
    names: ClassVar[Names] = Names(place=gettext_lazy("Page with somebody else"))
    Settings: ClassVar[type[ElsewhereSettings]] = ElsewhereSettings

    def label(self) -> str:
        """The channel's name in the reader's language."""
        return _("Page with somebody else")

    def parse(self, raw: bytes) -> Incoming:
        """Nothing comes in by it. Raises Unreadable."""
        raise Unreadable(_("No words come in from a page with somebody else."))

    def normalise(self, address: str) -> str:
        """The address of the page, its host in lower case, without a fragment. Raises ValueError."""
        try:
            parts = urlsplit(address.strip())
            host = parts.hostname or ""
        except ValueError:
            host = ""
        if not host or parts.scheme.lower() not in {"https", "http"} or parts.username is not None:
            raise ValueError(
                _("Write the whole address of the page, such as https://social.example/@norrvik.")
            )
        made = parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), fragment="").geturl()
        if len(made) > LONGEST or not made.isprintable() or " " in made:
            raise ValueError(_("The address of a page is at most 254 characters long, without spaces."))
        return made

    def compose(self, word: Outgoing, settings: ElsewhereSettings) -> bytes:
        """Nothing goes out by it. Raises Unsupported."""
        raise Unsupported(_("Answers to what is written there are written there."))

    def send(self, composed: bytes, word: Outgoing, settings: ElsewhereSettings) -> Sent:
        """Nothing goes out by it. Raises Unsupported."""
        raise Unsupported(_("Answers to what is written there are written there."))

    def check(self, settings: ElsewhereSettings) -> list[Problem]:
        """Whether the page is there and still ours is seen by the check of links."""
        return []
