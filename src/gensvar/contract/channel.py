"""The Channel protocol: one class in one folder, and the registry that finds them by entry points."""

from __future__ import annotations

import functools
from importlib.metadata import entry_points
from typing import Any, ClassVar, Protocol, runtime_checkable

from gensvar.contract.values import Capabilities, Incoming, Outgoing, Problem, Sent

ENTRY_POINT_GROUP = "gensvar.channels"


@runtime_checkable
class Channel(Protocol):
    """A form in which words come and go. `Settings` is a frozen dataclass; its values are stored on the contact point.

    One generic page edits it: `contract.settings.setting` gives a field its words, its choices, or makes it a secret,
    and `BadSetting`, raised by `__post_init__`, names the field that cannot be.
    """

    name: ClassVar[str]  # "email"; stored on contact points, never changed
    icon: ClassVar[str]  # a Wagtail icon name
    capabilities: ClassVar[Capabilities]
    Settings: ClassVar[type[Any]]

    def label(self) -> str:
        """The channel's name in the reader's language."""
        ...

    def parse(self, raw: bytes) -> Incoming:
        """Read bytes into a value: pure, no clock, no network, no database.

        Raises Unreadable where not even a sender or a text can be made out.
        """
        ...

    def normalise(self, address: str) -> str:
        """The one form under which an address of this channel is stored and compared. Raises ValueError for a bad one."""
        ...

    def compose(self, word: Outgoing, settings: Any) -> bytes:
        """The bytes that will be sent: pure, and the same for the same word. Raises Unsupported."""
        ...

    def send(self, composed: bytes, word: Outgoing, settings: Any) -> Sent:
        """Hand the bytes over; called outside any transaction. Raises TryLater, Permanent."""
        ...

    def check(self, settings: Any) -> list[Problem]:
        """What is not well with these settings, without changing anything."""
        ...


def installed() -> list[str]:
    """The names of all installed channels, without loading any of them."""
    return sorted({point.name for point in entry_points(group=ENTRY_POINT_GROUP)})


def channels() -> dict[str, Channel]:
    """Every installed channel by name, from the entry points of all installed packages."""
    return {name: channel(name) for name in installed()}


@functools.cache
def channel(name: str) -> Channel:
    """The channel of that name; one that cannot be loaded does not take the others with it.

    Raises LookupError, with the names that are installed, where there is none of that name.
    """
    found = tuple(entry_points(group=ENTRY_POINT_GROUP, name=name))
    if not found:
        known = ", ".join(installed()) or "none"
        raise LookupError(f"There is no channel “{name}” installed (installed: {known}).")
    made: Channel = found[0].load()()
    return made
